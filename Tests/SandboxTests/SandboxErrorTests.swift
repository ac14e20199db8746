import Diagnostics
import Linux
import Sandbox
import SandboxPlan
import Testing

/// What a person is told when a sandbox cannot be made.
struct SandboxErrorTests {
    static let refused = SystemCallError(call: "clone", errno: .notPermitted)

    static let errors: [(error: SandboxError, code: ErrorCode)] = [
        (.missingPath("/data", origin: "team.toml:3:9"), .policyInvalid),
        (.ungrantablePath("/proc", origin: "--read"), .argumentInvalid),
        (.ungrantablePath("/proc", origin: "team.toml:3:9"), .policyInvalid),
        (.linkedMask("/data", origin: "team.toml:3:9"), .policyInvalid), (.unavailable(refused), .sandboxUnavailable),
        (.missingPath("/data", origin: "--read"), .policyInvalid),
        (.hiddenPath("/vault", origin: "--read"), .argumentInvalid),
        (.hiddenPath("/vault", origin: "p.toml:1:1"), .policyInvalid),
        (.linkInTree("/w/a/b", link: "/w/a", target: "/x/b", origin: "--write"), .argumentInvalid),
        (.linkInTree("/w/a/b", link: "/w/a", target: "/x/b", origin: "p.toml:1:1"), .policyInvalid),
        (.commandNotFound(command: "nmp", searched: ["/usr/bin", "/bin"]), .commandNotFound),
        (.commandNotFound(command: "/opt/x", searched: []), .commandNotFound),
        (.commandNotExecutable(command: "./a", .accessDenied), .commandNotExecutable),
        (.argumentsTooLong, .argumentInvalid), (.initVanished(nil), .sandboxFailed),
        (.initVanished(.signalled(9)), .sandboxFailed), (.directoryAsInput, .argumentInvalid),
        (.interpreterMissing(command: "./a"), .commandNotExecutable),
        (.output(SystemCallError(call: "write", errno: .noSpace)), .storageFull),
        (.output(SystemCallError(call: "write", errno: .inputOutput)), .redactionFailed),
        (.system(refused, during: "start the sandbox"), .sandboxFailed),
    ]

    @Test(arguments: errors) func `an error has its code, a sentence and a hint`(error: SandboxError, code: ErrorCode) {
        let report = error.report
        #expect(report.code == code)
        #expect(!report.message.isEmpty && !report.message.hasSuffix(".") && !report.message.contains("\n"))
        #expect(report.hint?.isEmpty == false)
    }

    @Test(arguments: LaunchStep.allCases)
    func `a failed step is named, with its subject and its error`(step: LaunchStep) throws {
        let failure = LaunchFailure(step: step, errno: .noMemory, subject: "/some/path")
        let report = SandboxError.step(failure).report
        #expect([.sandboxFailed, .sandboxUnavailable, .workDirRefused].contains(report.code))
        #expect(report.message.contains("/some/path"))
        #expect(report.message.contains("Cannot allocate memory"))
        #expect(report.hint?.isEmpty == false)
    }

    @Test(arguments: [
        (LaunchStep.mapIdentity, ErrorCode.sandboxUnavailable), (.mountProcesses, .sandboxUnavailable),
        (.enterWorkDirectory, .workDirRefused), (.dropCapabilities, .sandboxFailed),
    ])
    func `steps that the machine refuses are told apart from steps that failed`(step: LaunchStep, code: ErrorCode) {
        #expect(SandboxError.step(.init(step: step, errno: .notPermitted, subject: "x")).report.code == code)
    }

    @Test func `a path that was swapped is told as such`() {
        let report = SandboxError.step(.init(step: .openGrant, errno: .stale, subject: "/data")).report
        #expect(report.message == "/data was replaced while the sandbox was made")
    }

    @Test(arguments: [(LaunchStep.openGrant, Errno.noSuchFile), (.mountMask, .noSuchFile), (.restrictFiles, .stale)])
    func `a path that went away is told as such`(step: LaunchStep, errno: Errno) {
        let report = SandboxError.step(.init(step: step, errno: errno, subject: "/data")).report
        #expect(report.message == "/data was taken away while the sandbox was made")
        #expect(report.hint?.contains("run again") == true)
    }

    @Test(arguments: [Errno.noSpace, .notPermitted, .invalidArgument, .notImplemented, .noMemory])
    func `a refusal of namespaces says what to change`(errno: Errno) {
        let report = SandboxError.unavailable(SystemCallError(call: "clone", errno: errno)).report
        #expect(report.message.contains(errno.name))
        #expect(report.hint?.isEmpty == false)
    }

    @Test func `a command that was not found says where it was looked for`() throws {
        let report = SandboxError.commandNotFound(command: "nmp", searched: ["/usr/bin", "/bin"]).report
        #expect(try #require(report.hint).contains("/usr/bin:/bin"))
        #expect(report.message.contains("nmp"))
    }
}
