extension SystemCallFilter {
    /// The seccomp program of this filter, eight bytes an instruction (seccomp(2), struct sock_filter).
    ///
    /// It ends a program that calls by another architecture's numbers, x32 among them, and finds a call's rule by
    /// halving the range of numbers: nine comparisons for any call.
    public func compile() -> [UInt8] {
        var program = Program()
        program.load(offset: Program.architectureOffset)
        program.unless(.equal, Self.architecture, then: Action.kill)
        program.load(offset: Program.numberOffset)
        program.when(.greaterOrEqual, Program.x32Bit, then: Action.kill)
        program.append(Self.tree(ranges()[...]))
        return program.bytes
    }

    /// Numbers in a row with one rule.
    private struct Range {
        let first: UInt32
        let rule: Rule
    }

    /// All numbers, in order, cut where the rule changes.
    private func ranges() -> [Range] {
        let last = max(rules.keys.max() ?? 0, Self.knownNumbers.map(\.upperBound).max() ?? 0) + 1
        var ranges: [Range] = []
        for number in 0...last {
            let rule = rule(for: number)
            if ranges.last?.rule != rule { ranges.append(Range(first: UInt32(number), rule: rule)) }
        }
        return ranges
    }

    /// Instructions that find the number's range among these and decide by its rule.
    private static func tree(_ ranges: ArraySlice<Range>) -> Program {
        guard ranges.count > 1, let start = ranges.indices.first else {
            return ranges.first.map { decision($0.rule) } ?? Program()
        }
        let middle = start + ranges.count / 2
        let below = tree(ranges[..<middle])
        var program = Program()
        program.skip(below.count, when: .greaterOrEqual, ranges[middle].first)
        program.append(below)
        program.append(tree(ranges[middle...]))
        return program
    }

    /// Instructions that decide one call.
    private static func decision(_ rule: Rule) -> Program {
        var program = Program()
        for check in rule.checks {
            var end = Program()
            end.decide(check.action)
            // Written from the back: each statement jumps over all that follows it where it does not hold.
            for match in check.matches.reversed() {
                var front = Program()
                front.test(match, orSkip: end.count)
                front.append(end)
                end = front
            }
            program.append(end)
        }
        program.decide(rule.otherwise)
        return program
    }
}

/// A seccomp program in the making: classic BPF over struct seccomp_data.
private struct Program {
    private var instructions: [UInt64] = []

    static let numberOffset: UInt32 = 0
    static let architectureOffset: UInt32 = 4
    private static let argumentsOffset: UInt32 = 16
    /// Numbers of the x32 architecture have this bit, and share AUDIT_ARCH_X86_64.
    static let x32Bit: UInt32 = 0x4000_0000

    /// A comparison of the accumulator with a constant: BPF_JMP with its condition and BPF_K.
    enum Comparison: UInt16 {
        case equal = 0x15
        case greater = 0x25
        case greaterOrEqual = 0x35
    }

    private static let loadWord: UInt16 = 0x20
    private static let andConstant: UInt16 = 0x54
    private static let jumpAlways: UInt16 = 0x05
    private static let returnConstant: UInt16 = 0x06

    var count: Int { instructions.count }

    /// The instructions as the kernel reads them; both supported architectures are little-endian.
    var bytes: [UInt8] {
        instructions.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
    }

    mutating func append(_ other: Program) { instructions += other.instructions }

    mutating func load(offset: UInt32) { emit(Self.loadWord, constant: offset) }

    mutating func decide(_ action: SystemCallFilter.Action) {
        let value: UInt32 =
            switch action {
            case .allow: 0x7FFF_0000
            case .fail(let error): 0x0005_0000 | UInt32(error.rawValue & 0xFFFF)
            case .kill: 0x8000_0000
            }
        emit(Self.returnConstant, constant: value)
    }

    mutating func when(_ comparison: Comparison, _ constant: UInt32, then action: SystemCallFilter.Action) {
        emit(comparison.rawValue, ifTrue: 0, ifFalse: 1, constant: constant)
        decide(action)
    }

    mutating func unless(_ comparison: Comparison, _ constant: UInt32, then action: SystemCallFilter.Action) {
        emit(comparison.rawValue, ifTrue: 1, ifFalse: 0, constant: constant)
        decide(action)
    }

