import TestSupport
import Testing

/// The manual pages against the code.
struct ManualTests {
    /// The published error codes, read from where they are defined.
    private static func errorCodes() throws -> [String] {
        let code = try SourceTree.file("Sources/Diagnostics/ErrorCode.swift").code
        return code.matches(of: /case \w+ = "(\w+)"/).map { String($0.output.1) }
    }

    @Test func `every error code is documented in vault-sandbox(1), and no other is`() throws {
        let codes = Set(try Self.errorCodes())
        #expect(codes.count > 20, "the search itself must find something")
        let page = try SourceTree.file("man/vault-sandbox.1").text
        let documented = Set(page.matches(of: /\n\.It Er ([a-z_]+)/).map { String($0.output.1) })
        #expect(documented == codes)
    }

    @Test func `every page names the pages it belongs with`() throws {
        let pages = try SourceTree.files(under: "man", endings: [".1", ".5", ".7"])
        #expect(pages.count == 6)
        for page in pages {
            #expect(page.text.contains("\n.Sh SEE ALSO\n"), "\(page)")
            #expect(page.text.contains("\n.Xr vault-sandbox"), "\(page)")
        }
    }

    @Test func `every bundled policy is described in vault-sandbox-policy(5)`() throws {
        let page = try SourceTree.file("man/vault-sandbox-policy.5").text
        let policies = try SourceTree.files(under: "policies", endings: [".toml"])
        #expect(!policies.isEmpty)
        for policy in policies {
            let name = policy.path.dropFirst("policies/".count).dropLast(".toml".count)
            #expect(page.contains("\n.It Cm \(name)\n"), "\(name)")
        }
    }
}
