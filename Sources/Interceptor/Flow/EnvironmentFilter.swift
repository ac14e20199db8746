/// Filters behind a command that prints the environment which let no secret's value through.
///
/// Asking which variables are set is what a person should do instead of printing them. A value of several lines is not
/// thought of: what such a filter shows of it, redaction replaces.
internal enum EnvironmentFilter {
    /// What becomes of what is read.
    typealias Effect = (Value) -> Value

    private static let shortest = 3

    /// What a search leaves of the environment; `nil` where that may be a value.
    ///
    /// A literal pattern passes that is in no injected variable's name, and so does leaving out every injected one.
    static func search(_ arguments: [String], _ injected: [String: InjectedVariable]) -> Effect? {
        let options = arguments.filter { $0.hasPrefix("-") }
        let letters = Set(options.filter { !$0.hasPrefix("--") }.joined())
        guard options.allSatisfy({ !$0.hasPrefix("--") || $0.hasPrefix("--color") }),
            letters.isSubset(of: "-eEFiovwx"),
            let pattern = arguments.first(where: { !$0.hasPrefix("-") })
        else { return nil }
        if letters.contains("o") { return namesOnly(pattern) ? { $0.environmentNames } : nil }
        let words = pattern.split(separator: "|", omittingEmptySubsequences: false).map { word in
            word.drop { $0 == "^" }.prefix { $0 != "=" && $0 != "\\" }
        }
        guard pattern.allSatisfy({ $0.isLetter || $0.isNumber || "_^=|\\-".contains($0) }),
            !pattern.contains("\\") || pattern.split(separator: "\\").dropFirst().allSatisfy({ $0.hasPrefix("|") }),
            words.allSatisfy({ $0.count >= shortest })
        else { return nil }
        func isIn(_ name: String) -> Bool {
            // An = binds the word to a name's end, which is not needed here: part of a name is enough.
            words.contains { word in
                letters.contains("i") ? name.lowercased().contains(word.lowercased()) : name.contains(word)
            }
        }
        let names = injected.values.filter { $0.content == .value }.map(\.variable)
        let passes = letters.contains("v") ? names.allSatisfy(isIn) : !names.contains(where: isIn)
        return passes ? { $0.withoutEnvironment } : nil
    }

    /// Whether a pattern that begins at a line's start ends before the `=`.
    private static func namesOnly(_ pattern: String) -> Bool {
        guard pattern.hasPrefix("^") else { return false }
        if pattern == "^[^=]*" || pattern == "^[^=]+" { return true }
        return pattern.dropFirst().allSatisfy { character in
            character.isLetter || character.isNumber || "_[]-*+".contains(character)
        }
    }

    /// What `sed` leaves of the environment; `nil` where that may be a value.
    static func edit(_ arguments: [String]) -> Effect? {
        let scripts = arguments.filter { !["-e", "-E", "-r"].contains($0) }
        guard scripts.count == 1, let script = scripts.first, script.count > 2, script.hasPrefix("s") else {
            return nil
        }
        let parts = script.dropFirst(2).split(
            separator: script[script.index(after: script.startIndex)], omittingEmptySubsequences: false)
        guard parts.count == 3, ["=.*", "=.*$"].contains(String(parts[0])),
            !parts[1].contains("&"), parts[2].isEmpty || parts[2] == "g"
        else { return nil }
        return { $0.environmentNames }
    }

    /// Whether `cut` leaves what is in front of the first `=`.
    static func isFirstField(_ arguments: [String]) -> Bool {
        let line = arguments.filter { $0 != "-s" }.joined().split(separator: "--delimiter=").joined(separator: "-d")
            .split(separator: "--fields=").joined(separator: "-f")
        return ["-d=-f1", "-f1-d="].contains(line)
    }

    /// Whether a program of `awk` prints what is in front of the first `=`.
    static func isFirstField(_ program: String?, separators arguments: [Value]) -> Bool {
        let texts = arguments.compactMap(\.text)
        guard let program, texts.count == arguments.count, texts.joined() == "-F=" + program else { return false }
        return program.filter { $0 != " " && $0 != ";" } == "{print$1}"
    }
}

extension Value {
    /// The same without the environment.
    fileprivate var withoutEnvironment: Value {
        Value(
            pieces.filter { piece in
                if case .secret(let taint) = piece { taint.form != .environment } else { true }
            })
    }
}
