import Testing

@testable import Linux

/// What compiled filters decide, run in a machine of the test's own.
struct SystemCallFilterTests {
    typealias Rule = SystemCallFilter.Rule
    typealias Match = SystemCallFilter.Match
    typealias Verdict = FilterMachine.Verdict

    static let here = SystemCallFilter.architecture
    static let low: UInt64 = 0xFFFF_FFFF
    static let (permission, missing): (Verdict, Verdict) = (.fail(1), .fail(38))

    /// What a filter of these rules decides of one call.
    private func verdict(
        _ rules: [Int32: Rule], _ number: UInt32, _ arguments: [UInt64] = [], architecture: UInt32 = here
    ) throws -> Verdict {
        var machine = try FilterMachine(SystemCallFilter(rules: rules).compile())
        return try machine.run(architecture: architecture, number: number, arguments: arguments)
    }

    /// The verdict that a rule means, read from the value and not from the program.
    private func meaning(_ rule: Rule, _ arguments: [UInt64]) -> Verdict {
        let check = rule.checks.first { check in
            check.matches.allSatisfy { $0.holds(for: arguments[$0.argument]) }
        }
        switch check?.action ?? rule.otherwise {
        case .allow: return .allow
        case .kill: return .kill
        case .fail(let error): return .fail(error.rawValue)
        }
    }

    @Test func `a call does what its rule says, one without a rule fails, and one that is not known is missing`() throws
    {
        let rules: [Int32: Rule] = [
            0: Rule(otherwise: .allow), 5: Rule(otherwise: .fail(.noSpace)), 6: Rule(otherwise: .kill),
        ]
        #expect(try verdict(rules, 0) == .allow)
        #expect(try verdict(rules, 5) == .fail(28))
        #expect(try verdict(rules, 6) == .kill)
        #expect(try verdict(rules, 1) == Self.permission)
        #expect(try verdict(rules, 4) == Self.permission)
        #expect(try verdict(rules, 450) == Self.permission)
        for unknown: UInt32 in [400, 451, 1000, 0x3FFF_FFFF] { #expect(try verdict(rules, unknown) == Self.missing) }
    }

    @Test func `a filter without rules refuses every call`() throws {
        var machine = try FilterMachine(SystemCallFilter(rules: [:]).compile())
        for number in UInt32(0)...600 {
            let verdict = try machine.run(architecture: Self.here, number: number)
            #expect(
                verdict
                    == (SystemCallFilter.knownNumbers.contains { $0.contains(Int32(number)) }
                        ? Self.permission : Self.missing))
        }
    }

    @Test(arguments: [UInt32(0x4000_0003), 0, 0xC000_00B8, 0xC000_003F, 0x0000_003E, .max])
    func `a call by another architecture's numbers ends the program`(architecture: UInt32) throws {
        let rules = [Int32(0): Rule(otherwise: .allow)]
        #expect(try verdict(rules, 0, architecture: architecture) == .kill)
        #expect(try verdict(rules, 400, architecture: architecture) == .kill)
    }

    @Test(arguments: [UInt32(0x4000_0000), 0x4000_0001, 0x4000_0208, 0x8000_0000, .max])
    func `a call by the numbers of x32, or a negative one, ends the program`(number: UInt32) throws {
        let rules = [Int32(0): Rule(otherwise: .allow), 1: Rule(otherwise: .allow)]
        #expect(try verdict(rules, number) == .kill)
    }

    static let hidden: [(UInt64, Verdict)] = [
        (0x5412, permission), (0x1_0000_5412, permission), (0xFFFF_FFFF_0000_5412, permission),
        (0x5411, .allow),
        (0x5413, .allow), (0x5412_0000_0000, .allow), (0, .allow), (.max, .allow),
    ]

    @Test(arguments: hidden)
    func `bits that the kernel does not read cannot hide a value that is refused`(
        argument: UInt64, wanted: Verdict
    ) throws {
        let rule = Rule(
            checks: [.init([.init(argument: 1, mask: Self.low, values: [0x5412])], .fail(.notPermitted))],
            otherwise: .allow)
        #expect(try verdict([16: rule], 16, [0x5412, argument]) == wanted)
    }

    static let halves: [(UInt64, Verdict)] = [
        (0, .allow), (1, permission), (1 << 32, permission), (1 << 63, permission), (.max, permission),
    ]

    @Test(arguments: halves)
    func `a whole argument is compared in both halves`(argument: UInt64, wanted: Verdict) throws {
        let rule = Rule(checks: [.init([.init(argument: 5, values: [0])], .allow)], otherwise: .fail(.notPermitted))
        #expect(try verdict([302: rule], 302, [1, 1, 1, 1, 1, argument]) == wanted)
    }

    @Test func `the first check that holds decides, and every statement of it must hold`() throws {
        let rule = Rule(
            checks: [
                .init([.init(argument: 0, values: [1, 2]), .init(argument: 2, values: [7])], .allow),
                .init([.init(argument: 0, values: [2, 3])], .fail(.noMemory)),
                .init([.init(argument: 0, values: [3])], .allow),
                .init([], .kill),
            ], otherwise: .allow)
        for (arguments, wanted): ([UInt64], Verdict) in [
            ([1, 0, 7], .allow), ([2, 0, 7], .allow), ([1, 0, 8], .kill), ([2, 0, 8], .fail(12)),
            ([3, 0, 7], .fail(12)),
            ([4, 0, 7], .kill),
        ] {
            #expect(try verdict([9: rule], 9, arguments) == wanted)
            #expect(meaning(rule, arguments) == wanted)
        }
    }

