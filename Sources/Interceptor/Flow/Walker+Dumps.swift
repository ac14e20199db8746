extension Walker {
    /// Programs that print the environment, as a whole or by name; `nil` where the program is none of them.
    mutating func dump(_ name: String, _ word: Value, _ arguments: [Value]) -> Value? {
        let texts = arguments.map { $0.text ?? "" }
        switch name {
        case "printenv":
            let names = arguments.filter { !$0.leadingText.hasPrefix("-") }
            guard !names.isEmpty else { return environment(at: word.place) }
            return names.reduce(Value()) { output, name in
                guard let text = name.text, let place = name.place else {
                    // Whatever the name turns out to be.
                    return output + environment(at: name.place ?? word.place)
                }
                return output + environmentVariable(text, at: place)
            }
        case "npm", "yarn", "pnpm", "bun":
            let words = texts.filter { !$0.hasPrefix("-") }
            guard words == ["run", "env"] || words == ["run-script", "env"] else { return nil }
            return environment(at: arguments.last?.place)
        case "ps":
            // Without a dash, the letter e asks for each process's environment.
            let isAsked =
                texts.first.map { !$0.hasPrefix("-") && $0.contains("e") && $0.allSatisfy(\.isLetter) } ?? false
            return isAsked ? environment(at: arguments[0].place) : Value()
        case "cmake":
            guard let index = texts.firstIndex(of: "-E"), texts.dropFirst(index + 1).first == "environment" else {
                return nil
            }
            return environment(at: arguments[index + 1].place)
        case "make", "gmake":
            guard
                let index = texts.firstIndex(where: { option in
                    option == "--print-data-base"
                        || (option.hasPrefix("-") && !option.hasPrefix("--") && option.contains("p"))
                })
            else { return nil }
            return environment(at: arguments[index].place)
        case "gdb", "lldb":
            for (text, argument) in zip(texts, arguments)
            where text.contains("show env") || text.contains("settings show target.env") {
                return environment(at: argument.place)
            }
            return nil
        default: return nil
        }
    }

    /// A variable that is printed by name: what was set, or an injected value, which counts as the environment's.
    func environmentVariable(_ name: String, at place: Place) -> Value {
        guard let value = lookup(name, at: place) else { return Value() }
        return Value(
            value.pieces.compactMap { piece in
                switch piece {
                case .secret(var taint):
                    if taint.form == .plain, scope.variables[name] == nil { taint.form = .environment }
                    return .secret(taint)
                case .file: return .unknown
                default: return piece
                }
            })
    }
}
