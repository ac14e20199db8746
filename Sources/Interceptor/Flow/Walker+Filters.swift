extension Walker {
    /// Programs that print their arguments.
    private static let printers: Set = [
        "echo", "print", "yes", "figlet", "cowsay", "toilet", "banner", "wall", "logger", "notify-send",
    ]
    /// Programs that pass on what they read as it is.
    private static let passers: Set = [
        "cat", "tac", "less", "more", "most", "sort", "uniq", "nl", "pv", "sponge", "bat", "batcat", "column", "ts",
        "unbuffer",
    ]
    /// Programs that pass on a part of what they read, or print it in another form.
    private static let changers: Set = [
        "base64", "base32", "base16", "basenc", "xxd", "od", "hexdump", "hd", "rev", "tr", "cut", "sed", "gsed", "gzip",
        "gunzip", "bzip2", "xz", "lzma", "zstd", "lz4", "brotli", "compress", "md5sum", "sha1sum", "sha224sum",
        "sha256sum", "sha384sum", "sha512sum", "b2sum", "b3sum", "shasum", "md5", "cksum", "sum", "crc32", "fold",
        "fmt",
        "paste", "strings", "uuencode", "iconv", "recode", "wc", "split", "csplit", "head", "tail", "grep", "egrep",
        "fgrep", "rg", "ag", "ack", "comm", "diff", "colordiff", "cmp", "join", "expand", "unexpand", "numfmt", "jq",
        "yq", "gojq",
        "openssl", "argon2", "htpasswd", "expr", "basename", "dirname", "realpath", "factor", "bc", "dc", "pr", "look",
        "qrencode", "rot13", "caesar", "ascii2uni", "uni2ascii", "jo", "vis", "unvis", "url-encode", "urlencode",
    ]

    /// Programs of text; `nil` where the program is none of them.
    mutating func filtered(_ name: String, _ word: Value, _ arguments: [Value], _ stdin: Value) -> Value? {
        if Self.printers.contains(name) {
            return printed(arguments, stdin: name == "logger" || name == "wall" ? stdin : Value())
        }
        if Self.passers.contains(name) {
            if name == "sponge", !arguments.isEmpty { write(stdin) }
            return stdin + contents(arguments)
        }
        if Self.changers.contains(name) { return changed(name, arguments, stdin) }
        switch name {
        case "printf":
            if arguments.first?.text == "-v", arguments.count > 1, let variable = arguments[1].text {
                scope.set(variable, Value.joined(arguments.dropFirst(2)))
                return Value()
            }
            return format(arguments)
        case "tee":
            if arguments.contains(where: { !$0.leadingText.hasPrefix("-") && !Self.isShown($0) }) { write(stdin) }
            return stdin
        case "dd":
            let isFile = arguments.contains { argument in
                let text = argument.leadingText
                return text.hasPrefix("of=") && !["of=/dev/stdout", "of=/dev/null"].contains(text)
            }
            if isFile { write(stdin) }
            return isFile ? Value() : stdin
        case "cp", "mv", "install", "ln", "rsync": return copied(arguments)
        case "tar", "bsdtar", "zip", "7z", "cpio":
            let options = arguments.map(\.leadingText)
            let isPrinted =
                options.contains("-")
                || name.hasSuffix("tar")
                    && !options.enumerated().contains { index, text in
                        text.hasPrefix("--file")
                            || ((index == 0 || text.hasPrefix("-")) && !text.hasPrefix("--") && text.contains("f"))
                    }
            let packed = contents(arguments)
            if !isPrinted { write(packed) }
            return isPrinted ? packed.changed : Value()
        case "ed", "ex", "vim", "vi": return nil
        default: return nil
        }
    }

    private static func isShown(_ value: Value) -> Bool {
        ["/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty"].contains(value.text)
    }

    /// Notes that what is read is written into a file.
    private mutating func write(_ value: Value) { find(.writeVariable, in: value) }

    private func contents(_ arguments: [Value]) -> Value {
        arguments.reduce(Value()) { output, argument in output + argument.fileContent + secretFiles(argument) }
    }

    private func printed(_ arguments: [Value], stdin: Value) -> Value {
        let words = arguments.drop { ["-n", "-e", "-E", "-ne", "-en", "-r", "--", "-rn", "-nr"].contains($0.text) }
        return stdin + Value.joined(words).pathless
    }

    private func format(_ arguments: [Value]) -> Value {
        let words = arguments.drop { $0.text == "--" }
        guard let first = words.first?.text else { return Value.joined(words).pathless }
        let format = first.hasSuffix("\\n") ? String(first.dropLast(2)) : first
        if format == "%s" || format == "%b" { return Value.joined(words.dropFirst()).pathless }
        if !format.contains("%"), !format.contains("\\"), words.count == 1 { return Value.joined(words) }
        let rest = Value.joined(words).pathless
        return Value(rest.pieces + [.unknown])
    }

    private mutating func changed(_ name: String, _ arguments: [Value], _ stdin: Value) -> Value {
        let texts = arguments.map { $0.text ?? "" }
        func has(_ options: String...) -> Bool { texts.contains { options.contains($0) } }
        let read = stdin + contents(arguments)
        switch name {
        case "grep", "egrep", "fgrep", "rg", "ag", "ack":
            let letters = texts.filter { $0.hasPrefix("-") && !$0.hasPrefix("--") }.joined()
            if letters.contains(where: { "qlLc".contains($0) }) || has("--quiet", "--silent", "--count") {
                return Value()
            }
            checkSearch(texts, arguments)
            return (EnvironmentFilter.search(texts, injected) ?? { $0 })(read.changed)
        case "diff", "cmp", "colordiff":
            return has("-q", "--brief", "-s", "--silent", "--quiet") ? Value() : read.changed
        case "sed", "gsed":
            let words = arguments.reduce(Value()) { $0 + Value($1.taints.map { .secret($0) }) }
            let isInPlace = texts.contains {
                $0.hasPrefix("-i") || $0.hasPrefix("--in-place")
                    || ($0.hasPrefix("-") && !$0.hasPrefix("--") && $0.hasSuffix("i"))
            }
            if isInPlace { write(words) }
            return isInPlace ? Value() : (EnvironmentFilter.edit(texts) ?? { $0 })(read.changed) + words
        case "cut": return EnvironmentFilter.isFirstField(texts) ? read.changed.environmentNames : read.changed
        case "wc": return read.changed.environmentNames
        case "jq", "gojq", "yq", "jo": return query(name, arguments, read)
        case "openssl":
            if has("-out") { return Value() }
            return stdin.changed
        case "expr", "basename", "dirname", "realpath", "qrencode":
            return read.changed + arguments.reduce(Value()) { $0 + $1.changed }
        case "gzip", "bzip2", "xz", "zstd", "lz4", "brotli", "split", "csplit": return stdin.changed
        default:
            // What is given as an argument is data for a few, and an option's value for the others.
            return read.changed
        }
    }

    /// Notes a search through all of a process's files.
    private mutating func checkSearch(_ texts: [String], _ arguments: [Value]) {
        let isRecursive = texts.contains {
            $0 == "--recursive" || ($0.hasPrefix("-") && !$0.hasPrefix("--") && ($0.contains("r") || $0.contains("R")))
        }
        guard isRecursive, hasValues else { return }
        for (text, argument) in zip(texts, arguments) where text == "/proc" || text.hasPrefix("/proc/") {
            if text.split(separator: "/").count <= 2, let place = argument.place { find(.readProcEnviron, place) }
        }
    }

    private mutating func query(_ name: String, _ arguments: [Value], _ read: Value) -> Value {
        var output = read.changed
        for argument in arguments {
            output = output + Value(argument.taints.map { .secret($0) })
            guard let place = argument.place, let text = argument.text, !text.hasPrefix("-") else { continue }
            output = output + CodeReader.environmentOfQuery(text, place: place, walker: self)
        }
        let isInPlace = name == "yq" && arguments.contains { ["-i", "--inplace"].contains($0.text) }
        if isInPlace { write(output) }
        return isInPlace ? Value() : output
    }

    private mutating func copied(_ arguments: [Value]) -> Value {
        for argument in arguments {
            find(.writeVariable, in: argument.fileContent + secretFiles(argument))
        }
        return Value()
    }
}

extension Value {
    /// The value where paths of secrets are nothing but text.
    fileprivate var pathless: Value {
        Value(
            pieces.map { piece in
                if case .file = piece { .unknown } else { piece }
            })
    }
}
