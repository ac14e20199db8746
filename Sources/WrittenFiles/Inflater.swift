/// Unpacks a stream of DEFLATE that comes in pieces; see RFC 1951. Memory is bounded whatever the stream says.
internal struct Inflater {
    /// How a stream stands.
    enum Status {
        /// It goes on.
        case open
        /// It ended as it should.
        case ended
        /// It is no such stream.
        case broken
    }

    /// What is read next.
    private enum Phase {
        case header
        case stored(left: Int)
        case symbols
        case ended
        case broken
    }

    /// How far back a stream may refer.
    private static let window = 32 << 10
    /// So much is unpacked before it is passed on.
    private static let block = 64 << 10
    private static let lengthBases: [Int] = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthBits: [Int] = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases: [Int] = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12289, 16385, 24577,
    ]
    /// In which order the lengths of the code for lengths stand.
    private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    /// The codes of blocks that bring none.
    private static let fixedLiterals = HuffmanTable(
        lengths: (0..<288).map { UInt8($0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8) }[...])
    private static let fixedDistances = HuffmanTable(lengths: [UInt8](repeating: 5, count: 30)[...])
    /// To read the header of a block and make its codes takes as long as to unpack and search so many bytes: a stream of
    /// empty blocks is work without end that unpacks to nothing.
    private static let headerCost = 1 << 10

    private var phase = Phase.header
    private var isLastBlock = false
    private var input: [UInt8] = []
    private var position = 0
    private var bits: UInt64 = 0
    private var bitCount = 0
    private var output: [UInt8] = []
    /// How much of `output` was passed on.
    private var passed = 0
    private var literals: HuffmanTable?
    private var distances: HuffmanTable?

    /// Takes the next piece and passes on what it unpacks to.
    ///
    /// - Parameters:
    ///   - charge: Is told of work that unpacks nothing, in the bytes that it takes as long as; `false` ends the work.
    ///   - sink: Gets what is unpacked; `false` ends the work.
    mutating func write(
        _ bytes: Span<UInt8>, charge: (Int) -> Bool, to sink: (Span<UInt8>) -> Bool
    ) -> Status {
        input.removeFirst(position)
        position = 0
        for index in 0..<bytes.count { input.append(bytes[index]) }
        var goesOn = true
        while goesOn {
            if case .header = phase, !charge(Self.headerCost) { phase = .broken }
            goesOn = step()
            if output.count - passed >= Self.block || !goesOn {
                guard passOn(to: sink) else { return .broken }
            }
        }
        switch phase {
        case .ended: return .ended
        case .broken: return .broken
        default: return .open
        }
    }

    private mutating func passOn(to sink: (Span<UInt8>) -> Bool) -> Bool {
        let isWanted = passed == output.count || sink(output.span.extracting(passed...))
        if output.count > Self.window { output.removeFirst(output.count - Self.window) }
        passed = output.count
        return isWanted
    }

    /// Does the next part of the work; `false` where more input is needed or the stream is over.
    private mutating func step() -> Bool {
        switch phase {
        case .header: return readHeader()
        case .stored(let left): return copyStored(left)
        case .symbols: return readSymbols()
        case .ended, .broken: return false
        }
    }

    private mutating func refill() {
        while bitCount <= 56, position < input.count {
            bits |= UInt64(input[position]) << UInt64(bitCount)
            position += 1
            bitCount += 8
        }
    }

    private mutating func take(_ count: Int) -> Int? {
        refill()
        guard bitCount >= count else { return nil }
        let value = Int(bits & (1 << UInt64(count) - 1))
        drop(count)
        return value
    }

    private mutating func drop(_ count: Int) {
        bits >>= UInt64(count)
        bitCount -= count
    }

    private mutating func fail() -> Bool {
        phase = .broken
        return false
    }

    /// Reads the header of a block, as a whole or not at all.
    private mutating func readHeader() -> Bool {
        guard !isLastBlock else {
            phase = .ended
            return false
        }
        let before = (position, bits, bitCount)
        let header = readWholeHeader()
        if header == nil {
            (position, bits, bitCount) = before
            return false
        }
        return header == true || fail()
    }

    /// `nil` where more input is needed, `false` where it is no header.
    private mutating func readWholeHeader() -> Bool? {
        guard let head = take(3) else { return nil }
        switch head >> 1 {
        case 0:
            drop(bitCount % 8)
            guard let length = take(16), let complement = take(16) else { return nil }
            guard length == complement ^ 0xFFFF else { return false }
            phase = .stored(left: length)
        case 1:
            literals = Self.fixedLiterals
            distances = Self.fixedDistances
            phase = .symbols
        case 2:
            guard let lengths = readLengths() else { return nil }
            guard let literals = HuffmanTable(lengths: lengths.literals),
                let distances = HuffmanTable(lengths: lengths.distances), lengths.literals.count > 256
            else { return false }
            self.literals = literals
            self.distances = distances
            phase = .symbols
        default: return false
        }
        isLastBlock = head & 1 == 1
        return true
    }

    /// The lengths of both codes, `nil` where more input is needed; both empty where they make no sense.
    private mutating func readLengths() -> (literals: ArraySlice<UInt8>, distances: ArraySlice<UInt8>)? {
        guard let counts = take(14) else { return nil }
        let (literalCount, distanceCount) = (counts & 31 + 257, counts >> 5 & 31 + 1)
        var codeLengths = [UInt8](repeating: 0, count: 19)
        for index in 0..<(counts >> 10 + 4) {
            guard let length = take(3) else { return nil }
            codeLengths[Self.order[index]] = UInt8(length)
        }
        guard literalCount <= 286, distanceCount <= 30, let code = HuffmanTable(lengths: codeLengths[...]) else {
            return ([], [])
        }
        var lengths: [UInt8] = []
        while lengths.count < literalCount + distanceCount {
            refill()
            guard case .symbol(let symbol, let length) = code.read(bits, available: bitCount) else {
                if case .broken = code.read(bits, available: bitCount) { return ([], []) }
                return nil
            }
            drop(length)
            guard symbol > 15 else {
                lengths.append(UInt8(symbol))
                continue
            }
            guard let more = take(symbol == 16 ? 2 : symbol == 17 ? 3 : 7) else { return nil }
            guard symbol > 16 || !lengths.isEmpty else { return ([], []) }
            let value = symbol == 16 ? lengths[lengths.count - 1] : 0
            lengths += [UInt8](repeating: value, count: more + (symbol == 18 ? 11 : 3))
        }
        guard lengths.count == literalCount + distanceCount else { return ([], []) }
        return (lengths[..<literalCount], lengths[literalCount...])
    }

    private mutating func copyStored(_ left: Int) -> Bool {
        guard left > 0 else {
            phase = .header
            return true
        }
        // Bytes that were taken in as bits come first.
        var left = left
        while left > 0, bitCount >= 8 {
            output.append(UInt8(truncatingIfNeeded: bits))
            drop(8)
            left -= 1
        }
        let count = min(left, input.count - position, Self.block)
        output.append(contentsOf: input[position..<(position + count)])
        position += count
        phase = .stored(left: left - count)
        return count > 0 || left == 0
    }

    /// Unpacks symbols until a block is full, the input is used up or the block of the stream ends.
    private mutating func readSymbols() -> Bool {
        guard let literals, let distances else { return fail() }
        while output.count - passed < Self.block {
            refill()
            switch literals.read(bits, available: bitCount) {
            case .broken: return fail()
            case .short: return false
            case .symbol(let symbol, let length) where symbol < 256:
                drop(length)
                output.append(UInt8(symbol))
            case .symbol(256, let length):
                drop(length)
                phase = .header
                return true
            case .symbol(let symbol, let length):
                guard let done = copy(symbol - 257, codeLength: length, distances) else { return false }
                guard done else { return fail() }
            }
        }
        return true
    }

    /// Repeats what came earlier; `nil` where more input is needed, `false` where the stream is broken.
    private mutating func copy(_ symbol: Int, codeLength: Int, _ table: HuffmanTable) -> Bool? {
        guard symbol < Self.lengthBases.count else { return false }
        var used = codeLength
        var count = Self.lengthBases[symbol]
        let extra = Self.lengthBits[symbol]
        guard bitCount >= used + extra else { return nil }
        count += Int(bits >> UInt64(used) & (1 << UInt64(extra) - 1))
        used += extra
        switch table.read(bits >> UInt64(used), available: bitCount - used) {
        case .short: return nil
        case .broken: return false
        case .symbol(let code, let length):
            guard code < Self.distanceBases.count else { return false }
            used += length
            let extra = max(0, code / 2 - 1)
            guard bitCount >= used + extra else { return nil }
            let distance = Self.distanceBases[code] + Int(bits >> UInt64(used) & (1 << UInt64(extra) - 1))
            drop(used + extra)
            guard distance <= output.count else { return false }
            for _ in 0..<count { output.append(output[output.count - distance]) }
            return true
        }
    }
}
