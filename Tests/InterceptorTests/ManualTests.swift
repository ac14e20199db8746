internal import Linux
internal import TestSupport
internal import Testing

@testable import Interceptor

/// The manual page against the table of rules.
struct ManualTests {
    private static let path = "man/vault-sandbox-interceptor.7"
    private static let begin = ".\\\" begin rules\n"
    private static let end = "\n.\\\" end rules"

    @Test func `the rules of the manual page are those of the code; scripts/write-manual writes them`() throws {
        let page = try SourceTree.file(Self.path).text
        let begin = try #require(page.firstRange(of: Self.begin))
        let end = try #require(page.firstRange(of: Self.end))
        if ProcessEnvironment.value(of: "VAULT_SANDBOX_WRITE_MANUAL") == "1" {
            let written = page[..<begin.upperBound] + Rule.manual + page[end.lowerBound...]
            let file = try Files.open(SourceTree.root + "/" + Self.path, [.writeOnly, .truncate])
            try BorrowedDescriptor(file).writeAll(String(written))
        } else {
            #expect(String(page[begin.upperBound..<max(begin.upperBound, end.lowerBound)]) == Rule.manual)
        }
    }

    @Test func `every rule has a paragraph with its example and its alternative`() {
        let manual = Rule.manual
        for id in RuleID.allCases { #expect(manual.contains("\n.It Cm \(id.rawValue)\n")) }
        #expect(manual.split(separator: "\n").count { $0.hasPrefix(".Dl ") } == 2 * RuleID.allCases.count)
    }
}
