import Linux
import TestSupport
import Testing

/// What a process was started with, and the time.
struct EnvironmentTests {
    @Test func `a variable is told as text and as bytes, a missing one not at all`() throws {
        let path = try #require(ProcessEnvironment.value(of: "PATH"))
        #expect(path == environmentVariable("PATH"))
        let bytes = try #require(ProcessEnvironment.withValue(of: "PATH") { span in (0..<span.count).map { span[$0] } })
        #expect(bytes == Array(path.utf8))
        #expect(ProcessEnvironment.value(of: "VAULT_SANDBOX_TESTS_NO_SUCH_VARIABLE") == nil)
        #expect(ProcessEnvironment.withValue(of: "VAULT_SANDBOX_TESTS_NO_SUCH_VARIABLE") { $0.count } == nil)
    }

    @Test func `the entries are those that the kernel shows of this process`() throws {
        let shown = try Files.contents(of: "/proc/self/environ", limit: 4 << 20).split(separator: 0).map(Array.init)
        let path = Array("PATH=\(try #require(ProcessEnvironment.value(of: "PATH")))".utf8)
        #expect(shown.contains(path))
        #expect(ProcessEnvironment.entries().contains(path))
    }

    @Test func `the arguments are those that the kernel shows of this process`() throws {
        let shown = try Files.contents(of: "/proc/self/cmdline", limit: 4 << 20)
        var joined: [UInt8] = []
        for argument in ProcessEnvironment.arguments() { joined += argument + [0] }
        #expect(joined == shown)
    }

    @Test func `the monotonic clock counts milliseconds and never goes back`() async throws {
        let before = Clocks.monotonicMilliseconds
        try await Task.sleep(for: .milliseconds(30))
        let passed = Clocks.monotonicMilliseconds - before
        // Seconds would count as nothing, nanoseconds as far more than an hour.
        #expect(passed >= 29 && passed < 29_000_000)
        // 2020 and 2100: a value in seconds or microseconds lies outside.
        #expect((1_577_836_800_000...4_102_444_800_000).contains(Clocks.wallMilliseconds))
    }
}
