import Diagnostics
import Interceptor
import Linux
import Redaction
import Secrets
import TestSupport
import Testing
import Vault

@testable import Runner

/// What a server takes out of whatever it says, over a vault of its own.
struct KnownSecretsTests {
    private struct Place: ~Copyable {
        let vault: VaultPlace
        let known = KnownSecrets()

        init() throws { vault = try VaultPlace() }

        var access: VaultAccess { vault.access }

        func store(_ name: String, _ text: String, isNew: Bool = true) throws {
            _ = try access.store(name, value: value(text), isNew: isNew)
        }

        /// The matcher after a look at the vault.
        func redactor(
            _ options: RedactionOptions = RedactionOptions(), delivering values: [RedactionSecret] = [],
            decoys: [RedactionSecret] = []
        ) throws -> KnownSecrets.Redactor {
            var vault = try OpenedVault.open(places: access.places, app: "default", isNeeded: true)
            try known.learn(from: &vault, key: access.key)
            return known.redactor(options, delivering: values, decoys: decoys)
        }

        func shown(_ text: String) throws -> String { try redactor().matcher.redacted(text) }
    }

    private static let (first, second, third) = ("Kq81LmPx02Vn3rB6", "yHd0sTj5uXc79tq4", "Wz7eGf2hJk4mNp6q")

