internal import FoundationEssentials
internal import TestSupport
internal import Testing

@testable import Interceptor

/// One line of a corpus: a command, and the rule that it breaks.
struct CorpusLine: Sendable, CustomTestStringConvertible {
    /// The line's number, from 1.
    let number: Int
    /// The program and its arguments.
    let command: [String]
    /// The rule; none for a command that passes.
    let rule: String?

    var testDescription: String { "\(number): \(command.joined(separator: " "))" }

    /// Reads a file of lines: a JSON array, and behind a tab the rule; empty lines and those with `#` are left out.
    static func read(_ name: String) throws -> [CorpusLine] {
        let file = try SourceTree.file("Tests/InterceptorTests/Corpus/\(name)")
        return try file.lines.enumerated().compactMap { index, line in
            guard !line.isEmpty, !line.hasPrefix("#") else { return nil }
            let parts = line.split(separator: "\t", maxSplits: 1)
            let command = try JSONDecoder().decode([String].self, from: Data(parts[0].utf8))
            return CorpusLine(number: index + 1, command: command, rule: parts.count > 1 ? String(parts[1]) : nil)
        }
    }

    /// What the interceptor says of the line.
    func verdict(injected: [InjectedVariable] = CorpusLine.injected) -> Verdict {
        Interceptor.judge(command.map { Array($0.utf8) }, injected: injected) { argument in
            argument.firstRange(of: Array(Rule.exampleValue.utf8))
                .map { [StoredOccurrence(secret: "API_TOKEN", range: $0)] } ?? []
        }
    }

    /// What is injected into every line.
    static let injected =
        ["DATABASE_URL", "STRIPE_SECRET_KEY", "OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "API_TOKEN"]
        .map { InjectedVariable(secret: $0) }
        + [InjectedVariable(secret: "GCP_KEY", variable: "GCP_KEY_FILE", content: .path)]
}

/// Everyday commands pass, and those that let a secret out are found by the rule that is meant for them.
struct CorpusTests {
    @Test func `the corpora are as large as promised, and no line stands in them twice`() throws {
        let pass = try CorpusLine.read("pass.txt")
        let block = try CorpusLine.read("block.txt")
        #expect(pass.count >= 300)
        #expect(block.count >= 150)
        #expect(Set(pass.map(\.command)).count == pass.count)
        #expect(Set(block.map(\.command)).count == block.count)
        #expect(Set(block.compactMap(\.rule)) == Set(RuleID.allCases.map(\.rawValue)), "every rule has lines")
    }

    @Test(arguments: try CorpusLine.read("pass.txt")) func `an everyday command passes`(line: CorpusLine) {
        #expect(line.verdict().findings.map(\.summary) == [])
    }

    @Test(arguments: try CorpusLine.read("block.txt"))
    func `a command that lets a secret out is found by its rule`(line: CorpusLine) {
        let verdict = line.verdict()
        #expect(verdict.findings.contains { $0.rule.rawValue == line.rule }, "\(verdict.findings.map(\.summary))")
        for finding in verdict.findings {
            let argument = Array(line.command[finding.argument].utf8)
            #expect(finding.span.upperBound <= argument.count)
            #expect(!finding.span.isEmpty)
        }
    }

    @Test(arguments: try CorpusLine.read("block.txt"))
    func `without injected variables only values and tokens in the arguments count`(line: CorpusLine) {
        for finding in line.verdict(injected: []).findings {
            #expect(finding.rule == .literalSecret || finding.rule == .tokenPattern)
        }
    }
}
