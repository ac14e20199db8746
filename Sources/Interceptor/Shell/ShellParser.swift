/// Reads scripts as sh, bash, dash, ksh and zsh do; where they differ, it takes what any of them takes.
///
/// Depth and number of steps are bounded, so that no text makes it crash or run for long.
internal struct ShellParser {
    /// The whole text.
    let text: [UInt8]
    /// The next byte to look at.
    var position: Int
    /// Where the text ends.
    let end: Int
    /// Here-documents whose text begins behind the next newline.
    var pending: [PendingDocument] = []
    /// The texts of here-documents by the place of their operator.
    var documents: [Int: ShellWord] = [:]
    private var depth = 0
    private var steps = 0

    /// More levels are not looked at; each takes some KiB of a stack that may be as small as 512 KiB.
    private static let deepest = 24

    /// A here-document whose operator was read.
    struct PendingDocument {
        /// The place of the operator.
        let place: Int
        /// The line that ends it.
        let delimiter: [UInt8]
        /// Whether it is taken as it is.
        let isLiteral: Bool
        /// Whether leading tabs do not count.
        let dropsTabs: Bool
    }

    /// Makes a parser of a text, or of a part of it.
    init(_ text: [UInt8], range: Range<Int>? = nil) {
        self.text = text
        position = range?.lowerBound ?? 0
        end = range?.upperBound ?? text.count
    }

    /// Reads a whole script.
    static func parse(_ text: [UInt8]) throws(ShellSyntaxError) -> ShellScript {
        var parser = ShellParser(text)
        let list = try parser.list(until: [])
        guard parser.position >= parser.end, parser.pending.isEmpty else { throw .malformed }
        return ShellScript(list: list, documents: parser.documents)
    }

    // MARK: - Bytes

    /// The byte at an offset from the position, or 0 behind the end.
    func peek(_ offset: Int = 0) -> UInt8 {
        position + offset < end ? text[position + offset] : 0
    }

    /// Whether nothing is left.
    var isAtEnd: Bool { position >= end }

    /// Counts a step; every loop of the parser takes one for each round.
    mutating func step() throws(ShellSyntaxError) {
        steps += 1
        guard steps <= 64 * text.count + 4096 else { throw .tooComplex }
    }

    /// Does something one level further down.
    mutating func nested<Value>(
        _ body: (inout ShellParser) throws(ShellSyntaxError) -> Value
    ) throws(ShellSyntaxError) -> Value {
        guard depth < Self.deepest else { throw .tooDeep }
        depth += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    /// A parser of a part of the text that counts on from here.
    ///
    /// - Parameter written: The text with something replaced, of the same length; `nil` for the text as it is.
    func part(_ range: Range<Int>, of written: [UInt8]? = nil) throws(ShellSyntaxError) -> ShellParser {
        guard depth < Self.deepest else { throw .tooDeep }
        var parser = ShellParser(written ?? text, range: range)
        parser.depth = depth + 1
        // A copy of the text is not free.
        parser.steps = steps + (written == nil ? 1 : text.count / 16)
        return parser
    }

    /// Takes over what a parser of a part has counted and found.
    mutating func join(_ other: ShellParser) {
        steps = other.steps
        documents.merge(other.documents) { $1 }
    }

    /// Takes a byte where it comes next.
    mutating func take(_ byte: Character) -> Bool {
        guard !isAtEnd, peek() == byte.asciiValue else { return false }
        position += 1
        return true
    }

    /// Skips blanks, escaped newlines and comments.
    mutating func skipBlanks() throws(ShellSyntaxError) {
        while !isAtEnd {
            try step()
            switch peek() {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            case UInt8(ascii: "\\") where peek(1) == UInt8(ascii: "\n"): position += 2
            case UInt8(ascii: "#"):
                while !isAtEnd, peek() != UInt8(ascii: "\n") { position += 1 }
            default: return
            }
        }
    }

    /// Takes a newline, and behind it the texts of the here-documents that wait for it.
    mutating func takeNewline() throws(ShellSyntaxError) {
        position += 1
        let waiting = pending
        pending = []
        for document in waiting { documents[document.place] = try hereDocument(document) }
    }
}

/// A script that was read.
internal struct ShellScript {
    /// Its commands.
    let list: ShellList
    /// The texts of its here-documents by the place of their operator.
    let documents: [Int: ShellWord]
}
