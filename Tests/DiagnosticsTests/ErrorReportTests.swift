import Diagnostics
import Testing

/// The published names of failures.
struct ErrorReportTests {
    @Test(arguments: ErrorCode.allCases)
    func `a code is lower-case words joined by underscores`(code: ErrorCode) {
        #expect(code.rawValue.wholeMatch(of: /[a-z]+(_[a-z]+)*/) != nil)
    }

    @Test func `codes are distinct and found again by name`() {
        #expect(Set(ErrorCode.allCases.map(\.rawValue)).count == ErrorCode.allCases.count)
        for code in ErrorCode.allCases { #expect(ErrorCode(rawValue: code.rawValue) == code) }
        #expect(ErrorCode(rawValue: "secret_not_foun") == nil)
    }

    @Test func `the codes that scripts branch on keep their names`() {
        let published: [ErrorCode: String] = [
            .secretNotFound: "secret_not_found", .decryptionFailed: "decryption_failed",
            .commandTimeout: "command_timeout", .vaultLocked: "vault_locked",
            .sandboxUnavailable: "sandbox_unavailable", .commandNotFound: "command_not_found",
            .permissionsUnsafe: "permissions_unsafe", .redactionFailed: "redaction_failed",
        ]
        for (code, name) in published { #expect(code.rawValue == name) }
    }

    @Test func `a report presents itself and compares by all its parts`() {
        let report = ErrorReport(.vaultLocked, "the vault is locked", hint: "pass --key-file")
        #expect(report.report == report)
        #expect(report != ErrorReport(.vaultLocked, "the vault is locked"))
        #expect(report != ErrorReport(.vaultBusy, "the vault is locked", hint: "pass --key-file"))
        #expect(ErrorReport(.vaultBusy, "busy").hint == nil)
    }
}
