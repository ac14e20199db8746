extension Walker {
    /// Looks at a program or built-in with its arguments and gives what it prints.
    mutating func invoke(_ words: [Value], stdin: Value) -> Value {
        guard let first = words.first, countsOn() else { return Value() }
        guard depth < 40 else { return Value() }
        let name = programName(first)
        if let function = scope.functions[name] { return call(function, words, stdin: stdin) }
        if !Self.talkers.contains(name) { for word in words { checkPath(word) } }
        let arguments = Array(words.dropFirst())
        if let output = builtin(name, first, arguments, stdin) { return output }
        if let output = dump(name, first, arguments) { return output }
        if let output = wrapped(name, first, arguments, stdin) { return output }
        if let output = interpreted(name, first, arguments, stdin) { return output }
        if let output = networked(name, first, arguments, stdin) { return output }
        if let output = filtered(name, first, arguments, stdin) { return output }
        return Value()
    }

    /// Programs whose arguments are text and not files.
    private static let talkers: Set = ["echo", "printf", "print", ":", "true", "test", "[", "git", "gh", "export"]

    /// A program's name without its folder.
    private func programName(_ word: Value) -> String {
        for program in ["env", "printenv"] where ProcPath.names(word, program: program) { return program }
        guard let text = word.text else { return "" }
        return text.split(separator: "/").last.map(String.init) ?? ""
    }

    // MARK: - Built-ins of shells

    private mutating func builtin(_ name: String, _ word: Value, _ arguments: [Value], _ stdin: Value) -> Value? {
        switch name {
        case ":", "true", "false", "test", "[", "exit", "return", "break", "continue", "let", "getopts", "umask",
            "ulimit", "wait", "kill", "jobs", "type", "which", "hash", "alias", "unalias", "shopt", "history":
            return Value()
        case "cd", "pushd":
            guard let target = arguments.last else { return Value() }
            let isAbsolute = target.leadingText.hasPrefix("/")
            scope.directory =
                isAbsolute ? target : scope.directory.map { Value.joined([$0]).appending("/", target) }
            return Value()
        case "shift":
            let count = arguments.first?.text.flatMap(Int.init) ?? 1
            scope.positional.removeSubrange(
                min(1, scope.positional.count)..<min(1 + max(0, min(count, 1000)), max(1, scope.positional.count)))
            return Value()
        case "unset":
            for argument in arguments { if let name = argument.text { scope.set(name, Value()) } }
            return Value()
        case "export", "declare", "typeset", "local", "readonly": return declare(name, word, arguments)
        case "set": return set(word, arguments)
        case "read", "mapfile", "readarray":
            for argument in arguments where !argument.leadingText.hasPrefix("-") {
                if let name = argument.text { scope.set(name, stdin.isTainted ? stdin.changed : stdin) }
            }
            return Value()
        case "compgen":
            let kinds = arguments.compactMap(\.text)
            let isListing = kinds.contains { ["-v", "-e", "variable", "export"].contains($0) }
            guard isListing, !environment(at: word.place).pieces.isEmpty, let place = word.place else { return Value() }
            return Value([.names(at: place)])
        case "eval": return runScript(Value.joined(arguments))
        case "trap":
            if let first = arguments.first, arguments.count > 1 { return runScript(first) }
            return Value()
        case ".", "source":
            return arguments.first.map { runScript($0.fileContent, positional: [word] + arguments.dropFirst()) }
        case "command", "builtin":
            if arguments.first?.text?.hasPrefix("-") == true, arguments.first?.text != "-p" { return Value() }
            return invoke(Array(arguments.drop { $0.text == "-p" || $0.text == "--" }), stdin: stdin)
        case "exec":
            var rest = arguments[...]
            while let option = rest.first?.text, option.hasPrefix("-") {
                rest = rest.dropFirst(option == "-a" ? 2 : 1)
            }
            return invoke(Array(rest), stdin: stdin)
        default: return nil
        }
    }

    private mutating func declare(_ name: String, _ word: Value, _ arguments: [Value]) -> Value {
        var options = ""
        var output = Value()
        var hasNames = false
        for argument in arguments {
            let text = argument.leadingText
            if text.hasPrefix("-"), !hasNames {
                options += text.dropFirst()
            } else if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
                hasNames = true
                var variable = String(text[..<equals])
                let isAppended = variable.hasSuffix("+")
                if isAppended { variable.removeLast() }
                scope.set(variable, argument.dropping(text[...equals].utf8.count), isAppended: isAppended)
                if variable == "PS4" { find(.traceShell, in: argument) }
            } else {
                hasNames = true
                if options.contains("p"), let place = argument.place {
                    output = output + environmentVariable(text, at: place)
                }
            }
        }
        let isAboutFunctions = options.contains("f") || options.contains("F")
        guard !hasNames, !isAboutFunctions, name != "local", name != "readonly" else { return output }
        return environment(at: word.place)
    }

    private mutating func set(_ word: Value, _ arguments: [Value]) -> Value {
        if isFish {
            let isListing = arguments.allSatisfy { $0.leadingText.hasPrefix("-") }
            return isListing ? environment(at: word.place) : Value()
        }
        guard let first = arguments.first else { return environment(at: word.place) }
        if first.text == "--" {
            scope.positional = (scope.positional.first.map { [$0] } ?? [word]) + arguments.dropFirst()
            return Value()
        }
        traceOptions(arguments)
        return Value()
    }

    /// Notes options that make a shell print its commands; gives the rest behind the options.
    @discardableResult
    mutating func traceOptions(_ arguments: [Value]) -> [Value] {
        var index = 0
        while index < arguments.count, let option = arguments[index].text, let sign = option.first,
            sign == "-" || sign == "+", option.count > 1
        {
            index += 1
            if option == "--" { break }
            if option.hasPrefix("--") {
                if option == "--verbose", hasValues, let place = arguments[index - 1].place { find(.traceShell, place) }
                if option == "--rcfile" || option == "--init-file" { index += 1 }
                continue
            }
            let letters = option.dropFirst()
            if sign == "-", letters.contains(where: { $0 == "x" || $0 == "v" }), hasValues,
                let place = arguments[index - 1].place
            {
                find(.traceShell, place)
            }
            if letters.contains("o") || letters.contains("O"), index < arguments.count {
                let long = arguments[index].text
                if sign == "-", long == "xtrace" || long == "verbose", hasValues, let place = arguments[index].place {
                    find(.traceShell, place)
                }
                index += 1
            }
        }
        return Array(arguments[min(index, arguments.count)...])
    }
}

extension Value {
    /// The value with a text and another value behind it.
    internal func appending(_ text: String, _ other: Value) -> Value {
        guard let place else { return other }
        return Value(pieces + [.text(Array(text.utf8), at: place, isQuoted: true)] + other.pieces)
    }
}
