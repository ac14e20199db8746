/// Looks at a command before it runs, for ways in which it would let a secret out.
///
/// It reads the arguments, the scripts that are given to shells, and the code that is given to interpreters; it runs
/// nothing and keeps nothing. It helps people and assistants who mean well to avoid a leak; what stops one who does not
/// is the sandbox and the redaction.
public enum Interceptor {
    /// Judges a command.
    ///
    /// - Parameters:
    ///   - command: The program and its arguments.
    ///   - injected: The variables with secrets that the program will find; without any, only values and tokens in the
    ///     arguments are looked for.
    ///   - storedValues: Finds stored values in an argument; called once for each argument.
    public static func judge(
        _ command: [[UInt8]], injected: [InjectedVariable],
        storedValues: (_ argument: [UInt8]) -> [StoredOccurrence] = { _ in [] }
    ) -> Verdict {
        var found = shape(command, injected)
        var masks: [Int: [Mask]] = [:]
        for (index, argument) in command.enumerated() {
            let stored = storedValues(argument)
            for occurrence in stored {
                let place = Place(argument: index, range: occurrence.range)
                found.append(Walker.Found(rule: .literalSecret, place: place, secret: occurrence.secret))
            }
            let tokens = TokenPatterns.matches(in: argument, withRandomText: true)
            for token in tokens where !stored.contains(where: { $0.range.overlaps(token.range) }) {
                found.append(
                    Walker.Found(
                        rule: .tokenPattern, place: Place(argument: index, range: token.range), secret: nil,
                        isSuspicion: token.isRandomText))
            }
            masks[index] =
                stored.map { Mask(range: $0.range, label: "[redacted:\($0.secret)]") }
                + tokens.map { Mask(range: $0.range, label: "[redacted:token \($0.pattern)]") }
        }
        return Verdict(
            findings: found.sorted(by: Walker.Found.stand).map { found in
                Finding(
                    rule: found.rule, argument: found.place.argument, span: found.place.range, secret: found.secret,
                    excerpt: Finding.Excerpt(
                        command[found.place.argument], span: found.place.range,
                        masks: masks[found.place.argument] ?? []), isSuspicion: found.isSuspicion)
            })
    }

    /// What the rules about variables find.
    private static func shape(_ command: [[UInt8]], _ injected: [InjectedVariable]) -> [Walker.Found] {
        guard !injected.isEmpty else { return [] }
        var walker = Walker(injected: injected)
        let words = command.enumerated().map { index, argument in
            Value(argument, at: Place(argument: index, range: 0..<argument.count))
        }
        walker.show(walker.invoke(words, stdin: Value()))
        return walker.found
    }
}

extension Walker.Found {
    /// The order in which findings are told: by argument, by span, by the table of rules.
    fileprivate static func stand(_ left: Self, before right: Self) -> Bool {
        func key(_ found: Self) -> (Int, Int, Int, String) {
            (
                found.place.argument, found.place.range.lowerBound,
                RuleID.allCases.firstIndex(of: found.rule) ?? 0, found.secret ?? ""
            )
        }
        return key(left) < key(right)
    }
}

/// Bytes of an argument that are not shown, and what stands for them.
internal struct Mask {
    /// The bytes.
    let range: Range<Int>
    /// What is shown.
    let label: String
}