    @Test func `every value is known, those of earlier versions and deleted secrets too`() throws {
        let place = try Place()
        try place.store("A", Self.first)
        try place.store("A", Self.second, isNew: false)
        try place.store("B", Self.third)
        try place.access.remove("B")
        #expect(
            try place.shown("\(Self.first) \(Self.second) \(Self.third)") == "[redacted:A] [redacted:A] [redacted:B]")
    }

    @Test func `a matcher is used again until the vault changes`() throws {
        let place = try Place()
        try place.store("A", Self.first)
        let made = try place.redactor()
        #expect(try place.redactor().matcher === made.matcher)
        #expect(!place.known.isOutdated(made))
        try place.store("B", Self.second)
        let later = try place.redactor()
        #expect(later.matcher !== made.matcher)
        #expect(place.known.isOutdated(made))
        #expect(later.matcher.redacted(Self.second) == "[redacted:B]")
    }

    @Test func `an earlier copy of the vault that was put back and changed is seen, and nothing known is forgotten`()
        throws
    {
        let place = try Place()
        try place.store("A", Self.first)
        let path = place.access.places.data + "/vault.db"
        let copy = try Files.contents(of: path, limit: 1 << 20)
        try place.store("A", Self.second, isNew: false)
        #expect(try place.shown(Self.second) == "[redacted:A]")
        do {
            let file = try Files.open(path, [.writeOnly, .truncate])
            try BorrowedDescriptor(file).writeAll(copy.span)
        }
        // As often changed as the state that is known.
        try place.store("A", Self.third, isNew: false)
        #expect(
            try place.shown("\(Self.first) \(Self.second) \(Self.third)") == "[redacted:A] [redacted:A] [redacted:A]")
    }

    @Test func `one matcher is kept for the policy and one for errors before it`() throws {
        let place = try Place()
        try place.store("A", "q7z!")
        var short = RedactionOptions()
        short.minimumLength = 4
        let (plain, other) = (try place.redactor().matcher, try place.redactor(short).matcher)
        #expect((plain.redacted("q7z!"), other.redacted("q7z!")) == ("q7z!", "[redacted:A]"))
        #expect(try place.redactor().matcher === plain)
        #expect(try place.redactor(short).matcher === other)
    }

    @Test func `what was delivered stays known without a key and after a new value`() throws {
        let place = try Place()
        try place.store("A", Self.first)
        try Files.rename(place.vault.folder.path("key"), to: place.vault.folder.path("aside"))
        #expect(try place.shown(Self.first) == Self.first)
        let made = try place.redactor()
        _ = try place.redactor(delivering: [RedactionSecret(name: "A", value: value(Self.first))])
        #expect(place.known.isOutdated(made))
        #expect(try place.shown(Self.first) == "[redacted:A]")
        try Files.rename(place.vault.folder.path("aside"), to: place.vault.folder.path("key"))
        try place.store("A", Self.second, isNew: false)
        #expect(try place.shown(Self.first + " " + Self.second) == "[redacted:A] [redacted:A]")
    }

    @Test func `a value that is delivered again, or that the vault holds, changes nothing`() throws {
        let place = try Place()
        try place.store("A", Self.first)
        let made = try place.redactor()
        for _ in 0..<3 {
            let again = try place.redactor(delivering: [RedactionSecret(name: "A", value: value(Self.first))])
            #expect(again.matcher === made.matcher)
        }
    }

    @Test func `of delivered values the oldest are dropped beyond a bound`() throws {
        let known = KnownSecrets(mostDelivered: 20)
        let one = RedactionSecret(name: "ONE", value: value(Self.first))
        _ = known.redactor(RedactionOptions(), delivering: [one])
        let many = (0...20).map {
            RedactionSecret(name: "MANY", value: value("value-number-\($0)-of-many"))
        }
        let matcher = known.redactor(RedactionOptions(), delivering: many).matcher
        #expect(matcher.redacted(Self.first) == "[redacted:ONE]")
        #expect(matcher.redacted("value-number-0-of-many") == "value-number-0-of-many")
        #expect(matcher.redacted("value-number-9-of-many") == "[redacted:MANY]")
    }

    @Test func `a decoy is known to its run alone, and keeps its name for itself`() throws {
        let place = try Place()
        try place.store("A", Self.first)
        let decoy = RedactionSecret(name: "A", value: value(Self.second))
        let matcher = try place.redactor(decoys: [decoy]).matcher
        #expect(matcher.redacted(Self.first + " " + Self.second) == "[redacted:vault A] [redacted:A]")
        #expect(try place.shown(Self.second) == Self.second)
    }

    @Test func `the server stores no more values than it keeps in mind, and a person may`() throws {
        let place = try Place()
        var vault = try Vault(in: place.access.places.data)
        try vault.unlock(.keyFile(try KeyFile.read(place.vault.folder.path("key"))))
        let many = (0..<KnownSecrets.mostStored).map { (name: "S\($0)", value: value("value-number-\($0)")) }
        try vault.importSecrets(many, in: "default", replacing: false)
        for isNew in [true, false] {
            let error = #expect(throws: RunError.self) {
                try place.store(isNew ? "NEW" : "S1", Self.first, isNew: isNew)
            }
            #expect(error?.report.code == .limitExceeded)
        }
        try vault.importSecrets([("NEW", value(Self.first))], in: "default", replacing: false)
        #expect(try place.shown(Self.first + " value-number-0\n") == "[redacted:NEW] [redacted:S0]\n")
    }

    @Test func `an error is redacted, and one of the vault's that hides values takes its place`() throws {
        let place = try Place()
        try place.store("A", Self.first)
        let report = ErrorReport(.workDirRefused, "x\(Self.first)", hint: Self.first)
        let redacted = place.known.redacted(report, for: place.access)
        #expect((redacted.message, redacted.hint) == ("x[redacted:A]", "[redacted:A]"))
        let path = place.access.places.data + "/vault.db"
        let other = KnownSecrets()
        let file = try Files.open(path, .readOnly)
        try BorrowedDescriptor(file).setPermissions(0o644)
        #expect(other.redacted(report, for: place.access).code == .permissionsUnsafe)
        #expect(place.known.redacted(report, for: place.access).code == .permissionsUnsafe)
    }

    @Test func `a result is redacted again across both parts of what was captured`() throws {
        let matcher = Matcher(secrets: [RedactionSecret(name: "A", value: value(Self.first))])
        let halves = (Array(Self.first.utf8.prefix(9)), Array(Self.first.utf8.dropFirst(9)))
        func stream(_ missing: Int) -> RunResult.CapturedStream {
            RunResult.CapturedStream(start: halves.0, end: halves.1, missing: missing)
        }
        var result = RunResult(
            exitStatus: 0, timedOut: false, timeout: .seconds(1), secretsInjected: [], redactions: ["A": 2],
            notRedacted: [], warnings: .clean, runID: RunID(milliseconds: 0, random: (0, 0)), milliseconds: 0,
            policy: "default", isolation: .init(memory: "none", processes: "none", cpu: "none"), hasNetwork: false,
            captured: RunResult.CapturedOutput(output: stream(0), error: stream(0)))
        result.redactAgain(by: matcher)
        #expect(result.captured?.output.start == Array("[redacted:A]".utf8))
        #expect(result.captured?.output.end == [])
        #expect(result.redactions == ["A": 4])
    }
}

private func value(_ text: String) -> SharedSecret {
    SharedSecret(SecretBytes(copying: Array(text.utf8).span))
}
