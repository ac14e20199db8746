import Diagnostics
import Linux
import Secrets

@testable import Vault

/// A folder of its own for one test, removed when the test lets go, and what most tests do in it.
final class VaultFixture {
    let directory: String
    var path: String { directory + "/vault.db" }

    /// The key that the fixture's vaults open with: long enough to be hashed once, so that tests are quick.
    static let line = "0123456789abcdef0123456789abcdef0123456789abcdef"

    init() throws {
        let suffix = RandomBytes.bytes(8).map { String($0, radix: 16) }.joined()
        directory = "/tmp/vault-test-\(suffix)"
        try Files.makeDirectory(directory, mode: 0o700)
    }

    deinit { Self.removeTree(directory) }

    /// Makes a vault and opens it unlocked.
    func makeVault() throws -> Vault {
        try Vault.create(in: directory, key: Self.key())
        return try open()
    }

    /// Opens the vault that is there, unlocked.
    func open() throws -> Vault {
        var vault = try Vault(in: directory)
        try vault.unlock(Self.key())
        return vault
    }

    static func key(_ text: String = line) -> KeySource { .keyFile(secret(text)) }

    /// Changes the file behind the vault's back.
    func edit(_ sql: String) throws {
        let database = try Database(path, readOnly: false)
        try database.execute(sql)
    }

    /// The bytes of the file.
    func bytes() throws -> [UInt8] { try Files.contents(of: path, limit: 64 << 20) }

    /// Replaces the file.
    func replace(with bytes: [UInt8]) throws {
        let file = try Files.open(path, [.writeOnly, .truncate])
        try BorrowedDescriptor(file).writeAll(bytes.span)
    }

    private static func removeTree(_ path: String) {
        for name in (try? Files.names(in: path)) ?? [] {
            let inner = path + "/" + name
            if (try? Files.status(inner, followingLinks: false))?.kind == .directory {
                removeTree(inner)
            } else {
                try? Files.remove(inner)
            }
        }
        try? Files.remove(path, isDirectory: true)
    }
}

/// Guarded bytes of a text.
func secret(_ text: String) -> SecretBytes { SecretBytes(copying: Array(text.utf8).span) }

/// The text in guarded bytes.
func text(_ secret: borrowing SecretBytes) -> String {
    secret.withSpan { bytes in String(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self) }
}

/// The published code that `body` fails with, or `nil` where it succeeds.
func code(_ body: () throws -> Void) -> ErrorCode? {
    do {
        try body()
        return nil
    } catch let error as VaultError {
        return error.report.code
    } catch {
        return .internalError
    }
}
