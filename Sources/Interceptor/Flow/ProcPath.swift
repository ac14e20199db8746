/// Tells whether a word can name /proc/…/environ.
internal enum ProcPath {
    /// One character of a path that is known in part.
    private enum Element: Equatable {
        case byte(UInt8)
        /// Any one character.
        case one
        /// Any characters, by a pattern of the shell.
        case many
        /// Anything, since the value is not known.
        case unknown
    }

    /// Whether a value holds a path that can be that of an environment.
    static func isEnvironment(_ value: Value, directory: Value?) -> Bool {
        let own = elements(value)
        if isEnvironment(own) { return true }
        guard let directory, own.first != .byte(slash) else { return false }
        return isEnvironment(elements(directory) + [.byte(slash)] + own)
    }

    /// No longer path is looked at, so that the time stays linear in the length of a word.
    private static let longest = 512
    private static let slash = UInt8(ascii: "/")

    private static func elements(_ value: Value) -> [Element] {
        var elements: [Element] = []
        for piece in value.pieces {
            guard case .text(let bytes, _, let isQuoted) = piece else {
                elements.append(.unknown)
                continue
            }
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                switch byte {
                case UInt8(ascii: "*") where !isQuoted: elements.append(.many)
                case UInt8(ascii: "?") where !isQuoted: elements.append(.one)
                case UInt8(ascii: "[") where !isQuoted:
                    guard let close = bytes[index...].prefix(32).firstIndex(of: UInt8(ascii: "]")) else { fallthrough }
                    elements.append(.one)
                    index = close + 1
                default: elements.append(.byte(byte))
                }
            }
        }
        return elements
    }

    private static func isEnvironment(_ elements: [Element]) -> Bool {
        for start in elements.indices where elements[start] == .byte(slash) {
            if start > 0, case .byte(let before) = elements[start - 1], isPathByte(before) { continue }
            let path = elements[start...].prefix(longest).prefix { element in
                guard case .byte(let byte) = element else { return true }
                return isPathByte(byte)
            }
            if namesEnvironment(path) { return true }
        }
        return false
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...0xFF: true
        default: "/._-+~$".utf8.contains(byte)
        }
    }

    private static func namesEnvironment(_ path: ArraySlice<Element>) -> Bool {
        var components: [ArraySlice<Element>] = []
        for component in path.split(separator: .byte(slash)) {
            if component.elementsEqual([.byte(UInt8(ascii: "."))]) { continue }
            if component.elementsEqual([.byte(UInt8(ascii: ".")), .byte(UInt8(ascii: "."))]) {
                _ = components.popLast()
            } else {
                components.append(component)
            }
        }
        guard components.count >= 3, let first = components.first, let last = components.last else { return false }
        // A component of which nothing is known is not taken for the worst: `ls /proc/$PID/$NAME`.
        guard last.contains(where: { $0 != .unknown }) else { return false }
        return matches(first, "proc") && matches(last, "environ")
    }

    /// Whether a pattern matches a word, in time that grows with the product of their lengths.
    private static func matches(_ pattern: ArraySlice<Element>, _ word: String) -> Bool {
        let word = Array(word.utf8)
        var reachable = [true] + [Bool](repeating: false, count: word.count)
        for element in pattern {
            var next = [Bool](repeating: false, count: word.count + 1)
            switch element {
            case .many, .unknown:
                var isReached = false
                for index in 0...word.count {
                    isReached = isReached || reachable[index]
                    next[index] = isReached
                }
            case .one: for index in word.indices { next[index + 1] = reachable[index] }
            case .byte(let byte):
                for index in word.indices { next[index + 1] = reachable[index] && word[index] == byte }
            }
            guard next.contains(true) else { return false }
            reachable = next
        }
        return reachable[word.count]
    }

    /// Whether a word of a command's name, which may be a pattern such as `/usr/bin/e?v`, names this program.
    static func names(_ value: Value, program: String) -> Bool {
        let elements = elements(value)
        let name = elements.split(separator: .byte(slash)).last ?? []
        return name.contains { $0 == .one || $0 == .many } && matches(name, program)
    }
}

extension Walker {
    /// Notes a word that can name a process's environment.
    mutating func checkPath(_ value: Value) {
        guard hasValues, ProcPath.isEnvironment(value, directory: scope.directory), let place = value.span else {
            return
        }
        find(.readProcEnviron, place)
    }
}

extension Value {
    /// All of where it is written, within the argument of its first piece.
    internal var span: Place? {
        guard var whole = place else { return nil }
        for piece in pieces {
            let next: Place? =
                switch piece {
                case .text(_, let place, _), .file(_, let place): place
                case .secret(let taint): taint.place
                case .unknown, .names: nil
                }
            guard let next, next.argument == whole.argument else { continue }
            whole.range =
                min(whole.range.lowerBound, next.range.lowerBound)..<max(whole.range.upperBound, next.range.upperBound)
        }
        return whole
    }
}
