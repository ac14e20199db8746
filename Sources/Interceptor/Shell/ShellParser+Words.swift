extension ShellParser {
    /// Reads a word, or nothing where none comes next.
    mutating func word() throws(ShellSyntaxError) -> ShellWord? {
        let begin = position
        var parts: [ShellPart] = []
        while !isAtEnd {
            try step()
            let byte = peek()
            if byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">"), peek(1) == UInt8(ascii: "(") {
                parts.append(try process())
            } else if byte == UInt8(ascii: "("), let last = parts.last, Self.endsInPattern(last) {
                // An extended pattern such as @(a|b).
                parts.append(try pattern())
            } else if Self.isMeta(byte) {
                break
            } else {
                try piece(into: &parts, isQuoted: false)
            }
        }
        return position == begin ? nil : ShellWord(parts: parts, range: begin..<position)
    }

    private static func endsInPattern(_ part: ShellPart) -> Bool {
        guard case .text(let bytes, _, false) = part, let last = bytes.last else { return false }
        return "?*+@!".utf8.contains(last)
    }

    private mutating func pattern() throws(ShellSyntaxError) -> ShellPart {
        let begin = position
        var level = 0
        while !isAtEnd {
            try step()
            if peek() == UInt8(ascii: "(") { level += 1 }
            if peek() == UInt8(ascii: ")") { level -= 1 }
            position += 1
            if level == 0 { return .text(Array(text[begin..<position]), at: begin, isQuoted: false) }
        }
        throw .malformed
    }

    private mutating func process() throws(ShellSyntaxError) -> ShellPart {
        let begin = position
        let isInput = peek() == UInt8(ascii: "<")
        position += 2
        let list = try list(until: [])
        guard take(")") else { throw .malformed }
        return .process(list, isInput: isInput, range: begin..<position)
    }

    /// Reads one piece: a quoted run, an expansion, or a byte.
    mutating func piece(into parts: inout [ShellPart], isQuoted: Bool) throws(ShellSyntaxError) {
        let byte = peek()
        switch byte {
        case UInt8(ascii: "'") where !isQuoted:
            let begin = position + 1
            guard let close = text[begin..<end].firstIndex(of: byte) else { throw .malformed }
            parts.append(.text(Array(text[begin..<close]), at: begin, isQuoted: true))
            position = close + 1
        case UInt8(ascii: "\"") where !isQuoted:
            position += 1
            try doubleQuoted(into: &parts)
        case UInt8(ascii: "\\"):
            try escape(into: &parts, isQuoted: isQuoted)
        case UInt8(ascii: "$"): try dollar(into: &parts, isQuoted: isQuoted)
        case UInt8(ascii: "`"): parts.append(try backticks())
        default:
            Self.append(byte, at: position, isQuoted: isQuoted, to: &parts)
            position += 1
        }
    }

    /// Adds a byte to the text before it where it follows directly.
    private static func append(_ byte: UInt8, at place: Int, isQuoted: Bool, to parts: inout [ShellPart]) {
        if case .text(var bytes, let begin, isQuoted)? = parts.last, begin + bytes.count == place {
            // Taken out first, so that the bytes are changed in place and not copied.
            parts.removeLast()
            bytes.append(byte)
            parts.append(.text(bytes, at: begin, isQuoted: isQuoted))
        } else {
            parts.append(.text([byte], at: place, isQuoted: isQuoted))
        }
    }

    private mutating func escape(into parts: inout [ShellPart], isQuoted: Bool) throws(ShellSyntaxError) {
        guard position + 1 < end else {
            Self.append(peek(), at: position, isQuoted: true, to: &parts)
            position += 1
            return
        }
        let next = peek(1)
        if next == UInt8(ascii: "\n") {
            position += 2
        } else if !isQuoted || "$`\"\\".utf8.contains(next) {
            Self.append(next, at: position + 1, isQuoted: true, to: &parts)
            position += 2
        } else {
            Self.append(peek(), at: position, isQuoted: true, to: &parts)
            position += 1
        }
    }

    private mutating func doubleQuoted(into parts: inout [ShellPart]) throws(ShellSyntaxError) {
        parts.append(.text([], at: position, isQuoted: true))
        while !isAtEnd {
            try step()
            if take("\"") { return }
            try piece(into: &parts, isQuoted: true)
        }
        throw .malformed
    }

    /// Reads a range as text in which `$` and backticks are expanded, as in a here-document.
    mutating func expandedText(_ range: Range<Int>) throws(ShellSyntaxError) -> ShellWord {
        var parser = try part(range)
        var parts: [ShellPart] = []
        while !parser.isAtEnd {
            try parser.step()
            try parser.piece(into: &parts, isQuoted: true)
        }
        join(parser)
        return ShellWord(parts: parts, range: range)
    }

    private mutating func backticks() throws(ShellSyntaxError) -> ShellPart {
        let begin = position
        position += 1
        var hasEscapes = false
        while !isAtEnd, peek() != UInt8(ascii: "`") {
            try step()
            if peek() == UInt8(ascii: "\\") {
                hasEscapes = true
                position += 1
            }
            position += 1
        }
        guard position < end else { throw .malformed }
        let inner = begin + 1..<position
        position += 1
        var written: [UInt8]?
        if hasEscapes {
            var copy = text
            // Backslashes before $, ` and \ go away; a space in their place keeps what follows where it is.
            var index = inner.lowerBound
            while index + 1 < inner.upperBound {
                let isEscape = copy[index] == UInt8(ascii: "\\") && "$`\\".utf8.contains(copy[index + 1])
                if isEscape { copy[index] = UInt8(ascii: " ") }
                index += isEscape ? 2 : 1
            }
            written = copy
        }
        var parser = try part(inner, of: written)
        let list = try parser.list(until: [])
        guard parser.isAtEnd else { throw .malformed }
        join(parser)
        return .command(list, range: begin..<position)
    }
}
