/// One token of inline code.
internal struct CodeToken {
    /// What it is.
    var kind: Kind
    /// Its text; of a string, what stands between the quotes.
    var text: String
    /// Its bytes in the code.
    var range: Range<Int>
    /// How many brackets it stands in.
    var level = 0

    /// Kinds of tokens.
    enum Kind {
        case word
        case string
        /// A string in backticks.
        case command
        case symbol
        /// A line's end.
        case newline
        /// A secret's value that a shell put into the code.
        case secret
    }
}

/// Splits inline code into tokens; it knows strings and comments, and of grammar nothing.
///
/// The expressions inside of a string follow it as if they were added to it.
internal struct CodeLexer {
    private let text: [UInt8]
    private let language: CodeLanguage
    private var position: Int
    private let end: Int
    private(set) var tokens: [CodeToken] = []
    private let depth: Int

    /// Stands before and behind the number of a secret's value in the code.
    static let mark: UInt8 = 0x01

    private static let longSymbols = ["===", "!==", "==", "!=", "=>", "->", "&&", "||", "??", "?.", "+=", "::"].map {
        Array($0.utf8)
    }
    private static let mostTokens = 40_000
    private static let deepest = 6

    /// Splits a text, or a part of it.
    static func tokens(_ text: [UInt8], _ language: CodeLanguage) -> [CodeToken] {
        var lexer = CodeLexer(text, language, 0..<text.count, depth: 0)
        lexer.run()
        return lexer.tokens
    }

    private init(_ text: [UInt8], _ language: CodeLanguage, _ range: Range<Int>, depth: Int) {
        self.text = text
        self.language = language
        position = range.lowerBound
        end = range.upperBound
        self.depth = depth
    }

    private mutating func run() {
        while position < end, tokens.count < Self.mostTokens { next() }
    }

    private func peek(_ offset: Int = 0) -> UInt8 { position + offset < end ? text[position + offset] : 0 }

    private func isNext(_ bytes: [UInt8]) -> Bool {
        position + bytes.count <= end && text[position..<position + bytes.count].elementsEqual(bytes)
    }

    private mutating func add(_ kind: CodeToken.Kind, _ range: Range<Int>) {
        tokens.append(CodeToken(kind: kind, text: String(decoding: text[range], as: UTF8.self), range: range))
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...0xFF: true
        default: false
        }
    }

    private mutating func next() {
        let byte = peek()
        let begin = position
        if byte == 0x0A {
            position += 1
            add(.newline, begin..<position)
        } else if byte == Self.mark {
            position += 1
            while position < end, peek() != Self.mark { position += 1 }
            position = min(position + 1, end)
            add(.secret, begin..<position)
        } else if byte <= 0x20 {
            position += 1
        } else if isComment() {
            while position < end, peek() != 0x0A { position += 1 }
        } else if isNext(Array("/*".utf8)), language == .javascript || language == .php {
            position += 2
            while position < end, !isNext(Array("*/".utf8)) { position += 1 }
            position = min(position + 2, end)
        } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`") {
            string(byte)
        } else if Self.isWord(byte) {
            while position < end, Self.isWord(peek()) { position += 1 }
            if language == .ruby, "?!".utf8.contains(peek()), peek(1) != UInt8(ascii: "=") { position += 1 }
            add(.word, begin..<position)
        } else {
            let long = Self.longSymbols.first { $0[0] == byte && isNext($0) }
            position += long?.count ?? 1
            add(.symbol, begin..<position)
        }
    }

    private func isComment() -> Bool {
        guard isNext(language.comment) || (language == .php && isNext(Array("//".utf8))) else { return false }
        // Perl's $#array is no comment.
        return position == 0 || text[position - 1] != UInt8(ascii: "$")
    }

    private mutating func string(_ quote: UInt8) {
        let begin = position
        let prefix = begin > 0 ? text[begin - 1] | 0x20 : 0
        let triple = [quote, quote, quote]
        let close = language == .python && isNext(triple) ? triple : [quote]
        position += close.count
        let content = position
        var secrets: [Range<Int>] = []
        while position < end, !isNext(close) {
            if peek() == Self.mark {
                let secret = position
                position += 1
                while position < end, peek() != Self.mark { position += 1 }
                secrets.append(secret..<min(position + 1, end))
            }
            position += peek() == UInt8(ascii: "\\") ? 2 : 1
        }
        let contentEnd = min(position, end)
        position = min(contentEnd + close.count, end)
        let isCommand = quote == UInt8(ascii: "`") && language.runsBackticks
        add(isCommand ? .command : .string, content..<max(content, contentEnd))
        for secret in secrets {
            tokens.append(CodeToken(kind: .symbol, text: "+", range: secret))
            add(.secret, secret)
        }
        guard depth < Self.deepest else { return }
        for range in expressions(content..<max(content, contentEnd), quote: quote, prefix: prefix) {
            var inner = CodeLexer(text, language, range, depth: depth + 1)
            inner.run()
            tokens.append(CodeToken(kind: .symbol, text: "+", range: range.lowerBound..<range.lowerBound))
            tokens += inner.tokens.filter { $0.kind != .newline }
        }
    }

    /// Where code stands inside of a string.
    private func expressions(_ content: Range<Int>, quote: UInt8, prefix: UInt8) -> [Range<Int>] {
        let isDouble = quote == UInt8(ascii: "\"")
        switch language {
        case .javascript: return quote == UInt8(ascii: "`") ? bracketed(content, opening: Array("${".utf8)) : []
        case .python:
            return prefix == UInt8(ascii: "f") || prefix == UInt8(ascii: "r") ? bracketed(content, opening: [0x7B]) : []
        case .ruby: return isDouble || quote == UInt8(ascii: "`") ? bracketed(content, opening: Array("#{".utf8)) : []
        case .perl, .php, .powershell:
            // Variables stand there as they are; all from the first on is looked at.
            guard isDouble,
                let start = text[content].firstIndex(where: { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "@") })
            else { return [] }
            return [start..<content.upperBound]
        case .awk, .lua: return []
        }
    }

    private func bracketed(_ content: Range<Int>, opening: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = content.lowerBound
        while index + opening.count <= content.upperBound {
            guard text[index..<index + opening.count].elementsEqual(opening) else {
                index += 1
                continue
            }
            let begin = index + opening.count
            var level = 1
            index = begin
            while index < content.upperBound, level > 0 {
                if text[index] == 0x7B { level += 1 }
                if text[index] == 0x7D { level -= 1 }
                index += 1
            }
            found.append(begin..<max(begin, level == 0 ? index - 1 : index))
        }
        return found
    }
}
