extension ShellParser {
    /// Reads what begins with `$`.
    mutating func dollar(into parts: inout [ShellPart], isQuoted: Bool) throws(ShellSyntaxError) {
        let begin = position
        let next = peek(1)
        switch next {
        case UInt8(ascii: "'") where !isQuoted:
            position += 2
            parts.append(.text(try escapedText(), at: begin + 2, isQuoted: true))
        case UInt8(ascii: "\"") where !isQuoted: position += 1
        case UInt8(ascii: "{"): parts.append(try braced())
        case UInt8(ascii: "("):
            if peek(2) == UInt8(ascii: "("), let close = arithmeticEnd(from: position + 3) {
                let word = try expandedText(position + 3..<close)
                position = close + 2
                parts.append(.arithmetic(word.parts, range: begin..<position))
                return
            }
            position += 2
            let list = try list(until: [])
            guard take(")") else { throw .malformed }
            parts.append(.command(list, range: begin..<position))
        default:
            var offset = 1
            if Self.isName(next, isFirst: true) {
                while Self.isName(peek(offset), isFirst: false) { offset += 1 }
            } else if (0x30...0x39).contains(next) || "@*#?-$!".utf8.contains(next), position + 1 < end {
                offset = 2
            } else {
                parts.append(.text([UInt8(ascii: "$")], at: begin, isQuoted: true))
                position += 1
                return
            }
            let name = Array(text[begin + 1..<begin + offset])
            position += offset
            parts.append(.parameter(ShellParameter(name: name), range: begin..<position))
        }
    }

    /// Where the `))` is that ends arithmetic; `nil` where the brackets are those of commands.
    func arithmeticEnd(from start: Int) -> Int? {
        var level = 0
        var index = start
        while index < end {
            switch text[index] {
            case UInt8(ascii: "("): level += 1
            case UInt8(ascii: ")"):
                if level == 0 { return index + 1 < end && text[index + 1] == UInt8(ascii: ")") ? index : nil }
                level -= 1
            case UInt8(ascii: "'"), UInt8(ascii: "\n"): return nil
            default: break
            }
            index += 1
        }
        return nil
    }

    /// Reads `${ … }`.
    private mutating func braced() throws(ShellSyntaxError) -> ShellPart {
        let begin = position
        position += 2
        if " \t\n|".utf8.contains(peek()), !isAtEnd {
            // ${ command; }, a substitution that runs in the shell itself.
            position += 1
            let list = try list(until: ["}"])
            guard take("}") else { throw .malformed }
            return .command(list, range: begin..<position)
        }
        return try nested { parser throws(ShellSyntaxError) in
            var parameter = ShellParameter(name: [])
            if parser.peek() == UInt8(ascii: "#"), parser.peek(1) != UInt8(ascii: "}") {
                parser.position += 1
                parameter.operation = .length
            } else if parser.peek() == UInt8(ascii: "!"), parser.peek(1) != UInt8(ascii: "}") {
                parser.position += 1
                parameter.operation = .indirect
            } else if parser.peek() == UInt8(ascii: "("),
                let close = parser.text[parser.position..<parser.end].firstIndex(of: UInt8(ascii: ")"))
            {
                // Flags of zsh, such as (P) for the variable that is named by the value.
                let flags = parser.text[parser.position..<close]
                parameter.operation = flags.contains(UInt8(ascii: "P")) ? .indirect : .change
                parser.position = close + 1
            }
            parameter.name = parser.parameterName()
            if parser.peek() == UInt8(ascii: "[") { try parser.skipSubscript() }
            try parser.operation(of: &parameter)
            while !parser.take("}") {
                guard !parser.isAtEnd else { throw .malformed }
                try parser.step()
                try parser.piece(into: &parameter.argument, isQuoted: false)
            }
            return .parameter(parameter, range: begin..<parser.position)
        }
    }

    private mutating func parameterName() -> [UInt8] {
        let begin = position
        if Self.isName(peek(), isFirst: true) {
            while Self.isName(peek(), isFirst: false) { position += 1 }
        } else if (0x30...0x39).contains(peek()) {
            while (0x30...0x39).contains(peek()) { position += 1 }
        } else if "@*#?-$!".utf8.contains(peek()), !isAtEnd {
            position += 1
        }
        return Array(text[begin..<position])
    }

    private mutating func skipSubscript() throws(ShellSyntaxError) {
        while !isAtEnd, peek() != UInt8(ascii: "]"), peek() != UInt8(ascii: "}") {
            try step()
            position += 1
        }
        _ = take("]")
    }

    private mutating func operation(of parameter: inout ShellParameter) throws(ShellSyntaxError) {
        let first = peek()
        guard first != UInt8(ascii: "}"), !isAtEnd else { return }
        if parameter.operation == .indirect, "*@".utf8.contains(first), peek(1) == UInt8(ascii: "}") {
            parameter.operation = .names
            position += 1
            return
        }
        let sign = first == UInt8(ascii: ":") ? peek(1) : first
        let isAlready = parameter.operation == .indirect || parameter.operation == .length
        switch sign {
        case UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: "?"):
            if !isAlready { parameter.operation = .fallback }
            position += first == UInt8(ascii: ":") ? 2 : 1
        case UInt8(ascii: "+"):
            if !isAlready { parameter.operation = .alternative }
            position += first == UInt8(ascii: ":") ? 2 : 1
        default:
            if !isAlready { parameter.operation = .change }
            position += 1
        }
    }

    /// Reads the text of `$'…'` up to its closing quote.
    private mutating func escapedText() throws(ShellSyntaxError) -> [UInt8] {
        var bytes: [UInt8] = []
        while !isAtEnd {
            try step()
            let byte = peek()
            position += 1
            if byte == UInt8(ascii: "'") { return bytes }
            guard byte == UInt8(ascii: "\\"), !isAtEnd else {
                bytes.append(byte)
                continue
            }
            let letter = peek()
            position += 1
            switch letter {
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "a"): bytes.append(0x07)
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "e"), UInt8(ascii: "E"): bytes.append(0x1B)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "v"): bytes.append(0x0B)
            case UInt8(ascii: "x"): bytes.append(UInt8(truncatingIfNeeded: number(radix: 16, digits: 2)))
            case UInt8(ascii: "u"): bytes += Self.encoded(number(radix: 16, digits: 4))
            case UInt8(ascii: "U"): bytes += Self.encoded(number(radix: 16, digits: 8))
            case UInt8(ascii: "c"):
                bytes.append(peek() & 0x1F)
                position = min(position + 1, end)
            case 0x30...0x37:
                position -= 1
                bytes.append(UInt8(truncatingIfNeeded: number(radix: 8, digits: 3)))
            default: bytes.append(letter)
            }
        }
        throw .malformed
    }

    private mutating func number(radix: UInt32, digits: Int) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard !isAtEnd, let digit = Character(Unicode.Scalar(peek())).hexDigitValue, digit < radix else { break }
            value = value &* radix &+ UInt32(digit)
            position += 1
        }
        return value
    }

    private static func encoded(_ value: UInt32) -> [UInt8] {
        Array(String(Character(Unicode.Scalar(value) ?? "\u{FFFD}")).utf8)
    }
}