    /// Numbers around the borders of a half and of the whole.
    static let borders: [UInt64] = [
        0, 1, 2, 0xFFFF_FFFE, low, 1 << 32, 1 << 32 | 1, 1 << 32 | low, 2 << 32, 2 << 32 | 1, 1 << 63, .max - 1, .max,
    ]

    @Test(arguments: [SystemCallFilter.Match.Relation.oneOf, .noneOf, .above, .atLeast, .below, .atMost])
    func `an order between 64-bit numbers is that of the numbers`(relation: SystemCallFilter.Match.Relation) throws {
        for value in Self.borders {
            let rule = Rule(
                checks: [.init([.init(argument: 2, relation, values: [value])], .allow)], otherwise: .kill)
            for argument in Self.borders {
                let holds =
                    switch relation {
                    case .oneOf: argument == value
                    case .noneOf: argument != value
                    case .above: argument > value
                    case .atLeast: argument >= value
                    case .below: argument < value
                    case .atMost: argument <= value
                    }
                let arguments: [UInt64] = [value, value, argument, value, value, value]
                #expect(try verdict([9: rule], 9, arguments) == (holds ? .allow : .kill), "\(argument) to \(value)")
                #expect(meaning(rule, arguments) == (holds ? .allow : .kill), "\(argument) to \(value)")
            }
        }
    }

    @Test func `statements of every relation stand beside each other`() throws {
        let rule = Rule(
            checks: [
                .init(
                    [Match(argument: 0, .noneOf, values: [3, 5]), Match(argument: 1, .atMost, values: [9])], .allow),
                .init([.init(argument: 0, .below, values: [4])], .fail(.noMemory)),
            ], otherwise: .kill)
        for first: UInt64 in 0...7 {
            for second: UInt64 in 8...11 {
                let arguments = [first, second, 0, 0, 0, 0]
                #expect(try verdict([9: rule], 9, arguments) == meaning(rule, arguments), "\(arguments)")
            }
        }
    }

    @Test func `a statement with no value never holds`() throws {
        let rule = Rule(checks: [.init([.init(argument: 0, values: [])], .allow)], otherwise: .fail(.notPermitted))
        #expect(try verdict([9: rule], 9, [0]) == Self.permission)
    }

    @Test func `a filter of many ranges decides each call right, in few steps`() throws {
        // Neighbours differ, so that every number is a range of its own and jumps go beyond 255 instructions.
        var rules: [Int32: Rule] = [:]
        for number in Int32(0)...450 { rules[number] = Rule(otherwise: .fail(Errno(rawValue: number % 4000 + 1))) }
        var machine = try FilterMachine(SystemCallFilter(rules: rules).compile())
        #expect(machine.count > 900)
        for number in Int32(0)...450 {
            #expect(try machine.run(architecture: Self.here, number: UInt32(number)) == .fail(number % 4000 + 1))
            #expect(machine.steps <= 32)
        }
        #expect(try machine.run(architecture: Self.here, number: 451) == Self.missing)
    }

    @Test func `a check with many values reaches its end over a long distance`() throws {
        let values = (0..<150).map { UInt64($0) << 32 | UInt64($0) }
        let rule = Rule(
            checks: [
                .init([.init(argument: 0, values: values), .init(argument: 1, values: values)], .allow),
                .init([.init(argument: 0, values: values)], .fail(.noMemory)),
            ], otherwise: .fail(.notPermitted))
        let probes = [UInt64(0), 1, 1 << 32, values[75], values[149], 150 << 32 | 150, .max]
        for first in probes {
            for second in probes {
                #expect(try verdict([9: rule], 9, [first, second] + [0, 0, 0, 0]) == meaning(rule, [first, second]))
            }
        }
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `a random filter decides random calls as its rules read`(seed: UInt64) throws {
        var state = seed
        func random(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        // Few values, so that they often meet.
        let pool: [UInt64] = [0, 1, 2, 0xFF, Self.low, 1 << 32, 1 << 32 | 1, .max]
        let masks: [UInt64] = [.max, Self.low, 0xF0, 0xFFFF_FFFF_0000_0000, 0]
        func action() -> SystemCallFilter.Action {
            [.allow, .kill, .fail(.noSpace), .fail(.notPermitted)][Int(random(4))]
        }
        func rule() -> Rule {
            let checks = (0..<random(4)).map { _ in
                SystemCallFilter.Check(
                    (0..<random(4)).map { _ in
                        .init(
                            argument: Int(random(6)), mask: masks[Int(random(5))],
                            values: (0..<random(4)).map { _ in pool[Int(random(8))] })
                    }, action())
            }
            return Rule(checks: checks, otherwise: action())
        }
        var rules: [Int32: Rule] = [:]
        for _ in 0..<40 { rules[Int32(random(460))] = rule() }
        let filter = SystemCallFilter(rules: rules)
        var machine = try FilterMachine(filter.compile())
        for number in Int32(0)...470 {
            for _ in 0..<(rules[number] == nil ? 1 : 60) {
                let arguments = (0..<6).map { _ in pool[Int(random(8))] }
                let verdict = try machine.run(architecture: Self.here, number: UInt32(number), arguments: arguments)
                #expect(verdict == meaning(filter.rule(for: number), arguments))
            }
        }
    }

    @Test func `names are known or not, and have this architecture's numbers`() {
        #expect(SystemCallFilter.isKnown("openat2"))
        #expect(!SystemCallFilter.isKnown("opennat"))
        #expect(SystemCallFilter.number(of: "openat2") == 437)
        #expect(SystemCallFilter.number(of: "opennat") == nil)
        #if arch(x86_64)
            #expect(SystemCallFilter.number(of: "read") == 0)
        #endif
    }
}
