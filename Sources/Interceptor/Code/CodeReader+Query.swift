extension CodeReader {
    /// What a filter of jq or yq takes from the environment: `env.NAME`, `$ENV.NAME`, `strenv(NAME)`, or all of it.
    static func environmentOfQuery(_ filter: String, place: Place, walker: Walker) -> Value {
        let tokens = CodeLexer.tokens(Array(filter.utf8), .javascript)
        var output = Value()
        func text(_ index: Int) -> String { tokens.indices.contains(index) ? tokens[index].text : "" }
        for (index, token) in tokens.enumerated() where token.kind == .word {
            var name: String?
            switch token.text {
            case "env" where text(index - 1) != "." && text(index - 1) != "$", "ENV" where text(index - 1) == "$":
                switch text(index + 1) {
                case ".": name = text(index + 2)
                case "[", "(": name = text(index + 2)
                case ":", "=": continue
                default: output = output + walker.environment(at: place)
                }
            case "strenv" where text(index + 1) == "(": name = text(index + 2)
            default: continue
            }
            if let name { output = output + walker.environmentVariable(name, at: place) }
        }
        return output
    }
}
