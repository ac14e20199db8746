extension CodeReader {
    /// Notes strings that name a process's environment, put together or not.
    func checkStrings(_ walker: inout Walker) {
        guard walker.hasValues else { return }
        var joined: [UInt8] = []
        for token in tokens where token.kind == .string || token.kind == .command {
            let value = Value(Array(token.text.utf8), at: source.place(of: token.range), isQuoted: false)
            if joined.count < 4096 { joined += token.text.utf8 }
            walker.checkPath(value)
        }
        guard joined.firstRange(of: Array("/proc/".utf8)) != nil, joined.firstRange(of: Array("environ".utf8)) != nil,
            let token = tokens.first(where: { $0.kind == .string && $0.text.contains("/proc") })
        else { return }
        walker.find(.readProcEnviron, source.place(of: token.range))
    }

    /// Looks at the command in a string that is given to the system.
    func command(at index: Int, _ walker: inout Walker) -> Value {
        if tokens[index].kind == .command {
            return walker.runScript(value(of: index))
        }
        guard tokens[index].kind == .word, CodeNames.running.contains(tokens[index].text) else { return Value() }
        var first = index + 1
        var isList = false
        while first < tokens.count, ["(", "["].contains(text(first)) {
            isList = isList || text(first) == "["
            first += 1
        }
        guard isString(first) else { return Value() }
        guard isList || text(first + 1) == "," && isString(first + 2) else { return walker.runScript(value(of: first)) }
        var words: [Value] = []
        while first < tokens.count, words.count < 64, isString(first) {
            words.append(value(of: first))
            first += text(first + 1) == "," ? 2 : 1
        }
        return walker.invoke(words, stdin: Value())
    }

    private func value(of index: Int) -> Value {
        Value(Array(source.bytes[tokens[index].range]), at: source.place(of: tokens[index].range))
    }
}
