extension Walker {
    /// The fields that a word becomes; a word with a list of parameters becomes several.
    mutating func fields(_ word: ShellWord) -> [Value] {
        if word.parts.count <= 2, case .parameter(let parameter, _)? = word.parts.last,
            parameter.operation == .none, parameter.name == [0x40] || parameter.name == [0x2A]
        {
            return Array(scope.positional.dropFirst())
        }
        let value = value(word)
        // Unquoted text that came out of a variable is split at blanks: `C="env -0"; $C`.
        guard word.parts.count == 1, case .parameter = word.parts[0], value.pieces.count == 1,
            case .text(let bytes, let place, _) = value.pieces[0], bytes.contains(0x20) || bytes.contains(0x0A)
        else { return BraceExpansion.expand(value) }
        return bytes.split { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }.map { Value(Array($0), at: place) }
    }

    /// The value of a word.
    mutating func value(_ word: ShellWord) -> Value { value(word.parts) }

    private mutating func value(_ parts: [ShellPart]) -> Value {
        Value(parts.flatMap { pieces($0) }).bounded
    }

    private func place(_ range: Range<Int>) -> Place {
        script?.source.place(of: range) ?? Place(argument: 0, range: 0..<0)
    }

    private mutating func pieces(_ part: ShellPart) -> [Value.Piece] {
        switch part {
        case .text(let bytes, let start, let isQuoted):
            guard !bytes.isEmpty else { return [] }
            return [.text(bytes, at: place(start..<start + bytes.count), isQuoted: isQuoted)]
        case .parameter(let parameter, let range): return expansion(parameter, place(range)).pieces
        case .arithmetic(let parts, _):
            return value(parts).changed.pieces + [.unknown]
        case .process(let list, let isInput, let range):
            guard isInput else { return [.unknown] }
            return [.file(captured(list), at: place(range))]
        case .command(let list, let range):
            let output = captured(list)
            guard let bytes = output.bytes else {
                return output.spoken(at: place(range), keepingPlaces: true).pieces + [.unknown]
            }
            let trimmed = bytes.reversed().drop { $0 == 0x0A }.reversed()
            return bytes.isEmpty ? [.unknown] : [.text(Array(trimmed), at: place(range), isQuoted: false)]
        }
    }

    /// What commands print in a shell of their own.
    private mutating func captured(_ list: ShellList) -> Value {
        nested { walker in
            let outer = walker.scope
            let value = walker.run(list, stdin: Value())
            walker.scope = outer
            return value
        }
    }

    private mutating func expansion(_ parameter: ShellParameter, _ place: Place) -> Value {
        let argument = value(parameter.argument)
        let current = current(parameter, place)
        switch parameter.operation {
        case .none: return current ?? Value([.unknown])
        case .length: return (current?.changed ?? Value()) + Value([.unknown])
        case .names: return Value([.unknown])
        case .fallback: return current ?? argument
        case .alternative: return argument
        case .change: return current.map { $0.changed + Value([.unknown]) } ?? Value([.unknown])
        case .indirect:
            var output = Value()
            for name in current.map(\.names) ?? [] { output = output + (lookup(name, at: place) ?? Value([.unknown])) }
            if current?.isAnyName == true { output = output + environment(at: place) }
            // The name cannot be known: it may be any.
            if current?.bytes == nil, parameter.argument.isEmpty { output = output + Value([.unknown]) }
            return output
        }
    }

    private func current(_ parameter: ShellParameter, _ place: Place) -> Value? {
        let name = String(decoding: parameter.name, as: UTF8.self)
        if name == "@" || name == "*" { return Value.joined(scope.positional.dropFirst()).spoken(at: place) }
        if let number = Int(name) {
            return number < scope.positional.count ? scope.positional[number].spoken(at: place) : nil
        }
        return lookup(name, at: place)
    }
}

extension Value {
    /// The words of its text, each of which may be a variable's name.
    fileprivate var names: [String] {
        pieces.flatMap { piece -> [String] in
            guard case .text(let bytes, _, _) = piece else { return [] }
            return bytes.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// The same; text that comes from elsewhere is spoken of at a place, secrets stay where they are named.
    fileprivate func spoken(at place: Place, keepingPlaces: Bool) -> Value {
        Value(
            pieces.map { piece in
                guard case .text(let text, _, let isQuoted) = piece else { return piece }
                return .text(text, at: place, isQuoted: isQuoted)
            })
    }
}
