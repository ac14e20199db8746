extension SystemCallFilter {
    /// The most instructions that the kernel takes in one program; BPF_MAXINSNS.
    public static let longestProgram = 4096

    /// This filter, and beyond it another one: a call is allowed only where both allow it.
    ///
    /// - Parameters:
    ///   - others: The other filter's rules by the call's number.
    ///   - otherwise: What the other filter does with calls that it has no rule for.
    public func narrowed(by others: [Int32: Rule], otherwise: Action) -> SystemCallFilter {
        var narrowed = self
        for (number, rule) in rules {
            narrowed.rules[number] = rule.narrowed(by: others[number] ?? Rule(otherwise: otherwise))
        }
        return narrowed
    }
}

extension SystemCallFilter.Rule {
    /// The rule that does what the stricter of both does.
    ///
    /// The first pair of checks that hold both, in the order of the one and then of the other, is made of the first
    /// check that holds in each.
    fileprivate func narrowed(by other: SystemCallFilter.Rule) -> SystemCallFilter.Rule {
        var joined: [SystemCallFilter.Check] = []
        for own in checks + [.init([], otherwise)] {
            for others in other.checks + [.init([], other.otherwise)] {
                joined.append(.init(own.matches + others.matches, own.action.stricter(others.action)))
            }
        }
        // The last pair has no statement.
        let otherwise = joined.removeLast().action
        while joined.last?.action == otherwise { joined.removeLast() }
        return SystemCallFilter.Rule(checks: joined, otherwise: otherwise)
    }
}

extension SystemCallFilter.Action {
    /// How much an action takes away.
    public var strictness: Int {
        switch self {
        case .allow: 0
        case .fail: 1
        case .kill: 2
        }
    }

    /// The action that takes more away; of two errors, this one.
    fileprivate func stricter(_ other: Self) -> Self { other.strictness > strictness ? other : self }
}
