extension ShellParser {
    /// Reads assignments, words and redirections up to the end of a simple command.
    mutating func simple() throws(ShellSyntaxError) -> ShellCommand {
        var command = ShellSimpleCommand()
        let begin = position
        while true {
            try step()
            try skipBlanks()
            if isAtEnd { break }
            if let redirection = try redirection() {
                command.redirections.append(redirection)
                continue
            }
            if command.words.isEmpty, let assignment = try assignment() {
                command.assignments.append(assignment)
                continue
            }
            guard let word = try word() else { break }
            command.words.append(word)
            if command.words.count == 1, command.assignments.isEmpty, peek() == UInt8(ascii: "("),
                let name = word.keyword
            {
                position += 1
                try skipBlanks()
                guard take(")") else { throw .malformed }
                return try function(name)
            }
        }
        guard position > begin else { throw .malformed }
        return .simple(command)
    }

    private mutating func assignment() throws(ShellSyntaxError) -> ShellAssignment? {
        var offset = 0
        while Self.isName(peek(offset), isFirst: offset == 0) { offset += 1 }
        guard offset > 0 else { return nil }
        let name = Array(text[position..<position + offset])
        if peek(offset) == UInt8(ascii: "[") {
            // A subscript; what stands in it is of no concern.
            var inner = offset + 1
            while position + inner < end, peek(inner) != UInt8(ascii: "]"), !Self.isMeta(peek(inner)) { inner += 1 }
            guard peek(inner) == UInt8(ascii: "]") else { return nil }
            offset = inner + 1
        }
        let isAppended = peek(offset) == UInt8(ascii: "+")
        if isAppended { offset += 1 }
        guard peek(offset) == UInt8(ascii: "="), position + offset < end else { return nil }
        position += offset + 1
        guard take("(") else {
            let value = try word() ?? ShellWord(range: position..<position)
            return ShellAssignment(name: name, words: [value], isAppended: isAppended)
        }
        var words: [ShellWord] = []
        while true {
            try step()
            try skipBlanks()
            guard !isAtEnd else { throw .malformed }
            if take(")") { break }
            if peek() == UInt8(ascii: "\n") {
                try takeNewline()
            } else if let word = try word() {
                words.append(word)
            } else {
                throw .malformed
            }
        }
        return ShellAssignment(name: name, words: words, isAppended: isAppended)
    }

    /// Reads a redirection, or nothing where none comes next.
    mutating func redirection() throws(ShellSyntaxError) -> ShellRedirection? {
        var offset = 0
        var descriptor: Int?
        while (0x30...0x39).contains(peek(offset)), offset < 6 {
            descriptor = (descriptor ?? 0) * 10 + Int(peek(offset) - 0x30)
            offset += 1
        }
        if offset == 0, peek() == UInt8(ascii: "{") {
            // {name}> lets the shell choose the number.
            while Self.isName(peek(offset + 1), isFirst: offset == 0) { offset += 1 }
            guard offset > 0, peek(offset + 1) == UInt8(ascii: "}") else { return nil }
            offset += 2
            descriptor = 10
        }
        let first = peek(offset)
        let second = peek(offset + 1)
        let isBoth = offset == 0 && first == UInt8(ascii: "&") && second == UInt8(ascii: ">")
        guard position + offset < end, isBoth || first == UInt8(ascii: "<") || first == UInt8(ascii: ">") else {
            return nil
        }
        // A bracket behind the sign begins a process substitution, which is a word.
        if !isBoth, offset == 0, second == UInt8(ascii: "(") { return nil }
        position += offset
        let place = position
        position += isBoth ? 2 : 1
        if isBoth {
            _ = take(">")
            return ShellRedirection(kind: .writeBoth, descriptor: nil, target: try target())
        }
        if first == UInt8(ascii: ">") {
            if take("&") {
                let target = try target()
                let isNumber = target.keyword?.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2D } ?? false
                return ShellRedirection(
                    kind: isNumber || descriptor != nil ? .duplicate : .writeBoth, descriptor: descriptor,
                    target: target)
            }
            if !take(">") { _ = take("|") }
            return ShellRedirection(kind: .write, descriptor: descriptor, target: try target())
        }
        if take("&") { return ShellRedirection(kind: .duplicateInput, descriptor: descriptor, target: try target()) }
        if take(">") { return ShellRedirection(kind: .write, descriptor: descriptor ?? 0, target: try target()) }
        guard take("<") else { return ShellRedirection(kind: .read, descriptor: descriptor, target: try target()) }
        if take("<") { return ShellRedirection(kind: .text, descriptor: descriptor, target: try target()) }
        let dropsTabs = take("-")
        try skipBlanks()
        guard let delimiter = try word() else { throw .malformed }
        var line: [UInt8] = []
        var isLiteral = false
        for part in delimiter.parts {
            guard case .text(let bytes, _, let isQuoted) = part else {
                // A delimiter is not expanded: it is taken as it is written.
                line = Array(text[delimiter.range])
                break
            }
            line += bytes
            isLiteral = isLiteral || isQuoted
        }
        pending.append(PendingDocument(place: place, delimiter: line, isLiteral: isLiteral, dropsTabs: dropsTabs))
        return ShellRedirection(kind: .text, descriptor: descriptor, target: ShellWord(range: place..<place))
    }

    private mutating func target() throws(ShellSyntaxError) -> ShellWord {
        try skipBlanks()
        guard let word = try word() else { throw .malformed }
        return word
    }

    /// Reads the text of a here-document; one that is not ended ends with the script, as in every shell.
    mutating func hereDocument(_ document: PendingDocument) throws(ShellSyntaxError) -> ShellWord {
        let begin = position
        while true {
            try step()
            let lineBegin = position
            while !isAtEnd, peek() != UInt8(ascii: "\n") { position += 1 }
            var line = text[lineBegin..<position]
            if document.dropsTabs { line = line.drop { $0 == UInt8(ascii: "\t") } }
            let isLast = isAtEnd
            if !isLast { position += 1 }
            if line.elementsEqual(document.delimiter) || isLast {
                let close = line.elementsEqual(document.delimiter) ? lineBegin : position
                guard !document.isLiteral else {
                    return ShellWord(
                        parts: [.text(Array(text[begin..<close]), at: begin, isQuoted: true)], range: begin..<close)
                }
                return try expandedText(begin..<close)
            }
        }
    }

    /// Whether a byte may be part of a variable's name.
    static func isName(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x5F: true
        case 0x30...0x39: !isFirst
        default: false
        }
    }
}
