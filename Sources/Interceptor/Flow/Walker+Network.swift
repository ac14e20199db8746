extension Walker {
    /// Programs that send over the network; `nil` where the program is none of them.
    mutating func networked(_ name: String, _ word: Value, _ arguments: [Value], _ stdin: Value) -> Value? {
        switch name {
        case "curl", "wget", "xh", "http", "https", "httpie", "curlie", "hurl", "aria2c", "lynx", "links", "w3m", "ab",
            "wrk":
            request(name, arguments, stdin)
            return Value()
        case "nc", "ncat", "netcat", "socat", "telnet", "ftp", "tftp", "websocat", "grpcurl", "mosquitto_pub", "mail",
            "mailx", "sendmail", "mutt",
            "msmtp", "swaks", "xdg-open", "gsutil", "rclone", "transfer", "croc", "wormhole":
            for argument in Credentials.withoutOptions(name, arguments) { send(argument) }
            find(.sendVariable, in: stdin)
            return Value()
        case "dig", "nslookup", "host", "drill", "kdig", "ping", "ping6", "getent", "traceroute", "whois", "resolvectl",
            "delv", "fping",
            "hping3", "mtr", "tracepath":
            for argument in arguments { send(argument) }
            return Value()
        case "ssh", "autossh", "mosh": return remote(arguments, stdin)
        case "scp", "sftp", "rsync":
            for argument in arguments where argument.taints.isEmpty == false && !argument.beginsTainted {
                send(argument)
            }
            for argument in arguments { find(.sendVariable, in: argument.fileContent + secretFiles(argument)) }
            return Value()
        case "aws", "gcloud", "az", "s3cmd":
            if arguments.contains(where: { $0.text == "-" }) { find(.sendVariable, in: stdin) }
            let verbs = arguments.prefix(3).compactMap(\.text)
            if verbs.contains("s3") || verbs.contains("sns") || verbs.contains("sqs") || verbs.contains("storage") {
                for argument in arguments { send(argument) }
            }
            return Value()
        case "gh", "glab", "hub":
            let verb = arguments.first?.text ?? ""
            if ["issue", "pr", "gist", "release", "mr", "snippet", "api"].contains(verb) {
                for argument in arguments where !argument.leadingText.lowercased().hasPrefix("authorization:") {
                    send(argument)
                }
                find(.sendVariable, in: stdin)
            }
            return Value()
        case "openssl" where arguments.first?.text == "s_client":
            find(.sendVariable, in: stdin)
            return Value()
        default: return nil
        }
    }

    /// Notes every secret in an argument, and in the files that it names.
    private mutating func send(_ argument: Value) {
        find(.sendVariable, in: argument)
        find(.sendVariable, in: argument.fileContent)
    }

    private mutating func remote(_ arguments: [Value], _ stdin: Value) -> Value {
        let valued: Set = [
            "-i", "-p", "-o", "-l", "-F", "-J", "-L", "-R", "-D", "-E", "-c", "-b", "-m", "-S", "-W", "-w",
        ]
        var index = 0
        while index < arguments.count, arguments[index].leadingText.hasPrefix("-") {
            index += arguments[index].text.map(valued.contains) == true ? 2 : 1
        }
        // The host itself may be what is secret; the command behind it goes to the other side.
        for argument in arguments.dropFirst(index + 1) { send(argument) }
        find(.sendVariable, in: stdin)
        return Value()
    }

    /// Options of curl and wget whose value is a credential, or never leaves.
    private static let credentials: Set = [
        "-H", "--header", "--proxy-header", "-u", "--user", "-U", "--proxy-user", "--oauth2-bearer", "-b", "--cookie",
        "-E", "--cert",
        "--key", "--pass", "--cacert", "--capath", "--proxy-pass", "--tlspassword", "--tlsuser", "--aws-sigv4",
        "--password", "--http-password", "--http-user", "--proxy-password", "--ftp-password", "--ftp-user",
        "-o", "--output", "-a", "--auth", "-x", "--proxy", "--connect-to", "--resolve", "-m", "--max-time", "-w",
        "--write-out",
        "-c", "--cookie-jar", "-K", "--config", "--netrc-file", "--preproxy", "--socks5", "--delegation",
        "--service-name",
    ]
    /// Options whose value is sent.
    private static let bodies: Set = [
        "-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--data-urlencode", "--json", "-F", "--form",
        "--form-string",
        "-T", "--upload-file", "-A", "--user-agent", "-e", "--referer", "-Q", "--quote", "--url-query", "--post-data",
        "--post-file",
        "--body-data", "--body-file", "--request-target", "-t", "--telnet-option", "-X", "--request", "--mail-from",
        "--mail-rcpt", "-D", "--raw",
    ]

    private mutating func request(_ name: String, _ arguments: [Value], _ stdin: Value) {
        let isHTTPie = ["http", "https", "xh", "httpie"].contains(name)
        let isWget = name == "wget"
        let arguments = Credentials.withoutFields(arguments)
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            let text = argument.text ?? argument.leadingText
            index += 1
            if text.hasPrefix("--") {
                let (option, hasValue) = Self.split(text)
                let isCredential = Self.credentials.contains(option) || (isWget && option == "--use-askpass")
                let isBody = Self.bodies.contains(option)
                var value = argument.dropping(hasValue ? option.utf8.count + 1 : text.utf8.count)
                if !hasValue, isCredential || isBody, index < arguments.count {
                    value = arguments[index]
                    index += 1
                }
                if option == "--url" || (!isCredential && !isBody) {
                    checkURL(option == "--url" && !hasValue && index < arguments.count ? arguments[index] : value)
                } else if isBody {
                    body(value, stdin)
                }
            } else if text.hasPrefix("-"), text.count > 1 {
                letters(argument, text, arguments, &index, stdin, isWget)
            } else if isHTTPie {
                item(argument)
            } else {
                checkURL(argument)
            }
        }
        if isHTTPie { find(.sendVariable, in: stdin) }
    }

    private static func split(_ text: String) -> (option: String, hasValue: Bool) {
        guard let equals = text.firstIndex(of: "=") else { return (text, false) }
        return (String(text[..<equals]), true)
    }

    /// Options of one letter, perhaps written together, the last with its value.
    private mutating func letters(
        _ argument: Value, _ text: String, _ arguments: [Value], _ index: inout Int, _ stdin: Value, _ isWget: Bool
    ) {
        var offset = 1
        for letter in text.dropFirst() {
            offset += letter.utf8.count
            let option = "-\(letter)"
            let isBody = Self.bodies.contains(option) || (isWget && letter == "U")
            let isCredential = Self.credentials.contains(option) && !isBody
            guard isBody || isCredential else { continue }
            // wget's -e, -d and others mean something else and take no data.
            if isWget, !["-U", "-o", "-a"].contains(option) { return }
            var value = argument.dropping(offset)
            if value.pieces.isEmpty, index < arguments.count {
                value = arguments[index]
                index += 1
            }
            if isBody { body(value, stdin) }
            return
        }
    }

    private mutating func body(_ value: Value, _ stdin: Value) {
        send(value)
        let text = value.text ?? value.leadingText
        let sign = text.utf8.firstIndex(of: UInt8(ascii: "@")).map { text.utf8.distance(from: text.startIndex, to: $0) }
        find(.sendVariable, in: secretFiles(value.dropping(sign.map { $0 + 1 } ?? 0)))
        if text == "-" || text == "." || text.hasSuffix("@-") || text.hasSuffix("@/dev/stdin") {
            find(.sendVariable, in: stdin)
        }
    }

    /// An item of httpie: `Header:value` is a header; `name=value` and its like are sent.
    private mutating func item(_ argument: Value) {
        let text = argument.leadingText
        let sign = text.firstIndex { ":=@".contains($0) }
        if let sign, text[sign] == ":", !text[sign...].hasPrefix(":="), !text[sign...].hasPrefix("://") { return }
        checkURL(argument)
    }

    /// Notes secrets in a URL, but not where its user stands, nor where the URL is the secret.
    private mutating func checkURL(_ url: Value) {
        guard url.isTainted else { return }
        find(.sendVariable, in: url.fileContent)
        if case .secret(let first)? = url.pieces.first, first.form == .plain {
            find(.sendVariable, in: Value(Array(url.pieces.dropFirst())))
            return
        }
        // Everything up to the @ in front of the path is the user's.
        var isUser = url.leadingText.contains("://")
        var user: [Value.Taint] = []
        var schemeLeft = isUser
        for piece in url.pieces {
            switch piece {
            case .secret(let taint):
                if isUser { user.append(taint) } else { find(.sendVariable, taint.place, secret: taint.secret) }
            case .text(let bytes, _, _):
                var text = String(decoding: bytes, as: UTF8.self)[...]
                if schemeLeft, let scheme = text.firstRange(of: "://") {
                    text = text[scheme.upperBound...]
                    schemeLeft = false
                }
                guard isUser, let sign = text.firstIndex(where: { "@/?#".contains($0) }) else { continue }
                isUser = false
                if text[sign] == "@" { user = [] }
            case .file, .unknown, .names: continue
            }
        }
        for taint in user { find(.sendVariable, taint.place, secret: taint.secret) }
    }
}

extension Value {
    /// Whether it begins with a secret.
    fileprivate var beginsTainted: Bool {
        if case .secret? = pieces.first { true } else { false }
    }
}