    /// Passes over the next `distance` instructions where the comparison holds.
    mutating func skip(_ distance: Int, when comparison: Comparison, _ constant: UInt32) {
        if distance <= UInt8.max {
            emit(comparison.rawValue, ifTrue: UInt8(distance), ifFalse: 0, constant: constant)
        } else {
            // A condition jumps at most 255 instructions; an unconditional jump any distance.
            emit(comparison.rawValue, ifTrue: 0, ifFalse: 1, constant: constant)
            emit(Self.jumpAlways, constant: UInt32(distance))
        }
    }

    /// Goes on where the statement holds, else passes over the next `distance` instructions.
    mutating func test(_ match: SystemCallFilter.Match, orSkip distance: Int) {
        switch match.relation {
        case .oneOf: testValues(match, orSkip: distance)
        case .noneOf:
            // Where one of the values is there, the next instruction leads away; where none is, it is passed over.
            testValues(match, orSkip: 1)
            emit(Self.jumpAlways, constant: UInt32(distance))
        case .above: testOrder(match, .greater, holds: true, orSkip: distance)
        case .atLeast: testOrder(match, .greaterOrEqual, holds: true, orSkip: distance)
        case .below: testOrder(match, .greaterOrEqual, holds: false, orSkip: distance)
        case .atMost: testOrder(match, .greater, holds: false, orSkip: distance)
        }
    }

    /// Goes on where the comparison with the one value comes out as `holds`: the upper half decides, unless it is equal.
    private mutating func testOrder(
        _ match: SystemCallFilter.Match, _ comparison: Comparison, holds: Bool, orSkip distance: Int
    ) {
        let offset = Self.argumentsOffset + 8 * UInt32(match.argument)
        let value = match.values.first ?? 0
        let (lower, upper) = (UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32))
        // The last instruction leads away: what does not hold jumps onto it, what holds past it.
        load(offset: offset + 4)
        emit(Comparison.greater.rawValue, ifTrue: holds ? 4 : 3, ifFalse: 0, constant: upper)
        emit(Comparison.equal.rawValue, ifTrue: 0, ifFalse: holds ? 2 : 3, constant: upper)
        load(offset: offset)
        emit(comparison.rawValue, ifTrue: holds ? 1 : 0, ifFalse: holds ? 0 : 1, constant: lower)
        emit(Self.jumpAlways, constant: UInt32(distance))
    }

    private mutating func testValues(_ match: SystemCallFilter.Match, orSkip distance: Int) {
        let offset = Self.argumentsOffset + 8 * UInt32(match.argument)
        let (low, high) = (UInt32(truncatingIfNeeded: match.mask), UInt32(truncatingIfNeeded: match.mask >> 32))
        var alternatives = Program()
        // The last alternative that fails leads to the jump away, each that holds leads past it.
        for value in match.values.reversed() {
            var one = Program()
            one.compareHalf(offset: offset, mask: low, UInt32(truncatingIfNeeded: value), orSkip: 1)
            one.emit(Self.jumpAlways, constant: UInt32(alternatives.count + 1))
            if high != 0 {
                var front = Program()
                front.compareHalf(
                    offset: offset + 4, mask: high, UInt32(truncatingIfNeeded: value >> 32), orSkip: one.count)
                front.append(one)
                one = front
            }
            one.append(alternatives)
            alternatives = one
        }
        append(alternatives)
        emit(Self.jumpAlways, constant: UInt32(distance))
    }

    private mutating func compareHalf(offset: UInt32, mask: UInt32, _ value: UInt32, orSkip distance: Int) {
        load(offset: offset)
        if mask != .max { emit(Self.andConstant, constant: mask) }
        emit(Comparison.equal.rawValue, ifTrue: 0, ifFalse: UInt8(distance), constant: value & mask)
    }

    private mutating func emit(_ code: UInt16, ifTrue: UInt8 = 0, ifFalse: UInt8 = 0, constant: UInt32) {
        instructions.append(
            UInt64(code) | UInt64(ifTrue) << 16 | UInt64(ifFalse) << 24 | UInt64(constant) << 32)
    }
}
