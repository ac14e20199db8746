internal import Interceptor
internal import TestSupport
internal import Testing

@testable import Policy

/// What a policy says of commands that would let a secret out.
struct InterceptionTests {
    private func interception(_ texts: [String: String], _ names: String...) throws -> Policy.Interception {
        try PolicyResolver(TextSource(texts.mapValues { "version = 1\n" + $0 })).resolve(names).interceptor
    }

    @Test func `the bundled policies refuse over MCP and warn on the command line`() throws {
        for name in BundledPolicies.names {
            let interceptor = try PolicyResolver(BundledPolicies()).resolve([name]).interceptor
            #expect(interceptor.mode == .block, "\(name)")
            #expect(interceptor.commandLine == .warn, "\(name)")
        }
    }

    @Test(arguments: InterceptionMode.allCases) func `each mode is read for each caller`(mode: InterceptionMode) throws
    {
        let text = "[interceptor]\nmode = \"\(mode.rawValue)\"\ncli = \"\(mode.rawValue)\""
        let interceptor = try interception(["a": text], "a")
        #expect(interceptor.mode == mode)
        #expect(interceptor.commandLine == mode)
    }

    @Test func `the later policy's mode replaces, and what it does not mention stays`() throws {
        let texts = ["a": "[interceptor]\nmode = \"warn\"\ncli = \"block\"", "b": "[interceptor]\nmode = \"off\""]
        let interceptor = try interception(texts, "a", "b")
        #expect(interceptor.mode == .off)
        #expect(interceptor.commandLine == .block)
    }
}
