/// Where programs that send over the network take credentials.
internal enum Credentials {
    /// Names under which services want credentials in a form or in JSON.
    static let names: Set = [
        "password", "client_secret", "api_key", "key", "token", "access_token", "refresh_token",
    ]

    /// A request's arguments without the secrets that stand under such a name in its body, where it goes over https.
    static func withoutFields(_ arguments: [Value]) -> [Value] {
        let texts = arguments.map(\.leadingText)
        let isQuery = texts.contains { text in
            text == "--get" || text.hasPrefix("--url-query")
                || (text.hasPrefix("-") && !text.hasPrefix("--") && text.contains("G"))
        }
        guard !isQuery, texts.contains(where: { $0.hasPrefix("https://") }),
            !texts.contains(where: { $0.hasPrefix("http://") })
        else { return arguments }
        return arguments.map { $0.leadingText.contains("://") ? $0 : withoutFields($0) }
    }

    private static func withoutFields(_ value: Value) -> Value {
        var before = ""
        return Value(
            value.pieces.filter { piece in
                switch piece {
                case .text(let bytes, _, _):
                    before += String(decoding: bytes, as: UTF8.self)
                    return true
                case .secret(let taint):
                    let isField = taint.form == .plain && endsInName(before)
                    before = ""
                    return !isField
                case .file, .unknown, .names:
                    before = ""
                    return true
                }
            })
    }

    /// Whether `name=` or `"name": "` stands at the end of a text.
    private static func endsInName(_ text: String) -> Bool {
        func isPart(_ character: Character) -> Bool {
            character.isLetter || character.isNumber || character == "_" || character == "-"
        }
        func word(_ text: some BidirectionalCollection<Character>) -> (name: String, before: Character?) {
            let name = String(text.reversed().prefix(while: isPart).reversed())
            return (name, text.dropLast(name.count).last)
        }
        if text.hasSuffix("=") {
            let (name, before) = word(text.dropLast())
            return names.contains(name) && (before == nil || before == "&" || before == "=")
        }
        let characters = text.filter { !$0.isWhitespace }
        guard characters.hasSuffix("\":\"") else { return false }
        let (name, before) = word(characters.dropLast(3))
        return names.contains(name) && before == "\""
    }

    private static let options: Set = [
        "-H", "--header", "-rpc-header", "-reflect-header", "-P", "--pw", "-u", "--username", "--basic-auth",
    ]

    /// The arguments of a program without the values of its options for credentials.
    static func withoutOptions(_ program: String, _ arguments: [Value]) -> [Value] {
        guard ["grpcurl", "websocat", "mosquitto_pub", "rclone"].contains(program) else { return arguments }
        var kept: [Value] = []
        var isValue = false
        for argument in arguments {
            let text = argument.leadingText
            let option = String(text.prefix { $0 != "=" })
            let isOption =
                program == "rclone"
                ? option.hasPrefix("--") && ["secret", "key", "pass", "token"].contains(where: option.contains)
                : options.contains(option)
            if !isValue, !isOption { kept.append(argument) }
            isValue = !isValue && isOption && argument.text == option
        }
        return kept
    }
}
