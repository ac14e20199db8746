extension CodeReader {
    /// Whether calls that are chained to a value carry out code that prints for each of its characters.
    func isPrintedInParts(behind index: Int?) -> Bool {
        guard var index else { return false }
        if ["]", ")"].contains(text(index)) { index += 1 }
        while [".", "?."].contains(text(index)), text(index + 2) == "(", let close = closers[index + 2] {
            if ["forEach", "map", "each_char", "each_byte", "each"].contains(text(index + 1)) {
                let code = tokens[index + 3..<max(index + 3, min(close, index + Self.farthest))].map(\.text)
                if let printing = code.first(where: { ["console", "print", "puts", "stdout"].contains($0) }) {
                    return printing != "console" || code.contains(where: CodeNames.logging.contains)
                }
            }
            index = close + 1
        }
        return false
    }

    /// The next token of a text within the same brackets, no further than a few.
    func next(_ symbol: String, behind index: Int) -> Int? {
        (index..<min(index + 4, tokens.count)).first { text($0) == symbol }
    }

    /// Remembers other names of the environment: Python's `environ as e`, JavaScript's `{env}` of `process`.
    mutating func readImports() {
        for index in tokens.indices {
            switch (language, text(index)) {
            case (.python, "environ"), (.python, "environb"), (.python, "getenv"):
                if text(index + 1) == "as", index + 2 < tokens.count { aliases.insert(text(index + 2)) }
            case (.javascript, "env"):
                guard text(index - 1) == "{" || text(index - 1) == ",", let end = next("}", behind: index) else {
                    continue
                }
                let source = tokens[end...].prefix(6)
                guard source.contains(where: { ["process", "node:process"].contains($0.text) }) else { continue }
                aliases.insert(text(index + 1) == ":" ? text(index + 2) : "env")
            default: continue
            }
        }
    }

    /// A call that opens or reads the file whose name stands in its brackets.
    func fileRead(around index: Int) -> Range<Int>? {
        let opener = openers[index]
        guard opener > 0, text(opener) == "(", let close = closers[opener],
            ["open", "readFileSync", "file_get_contents"].contains(text(opener - 1))
        else { return nil }
        return opener - 1..<close + 1
    }
}
