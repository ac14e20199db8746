public import Diagnostics

extension Verdict {
    /// What the caller is told where the command is refused; `nil` where nothing was found, or only a suspicion.
    public var refusal: ErrorReport? {
        let findings = findings.filter { !$0.isSuspicion }
        guard let first = findings.first else { return nil }
        let others = Set(findings.map(\.rule.rawValue)).subtracting([first.rule.rawValue]).sorted()
        let more = others.isEmpty ? "" : "; also \(others.joined(separator: ", "))"
        return ErrorReport(
            .commandBlocked, "vault_run blocked: \(first.summary)\(more)", hint: first.explanation.instead)
    }

    /// One line that says what would be refused; `nil` where nothing was found.
    public var warning: String? {
        guard let first = findings.first else { return nil }
        let more = findings.count > 1 ? " (and \(findings.count - 1) more)" : ""
        return "\(first.summary)\(more); \(first.explanation.instead)"
    }
}

extension Finding {
    /// For example ``echo-variable: it prints …, at argument 2: `$TOKEN` ``.
    public var summary: String {
        "\(rule.rawValue): \(explanation.reason), at argument \(argument): `\(excerpt.marked)`"
    }
}

extension Rule {
    /// What to do instead, with a command.
    public var instead: String {
        "\(advice), for example: \(alternative.map(Self.shown).joined(separator: " "))"
    }

    /// A word as a person would type it.
    public static func shown(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "-_./:=@%+,".utf8.contains(byte)
            }
        }
        if isPlain, !word.isEmpty { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
