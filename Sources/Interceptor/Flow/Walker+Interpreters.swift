extension Walker {
    private static let shells: Set = [
        "sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", "rbash", "yash", "posh", "osh", "ysh",
    ]

    /// Shells and interpreters of languages; `nil` where the program is none of them.
    mutating func interpreted(_ name: String, _ word: Value, _ arguments: [Value], _ stdin: Value) -> Value? {
        if Self.shells.contains(name) { return shell(name, word, arguments, stdin) }
        if name == "cmake" || name == "sqlite3" { return nil }
        guard let language = CodeLanguage(program: name) else { return nil }
        return language == .awk ? awk(arguments, stdin) : interpreter(language, arguments, stdin)
    }

    private mutating func shell(_ name: String, _ word: Value, _ arguments: [Value], _ stdin: Value) -> Value {
        let wasFish = isFish
        isFish = name == "fish"
        defer { isFish = wasFish }
        let rest = traceOptions(arguments)
        let options = arguments.dropLast(rest.count).compactMap(\.text)
        let takesScript =
            options.contains { $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.contains("c") }
            || options.contains("--command")
        if takesScript {
            guard let script = rest.first else { return Value() }
            let positional = rest.count > 1 ? Array(rest[1...]) : [word]
            return nested { $0.runScript(script, positional: positional, stdin: stdin) }
        }
        if let file = rest.first, file.text != "-", file.text != "/dev/stdin", !options.contains("-s") {
            return nested { $0.runScript(file.fileContent, positional: rest, stdin: stdin) }
        }
        return nested { $0.runScript(stdin, positional: [word]) }
    }

    private mutating func interpreter(_ language: CodeLanguage, _ arguments: [Value], _ stdin: Value) -> Value {
        var output = Value()
        var hasCode = false
        var index = 0
        var data: [Value] = []
        if language == .php, arguments.first?.text == "-i" || arguments.first?.text == "--info" {
            return environment(at: arguments[0].place)
        }
        while index < arguments.count {
            let argument = arguments[index]
            let text = argument.text ?? argument.leadingText
            index += 1
            if let code = codeOption(text, language) {
                hasCode = true
                if index < arguments.count, code.isNextWord {
                    output =
                        output
                        + read(
                            arguments[index], language, printsValue: code.printsValue,
                            data: Array(arguments[(index + 1)...]) + [stdin])
                    index += 1
                } else if let length = code.length {
                    output =
                        output + read(argument.dropping(length), language, printsValue: code.printsValue, data: [stdin])
                }
            } else if !text.hasPrefix("-") {
                data = Array(arguments[index...])
                if hasCode { break }
                // A file of the project, of which nothing is known.
                if !argument.fileContent.pieces.isEmpty {
                    return output + read(argument.fileContent, language, printsValue: false, data: data)
                }
                return output
            } else if text == "-" {
                break
            }
        }
        guard !hasCode else { return output }
        return output + read(stdin, language, printsValue: false, data: data)
    }

    /// Whether a word is an option for code, and where the code is.
    private func codeOption(_ text: String, _ language: CodeLanguage) -> (
        printsValue: Bool, isNextWord: Bool, length: Int?
    )? {
        if let printsValue = language.codeOptions[text] { return (printsValue, true, nil) }
        for (option, printsValue) in language.codeOptions where option.hasPrefix("--") && text.hasPrefix(option + "=") {
            return (printsValue, false, option.utf8.count + 1)
        }
        guard text.hasPrefix("-"), !text.hasPrefix("--"), text.count > 2 else { return nil }
        // Letters written together, the last of which takes the code: -ne, -lane, -Ic.
        let last = "-" + text.suffix(1)
        if let printsValue = language.codeOptions[last], text.dropFirst().allSatisfy(\.isLetter) {
            let prints =
                printsValue || (language == .javascript && text.contains("p"))
                || text.contains("p") && language != .python
            return (prints, true, nil)
        }
        return nil
    }

    private mutating func awk(_ arguments: [Value], _ stdin: Value) -> Value {
        var program: Value?
        var data: [Value] = [stdin]
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            let text = argument.leadingText
            index += 1
            if program == nil, text.hasPrefix("-"), text.count > 1 {
                if text == "-f" || text.hasPrefix("-f") || text == "--file" { return stdin.changed }
                if ["-v", "-F", "--assign", "--field-separator"].contains(text), index < arguments.count {
                    data.append(arguments[index])
                    index += 1
                } else {
                    data.append(argument)
                }
            } else if program == nil {
                program = argument
            } else {
                data.append(argument)
            }
        }
        guard let program else { return Value() }
        if EnvironmentFilter.isFirstField(program.text, separators: arguments) { return stdin.environmentNames }
        return read(program, .awk, printsValue: false, data: data)
    }

    /// Looks at code, with the data that is given to it.
    private mutating func read(_ code: Value, _ language: CodeLanguage, printsValue: Bool, data: [Value]) -> Value {
        var source = SourceText()
        var secrets: [Value.Taint] = []
        for piece in code.pieces {
            switch piece {
            case .text(let bytes, let place, _): source.append(bytes, from: place)
            case .secret(let taint):
                let mark = String(UnicodeScalar(CodeLexer.mark))
                source.append(Array("\(mark)\(secrets.count)\(mark)".utf8), from: taint.place, asWhole: true)
                secrets.append(taint)
            case .file, .unknown, .names:
                source.append([UInt8(ascii: "0")], from: code.place ?? Place(argument: 0, range: 0..<0), asWhole: true)
            }
        }
        guard !source.bytes.isEmpty else { return Value() }
        var reader = CodeReader(source, secrets: secrets, language: language, printsValue: printsValue)
        let output = reader.read(&self)
        // What is given as data may be printed, where anything is.
        let given = data.reduce(Value()) { $0 + $1.changed }
        guard given.isTainted else { return output }
        let isPrinting = reader.tokens.contains {
            CodeNames.printing.contains($0.text) || CodeNames.logging.contains($0.text) || $0.text == "write"
        }
        return isPrinting || printsValue ? output + given : output
    }
}
