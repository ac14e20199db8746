/// What is known of a word after its expansions, or of what a command prints.
internal struct Value {
    /// The pieces in order.
    var pieces: [Piece] = []

    /// A piece of a value.
    indirect enum Piece {
        /// Known text.
        case text([UInt8], at: Place, isQuoted: Bool)
        /// A secret's value.
        case secret(Taint)
        /// The name of a file, or of a stream, with this content.
        case file(Value, at: Place)
        /// Anything.
        case unknown
        /// The names of the variables in the environment, without their values.
        case names(at: Place)
    }

    /// The value of a secret, or of all of them, at a place of the command.
    struct Taint: Hashable {
        /// The secret's name; `nil` for the whole environment.
        var secret: String?
        /// What became of it.
        var form: Form
        /// Where the command speaks of it.
        var place: Place

        /// What became of a value.
        enum Form: Hashable {
            /// It is as it was.
            case plain
            /// It was encoded, or it is a part of it.
            case changed
            /// It is one of all in the environment.
            case environment
        }
    }

    /// Makes a value of pieces.
    init(_ pieces: [Piece] = []) { self.pieces = pieces }

    /// Makes a value of known text.
    init(_ text: [UInt8], at place: Place, isQuoted: Bool = true) {
        pieces = [.text(text, at: place, isQuoted: isQuoted)]
    }

    /// The whole text where all of it is known.
    var bytes: [UInt8]? {
        var bytes: [UInt8] = []
        for piece in pieces {
            guard case .text(let text, _, _) = piece else { return nil }
            bytes += text
        }
        return bytes
    }

    /// The whole text where all of it is known.
    var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    /// The known text in front of anything else.
    var leadingText: String {
        var bytes: [UInt8] = []
        for piece in pieces {
            guard case .text(let text, _, _) = piece else { break }
            bytes += text
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The secrets in it.
    var taints: [Taint] {
        pieces.compactMap { piece in
            if case .secret(let taint) = piece { taint } else { nil }
        }
    }

    /// Whether a secret is in it.
    var isTainted: Bool {
        pieces.contains { piece in
            if case .secret = piece { true } else { false }
        }
    }

    /// The content of the files that it names.
    var fileContent: Value {
        Value(
            pieces.flatMap { piece in
                if case .file(let content, _) = piece { content.pieces } else { [] as [Piece] }
            })
    }

    /// Where it is written, as far as that is known.
    var place: Place? {
        for piece in pieces {
            switch piece {
            case .text(_, let place, _), .file(_, let place), .names(let place): return place
            case .secret(let taint): return taint.place
            case .unknown: continue
            }
        }
        return nil
    }

    /// The secrets and names alone, each secret changed.
    var changed: Value {
        Value(
            pieces.compactMap { piece in
                switch piece {
                case .secret(var taint):
                    if taint.form == .plain { taint.form = .changed }
                    return .secret(taint)
                case .names: return piece
                default: return nil
                }
            })
    }

    /// The same, with nothing of the whole environment but the names of its variables.
    var environmentNames: Value {
        Value(
            pieces.map { piece in
                guard case .secret(let taint) = piece, taint.form == .environment else { return piece }
                return .names(at: taint.place)
            })
    }

    /// Whether it may be the name of any variable.
    var isAnyName: Bool {
        pieces.contains { piece in
            if case .names = piece { true } else { false }
        }
    }

    /// The same, spoken of at another place.
    func spoken(at place: Place) -> Value {
        Value(
            pieces.map { piece in
                switch piece {
                case .text(let text, _, let isQuoted): return .text(text, at: place, isQuoted: isQuoted)
                case .secret(var taint):
                    taint.place = place
                    return .secret(taint)
                case .file(let content, _): return .file(content.spoken(at: place), at: place)
                case .unknown: return .unknown
                case .names: return .names(at: place)
                }
            })
    }

    /// Both, one behind the other, with each secret at a place once and no more text than matters.
    static func + (left: Value, right: Value) -> Value {
        if right.pieces.isEmpty { return left }
        if left.pieces.isEmpty { return right }
        return Value(left.pieces + right.pieces).bounded
    }

    private static let mostPieces = 128
    private static let mostText = 16 << 10

    /// The same, or where that is too much to carry on with, its secrets and something unknown.
    ///
    /// A script can double a variable with each of its commands.
    var bounded: Value {
        guard pieces.count > 1 else { return self }
        let text = pieces.reduce(0) { count, piece in
            if case .text(let bytes, _, _) = piece { count + bytes.count } else { count }
        }
        guard pieces.count > Self.mostPieces || text > Self.mostText else { return self }
        var seen: Set<Taint> = []
        let taints = taints.filter { seen.insert($0).inserted }
        return Value(taints.prefix(Self.mostPieces / 2).map { .secret($0) } + [.unknown])
    }

    /// The words with blanks between them, as a command line.
    static func joined(_ values: some Collection<Value>) -> Value {
        var pieces: [Piece] = []
        for value in values {
            if !pieces.isEmpty {
                pieces.append(.text([0x20], at: value.place ?? Place(argument: 0, range: 0..<0), isQuoted: true))
            }
            pieces += value.pieces
        }
        return Value(pieces).bounded
    }

    /// The value without a prefix of known text.
    func dropping(_ count: Int) -> Value {
        var left = count
        var pieces: [Piece] = []
        for piece in self.pieces {
            guard left > 0, case .text(let text, let place, let isQuoted) = piece else {
                pieces.append(piece)
                continue
            }
            let dropped = min(left, text.count)
            left -= dropped
            guard dropped < text.count else { continue }
            let begin = min(place.range.lowerBound + dropped, place.range.upperBound)
            pieces.append(
                .text(
                    Array(text[dropped...]),
                    at: Place(argument: place.argument, range: begin..<place.range.upperBound), isQuoted: isQuoted))
        }
        return Value(pieces)
    }
}
