extension CodeReader {
    func access(at index: Int, _ walker: Walker) -> Access? {
        let token = tokens[index]
        if token.kind == .secret {
            let digits = token.text.unicodeScalars.filter { $0.value > 0x20 }
            let number = Int(String(String.UnicodeScalarView(digits))) ?? 0
            guard secrets.indices.contains(number) else { return nil }
            return Access(tokens: index..<index + 1, taint: secrets[number])
        }
        if token.kind == .string, token.text.hasPrefix("/run/secrets/"), let call = fileRead(around: index) {
            let path = Value(Array(token.text.utf8), at: place(index..<index + 1))
            return walker.secretFiles(path).taints.first.map { Access(tokens: call, taint: $0) }
        }
        guard token.kind == .word else { return nil }
        if text(index - 1) != ".", text(index + 1) != "=", let taint = tainted[token.text] {
            var taint = taint
            taint.place = place(index..<index + 1)
            return Access(tokens: index..<index + 1, taint: taint)
        }
        guard let root = root(at: index) else { return nil }
        return keyed(index..<root, walker)
    }

    /// The token behind the name of the environment, where one begins here.
    private func root(at index: Int) -> Int? {
        let name = text(index)
        if aliases.contains(name), text(index - 1) != ".", text(index + 1) != "=" { return index + 1 }
        switch language {
        case .python: return name == "environ" || name == "environb" || name == "getenv" ? index + 1 : nil
        case .javascript:
            guard name == "process" || name == "Deno" || name == "Bun" || name == "meta" || name == "globalThis" else {
                return nil
            }
            if [".", "?."].contains(text(index + 1)), text(index + 2) == "env" { return index + 3 }
            if text(index + 1) == "[", isString(index + 2), text(index + 2) == "env" { return index + 4 }
            return nil
        case .ruby: return name == "ENV" ? index + 1 : nil
        case .perl: return name == "ENV" && ["%", "$", "@"].contains(text(index - 1)) ? index + 1 : nil
        case .php: return ["_ENV", "_SERVER", "getenv", "phpinfo"].contains(name) ? index + 1 : nil
        case .awk: return name == "ENVIRON" ? index + 1 : nil
        case .lua: return name == "getenv" ? index + 1 : nil
        case .powershell:
            guard name.lowercased() == "env", text(index + 1) == ":" else { return nil }
            return index + 1
        }
    }

    /// Reads the key behind the name of the environment; `nil` where it is that of no injected variable.
    private func keyed(_ root: Range<Int>, _ walker: Walker) -> Access? {
        let next = text(root.upperBound)
        let whole = Access(
            tokens: root, taint: Value.Taint(secret: nil, form: .environment, place: place(root)))
        func named(_ name: String, _ end: Int) -> Access? {
            let tokens = root.lowerBound..<min(end, self.tokens.count)
            guard let variable = walker.injected[name] else { return nil }
            if variable.content == .path, let call = fileRead(around: root.lowerBound) {
                let taint = Value.Taint(secret: variable.secret, form: .plain, place: place(tokens))
                return Access(tokens: call, taint: taint)
            }
            guard variable.content == .value else { return nil }
            return Access(
                tokens: tokens, taint: Value.Taint(secret: variable.secret, form: .plain, place: place(tokens)))
        }
        let first = root.upperBound + 1
        let any = walker.hasValues ? whole : nil
        switch next {
        case "[", "(", "{":
            if next == "{", language != .perl { return any }
            let close = next == "[" ? "]" : next == "(" ? ")" : "}"
            let isName =
                isString(first)
                || (next == "{" && tokens.indices.contains(first) && tokens[first].kind == .word && text(first) != "$")
            if isName, text(first + 1) == close || text(first + 1) == "," { return named(text(first), first + 2) }
            return any
        case ".", "?.":
            let member = text(first)
            if ["get", "fetch", "pop", "dig", "setdefault", "getenv", "values_at"].contains(member),
                text(first + 1) == "("
            {
                return isString(first + 2) && [")", ","].contains(text(first + 3))
                    ? named(text(first + 2), first + 4) : any
            }
            if member == "keys", language != .javascript { return nil }
            if ["key?", "has_key?", "include?", "has", "member?"].contains(member) { return nil }
            if language == .javascript, member != "toObject" { return named(member, first + 1) }
            return any
        case ":" where language == .powershell:
            return tokens.indices.contains(first) && tokens[first].kind == .word ? named(text(first), first + 1) : any
        case "=": return nil
        default: return any
        }
    }

    /// Whether only the truth of a value matters, or whether a name is in the environment.
    func isTested(_ access: Range<Int>) -> Bool {
        var before = access.lowerBound - 1
        while before >= 0,
            text(before) == "." || text(before) == "$" || text(before) == "os"
                || text(before) == "(" && text(before - 1) == "defined"
        { before -= 1 }
        let previous = text(before)
        if CodeNames.testing.contains(previous) { return true }
        if previous == "in", isString(before - 1) || text(before - 1) == "not" { return true }
        if isOfNames(access, before) { return true }
        return CodeNames.comparing.contains(text(access.upperBound))
    }
    /// Whether only the names of the environment's variables are asked for: whether one is in it, all of them, or how
    /// many there are.
    private func isOfNames(_ access: Range<Int>, _ before: Int) -> Bool {
        guard tokens[access].allSatisfy({ $0.kind == .word || [".", "?."].contains($0.text) }), isWhole(access) else {
            return false
        }
        if text(before) == "in" { return language == .python || language == .javascript || language == .awk }
        if language == .perl { return text(before) == "%" && text(before - 1) == "keys" }
        guard text(before) == "(", [")", ","].contains(text(access.upperBound)) else { return false }
        switch language {
        case .python: return ["list", "len", "sorted", "set", "tuple", "join"].contains(text(before - 1))
        case .javascript:
            return [".keys", ".ownKeys", ".getOwnPropertyNames"].contains(text(before - 2) + text(before - 1))
        case .php: return text(before - 1) == "array_keys"
        default: return false
        }
    }

    /// Whether an access is to the environment and not to one of its variables.
    private func isWhole(_ access: Range<Int>) -> Bool {
        let last = text(access.upperBound - 1)
        let isRoot = ["environ", "environb", "env", "ENVIRON", "ENV", "_ENV"].contains(last) || aliases.contains(last)
        return isRoot && ![".", "?.", "[", "{"].contains(text(access.upperBound))
    }
}
