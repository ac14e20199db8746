extension ShellParser {
    /// Words that end a list where a command would begin.
    private static let closing: Set<String> = ["then", "elif", "else", "fi", "do", "done", "esac", "}", "always"]

    /// Reads commands until one of these words, a closing bracket, `;;`, or the end.
    mutating func list(until words: Set<String>) throws(ShellSyntaxError) -> ShellList {
        try nested { parser throws(ShellSyntaxError) in
            var list = ShellList()
            var isConditional = false
            while true {
                try parser.step()
                try parser.skipBlanks()
                if parser.isAtEnd { return list }
                switch parser.peek() {
                case UInt8(ascii: "\n"): try parser.takeNewline()
                case UInt8(ascii: ")"): return list
                case UInt8(ascii: ";"):
                    if parser.peek(1) == UInt8(ascii: ";") || parser.peek(1) == UInt8(ascii: "&") { return list }
                    parser.position += 1
                    isConditional = false
                case UInt8(ascii: "&"):
                    // Background commands run in a shell of their own, which changes nothing here.
                    isConditional = parser.peek(1) == UInt8(ascii: "&")
                    if isConditional { parser.position += 2 } else { parser.position += 1 }
                case UInt8(ascii: "|") where parser.peek(1) == UInt8(ascii: "|"):
                    parser.position += 2
                    isConditional = true
                case UInt8(ascii: "|"): throw .malformed
                default:
                    if let word = parser.upcomingWord(), Self.closing.contains(word) {
                        guard words.contains(word) else { throw .malformed }
                        return list
                    }
                    list.pipelines.append(try parser.pipeline(isConditional: isConditional))
                    isConditional = false
                }
            }
        }
    }

    /// The unquoted word that comes next, where it can be a keyword.
    func upcomingWord() -> String? {
        var word: [UInt8] = []
        var offset = 0
        while word.count <= 8, position + offset < end {
            let byte = peek(offset)
            if Self.isMeta(byte) { break }
            word.append(byte)
            offset += 1
        }
        return word.isEmpty || word.count > 8 ? nil : String(decoding: word, as: UTF8.self)
    }

    /// Whether a byte ends a word.
    static func isMeta(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: ";"),
            UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "("),
            UInt8(ascii: ")"):
            true
        default: false
        }
    }

    private mutating func pipeline(isConditional: Bool) throws(ShellSyntaxError) -> ShellPipeline {
        var commands: [ShellCommand] = []
        while true {
            try step()
            try skipBlanks()
            while !isAtEnd, peek() == UInt8(ascii: "\n"), !commands.isEmpty {
                try takeNewline()
                try skipBlanks()
            }
            if let word = upcomingWord(), word == "!" || word == "time" || word == "coproc" {
                position += word.utf8.count
                try skipBlanks()
                while word == "time", upcomingWord() == "-p" {
                    position += 2
                    try skipBlanks()
                }
                if isAtEnd || Self.isMeta(peek()), peek() != UInt8(ascii: "(") { break }
            }
            commands.append(try command())
            try skipBlanks()
            guard !isAtEnd, peek() == UInt8(ascii: "|"), peek(1) != UInt8(ascii: "|") else { break }
            position += peek(1) == UInt8(ascii: "&") ? 2 : 1
        }
        return ShellPipeline(commands: commands, isConditional: isConditional)
    }

    private mutating func command() throws(ShellSyntaxError) -> ShellCommand {
        try nested { parser throws(ShellSyntaxError) in
            if parser.peek() == UInt8(ascii: "(") {
                if parser.peek(1) == UInt8(ascii: "("), let close = parser.arithmeticEnd(from: parser.position + 2) {
                    let word = try parser.expandedText(parser.position + 2..<close)
                    parser.position = close + 2
                    return .test([word])
                }
                parser.position += 1
                let list = try parser.list(until: [])
                guard parser.take(")") else { throw .malformed }
                return .group([list], redirections: try parser.redirections(), isSubshell: true, isConditional: false)
            }
            switch parser.upcomingWord() {
            case "{": return try parser.braces()
            case "if": return try parser.parts(until: ["then", "elif", "else"], last: "fi")
            case "while", "until": return try parser.parts(until: ["do"], last: "done")
            case "for", "select": return try parser.loop()
            case "case": return try parser.branches()
            case "function":
                parser.position += "function".utf8.count
                try parser.skipBlanks()
                guard let name = try parser.word()?.keyword else { throw .malformed }
                try parser.skipBlanks()
                if parser.take("(") {
                    try parser.skipBlanks()
                    guard parser.take(")") else { throw .malformed }
                }
                return try parser.function(name)
            case "[[": return try parser.test()
            default: return try parser.simple()
            }
        }
    }

    private mutating func braces() throws(ShellSyntaxError) -> ShellCommand {
        position += 1
        let list = try list(until: ["}"])
        guard take("}") else { throw .malformed }
        return .group([list], redirections: try redirections(), isSubshell: false, isConditional: false)
    }

    /// Reads `if` and `while`: lists with words between them.
    private mutating func parts(until words: Set<String>, last: String) throws(ShellSyntaxError) -> ShellCommand {
        var lists: [ShellList] = []
        while true {
            try step()
            guard let word = upcomingWord() else { throw .malformed }
            position += word.utf8.count
            if word == last { break }
            lists.append(try list(until: words.union([last])))
        }
        return .group(lists, redirections: try redirections(), isSubshell: false, isConditional: true)
    }

    private mutating func loop() throws(ShellSyntaxError) -> ShellCommand {
        position += upcomingWord()?.utf8.count ?? 0
        try skipBlanks()
        if peek() == UInt8(ascii: "("), peek(1) == UInt8(ascii: "("), let close = arithmeticEnd(from: position + 2) {
            position = close + 2
            return .loop(variable: [], words: [], body: try loopBody(), redirections: try redirections())
        }
        guard let variable = try word()?.keyword else { throw .malformed }
        try skipLines()
        var words: [ShellWord] = []
        if upcomingWord() == "in" {
            position += 2
            try skipBlanks()
            while let word = try word() {
                words.append(word)
                try skipBlanks()
            }
        } else {
            words = [
                ShellWord(
                    parts: [.parameter(ShellParameter(name: [0x40]), range: position..<position)],
                    range: position..<position)
            ]
        }
        return .loop(variable: variable, words: words, body: try loopBody(), redirections: try redirections())
    }

    private mutating func loopBody() throws(ShellSyntaxError) -> ShellList {
        try skipLines()
        let isBraced = upcomingWord() == "{"
        guard isBraced || upcomingWord() == "do" else { throw .malformed }
        position += isBraced ? 1 : 2
        let body = try list(until: [isBraced ? "}" : "done"])
        guard upcomingWord() == (isBraced ? "}" : "done") else { throw .malformed }
        position += isBraced ? 1 : 4
        return body
    }

    /// Skips blanks, newlines and semicolons.
    private mutating func skipLines() throws(ShellSyntaxError) {
        while true {
            try skipBlanks()
            if isAtEnd { return }
            if peek() == UInt8(ascii: "\n") {
                try takeNewline()
            } else if peek() == UInt8(ascii: ";"), peek(1) != UInt8(ascii: ";") {
                position += 1
            } else {
                return
            }
        }
    }

    private mutating func branches() throws(ShellSyntaxError) -> ShellCommand {
        position += 4
        try skipBlanks()
        guard let subject = try word() else { throw .malformed }
        try skipLines()
        guard upcomingWord() == "in" else { throw .malformed }
        position += 2
        var lists: [ShellList] = []
        while true {
            try step()
            try skipLines()
            if upcomingWord() == "esac" { break }
            _ = take("(")
            // The pattern: words between bars, up to the bracket.
            while true {
                try step()
                try skipBlanks()
                if take(")") { break }
                if take("|") { continue }
                guard try word() != nil else { throw .malformed }
            }
            lists.append(try list(until: ["esac"]))
            if peek() == UInt8(ascii: ";") {
                while !isAtEnd, peek() == UInt8(ascii: ";") || peek() == UInt8(ascii: "&") { position += 1 }
            } else if upcomingWord() != "esac" {
                throw .malformed
            }
        }
        position += 4
        return .branches(subject, lists, redirections: try redirections())
    }

    /// Reads the body of a function.
    mutating func function(_ name: [UInt8]) throws(ShellSyntaxError) -> ShellCommand {
        try skipLines()
        guard !isAtEnd else { throw .malformed }
        return .function(name: name, body: try command())
    }

    private mutating func test() throws(ShellSyntaxError) -> ShellCommand {
        position += 2
        var words: [ShellWord] = []
        while true {
            try step()
            try skipBlanks()
            guard !isAtEnd else { throw .malformed }
            if upcomingWord() == "]]" { break }
            if Self.isMeta(peek()) {
                if peek() == UInt8(ascii: "\n") { try takeNewline() } else { position += 1 }
            } else if let word = try word() {
                words.append(word)
            }
        }
        position += 2
        _ = try redirections()
        return .test(words)
    }

    private mutating func redirections() throws(ShellSyntaxError) -> [ShellRedirection] {
        var found: [ShellRedirection] = []
        try skipBlanks()
        while let redirection = try redirection() {
            found.append(redirection)
            try skipBlanks()
        }
        return found
    }
}
