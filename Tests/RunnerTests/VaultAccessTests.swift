import Diagnostics
import Linux
import Redaction
import Runner
import Secrets
import TestSupport
import Testing
import Vault

/// What a server does with secrets, over a vault of its own.
struct VaultAccessTests {
    private func value(_ text: String) -> SharedSecret {
        SharedSecret(SecretBytes(copying: Array(text.utf8).span))
    }

    private func code(_ body: () throws(RunError) -> Void) -> ErrorCode? {
        do throws(RunError) {
            try body()
            return nil
        } catch {
            return error.report.code
        }
    }

    @Test func `a secret is made, changed, listed and removed`() throws {
        let place = try VaultPlace()
        let access = place.access
        #expect(try access.store("A", value: value("first-value"), isNew: true).version == 1)
        #expect(
            code { () throws(RunError) in _ = try access.store("A", value: value("x"), isNew: true) } == .existsAlready)
        #expect(try access.store("A", value: value("second-value"), isNew: false).version == 2)
        #expect(
            code { () throws(RunError) in _ = try access.store("B", value: value("x"), isNew: false) }
                == .secretNotFound)
        #expect(try access.exists("A"))
        let (secrets, total) = try access.list(prefix: "", limit: 10)
        #expect(secrets.map(\.name) == ["A"])
        #expect(total == 1)
        try access.remove("A")
        #expect(try !access.exists("A"))
        #expect(try access.list(prefix: "", limit: 10).total == 0)
        #expect(try access.store("A", value: value("third-value"), isNew: true).version == 3)
    }

    @Test(arguments: [("plain-value", "plain-value"), ("line-value\n", "line-value"), ("two-lines\n\n", "two-lines\n")])
    func `one final newline is dropped, as on the command line`(given: String, kept: String) throws {
        let place = try VaultPlace()
        _ = try place.access.store("A", value: value(given), isNew: true)
        let found = try SecretValues.read(
            .named(["A"]), app: "default", key: place.access.key, places: place.access.places)
        #expect(found.first?.value.bytes.count == kept.utf8.count)
    }

    @Test func `what needs no key works while there is none, and the rest once it is back`() throws {
        let place = try VaultPlace()
        let access = place.access
        _ = try access.store("A", value: value("first-value"), isNew: true)
        try Files.rename(place.folder.path("key"), to: place.folder.path("aside"))
        #expect(try access.list(prefix: "A", limit: 1).total == 1)
        #expect(access.status().obstacle?.code == .keyFileRefused)
        #expect(access.status().policy?.name == "default")
        #expect(code { () throws(RunError) in try access.remove("A") } == .keyFileRefused)
        try Files.rename(place.folder.path("aside"), to: place.folder.path("key"))
        #expect(access.status().obstacle == nil)
        try access.remove("A")
    }

    @Test func `a value that will not be replaced in output is told`() throws {
        let place = try VaultPlace()
        #expect(try place.access.store("A", value: value("x"), isNew: true).gap != nil)
        #expect(try place.access.store("B", value: value("a-long-and-rare-value-91"), isNew: true).gap == nil)
    }

    @Test func `without a vault there is no app, and one that was asked for is an error`() throws {
        let folder = try TemporaryDirectory()
        let places = Places(
            home: folder.path, user: nil, data: folder.path("data"), policies: folder.path("policies"), runtime: nil)
        #expect(try VaultAccess.app(nil, places: places) == nil)
        #expect(code { () throws(RunError) in _ = try VaultAccess.app("x", places: places) } == .vaultNotInitialized)
    }
}
