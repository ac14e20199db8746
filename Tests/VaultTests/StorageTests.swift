import Diagnostics
import Linux
import Secrets
import Testing

@testable import Vault

/// What the file does under concurrency, a full disk, formats to come, and a hundred thousand secrets.
@Suite struct StorageTests {
    @Test func `two writers at once lose nothing`() async throws {
        let fixture = try VaultFixture()
        _ = try fixture.makeVault()
        let directory = fixture.directory
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<2 {
                group.addTask {
                    var vault = try Vault(in: directory)
                    try vault.unlock(VaultFixture.key())
                    for round in 0..<20 {
                        try vault.setSecret("SHARED", value: secret("\(writer).\(round)"), in: "default")
                        try vault.setSecret("OWN_\(writer)_\(round)", value: secret("v"), in: "default")
                    }
                }
            }
            try await group.waitForAll()
        }
        let vault = try fixture.open()
        #expect(try vault.secretCount(in: "default") == 41)
        #expect(try vault.history(of: "SHARED", in: "default").map(\.version) == Array(1...40))
    }

    @Test func `a writer that never finishes makes the vault busy, and readers still read`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.setSecret("TOKEN", value: secret("v"), in: "default")
        let other = try Database(fixture.path, readOnly: false)
        try other.execute("BEGIN IMMEDIATE")
        #expect(try text(vault.value(of: "TOKEN", in: "default").value) == "v")
        #expect(code { try vault.setSecret("TOKEN", value: secret("w"), in: "default") } == .vaultBusy)
        try other.execute("ROLLBACK")
        #expect(try vault.setSecret("TOKEN", value: secret("w"), in: "default") == 2)
    }

    @Test func `a full disk refuses the write and keeps what was there`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.setSecret("TOKEN", value: secret("v"), in: "default")
        let pages = try #require(try vault.database.integer("PRAGMA page_count"))
        try vault.database.execute("PRAGMA max_page_count = \(pages + 2)")
        let large = RandomBytes.secret(60_000)
        #expect(code { try vault.setSecret("TOKEN", value: large, delivery: .file, in: "default") } == .storageFull)
        #expect(
            code {
                try vault.importSecrets(
                    [("A_A", SharedSecret(secret("1"))), ("B_B", SharedSecret(RandomBytes.secret(60_000)))],
                    in: "default",
                    replacing: true)
            } != nil)
        #expect(try vault.names(in: "default") == ["TOKEN"])
        #expect(try text(fixture.open().value(of: "TOKEN", in: "default").value) == "v")
    }

    @Test func `a journal that a crashed writer left is played back, for a reader too`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.setSecret("TOKEN", value: secret("old"), in: "default")
        // The state on disk in the middle of a commit: a page changed, its journal still there.
        let crashed = try VaultFixture()
        do {
            let writer = try Database(fixture.path, readOnly: false)
            try writer.execute(
                "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE; UPDATE secret SET seal = zeroblob(32)")
            try writer.execute(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
                INSERT INTO secret_version (secret, number, delivery, created_at, wrapped_key, box)
                SELECT 1, i + 100, 'env', 1, zeroblob(72), randomblob(2000) FROM n
                """)
            try Self.copy("vault.db", from: fixture, to: crashed)
            // Without its journal the half-written file is of no use: the test would prove nothing otherwise.
            #expect(code { _ = try crashed.open().value(of: "TOKEN", in: "default") } != nil)
            try Self.copy("vault.db-journal", from: fixture, to: crashed)
            try writer.execute("ROLLBACK")
        }
        var reader = try Vault(in: crashed.directory, readOnly: true)
        try reader.unlock(VaultFixture.key())
        #expect(try text(reader.value(of: "TOKEN", in: "default").value) == "old")
        #expect(try reader.history(of: "TOKEN", in: "default").count == 1)
    }

    private static func copy(_ name: String, from: VaultFixture, to: VaultFixture) throws {
        let bytes = try Files.contents(of: from.directory + "/" + name, limit: 64 << 20)
        let file = try Files.open(to.directory + "/" + name, [.writeOnly, .create, .truncate], mode: 0o600)
        try BorrowedDescriptor(file).writeAll(bytes.span)
    }

    /// A format two ahead of the current one, with what leads there.
    private static let future = VaultFormat(
        number: VaultFormat.current.number + 2,
        schema: VaultFormat.current.schema + ["CREATE TABLE note (text TEXT NOT NULL) STRICT"],
        upgrades: [
            FormatUpgrade(from: VaultFormat.current.number) { database throws(VaultError) in
                try database.execute("CREATE TABLE note (text TEXT NOT NULL) STRICT")
            },
            FormatUpgrade(from: VaultFormat.current.number + 1) { database throws(VaultError) in
                try database.execute("INSERT INTO note VALUES ('upgraded')")
            },
        ])

    @Test(arguments: [false, true])
    func `an older file is copied and brought up to date, whoever opens it`(readOnly: Bool) throws {
        let fixture = try VaultFixture()
        try fixture.makeVault().setSecret("TOKEN", value: secret("v"), in: "default")
        var vault = try Vault(in: fixture.directory, readOnly: readOnly, format: Self.future)
        try vault.unlock(VaultFixture.key())
        #expect(try text(vault.value(of: "TOKEN", in: "default").value) == "v")
        #expect(try vault.database.integer("SELECT count(*) FROM note") == 1)
        #expect(try vault.database.integer("PRAGMA user_version") == 4)
        #expect(code { _ = try Vault(in: fixture.directory) } == .vaultTooNew)
        // The copy is private and is a whole vault of the older format.
        let copy = fixture.path + ".format-2"
        #expect(try Files.status(copy).permissions == 0o600)
        try Files.rename(copy, to: fixture.path)
        #expect(try text(fixture.open().value(of: "TOKEN", in: "default").value) == "v")
    }

    @Test func `an upgrade that fails half-way changes nothing`() throws {
        let fixture = try VaultFixture()
        try fixture.makeVault().setSecret("TOKEN", value: secret("v"), in: "default")
        let broken = VaultFormat(
            number: Self.future.number, schema: Self.future.schema,
            upgrades: [
                Self.future.upgrades[0],
                FormatUpgrade(from: 3) { database throws(VaultError) in
                    try database.execute("INSERT INTO nowhere VALUES (1)")
                },
            ])
        #expect(code { _ = try Vault(in: fixture.directory, readOnly: false, format: broken) } == .vaultCorrupt)
        #expect(try text(fixture.open().value(of: "TOKEN", in: "default").value) == "v")
    }

    @Test func `a lookup among a hundred thousand secrets uses the index`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.database.execute(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
            INSERT INTO secret (app, name, current, delivery, is_deleted, updated_at, seal)
            SELECT 1, 'NAME_' || i, 1, 'env', 0, 1, x'\(String(repeating: "17", count: 32))' FROM n
            """)
        try vault.change { keys, ledger throws(VaultError) in
            let seal = [UInt8](repeating: 0x17, count: 32)
            for id in 1...Int64(100_000) { try ledger.set(seal, of: .secret, id, vault.database, keys) }
        }
        try vault.setSecret("TOKEN", value: secret("v"), in: "default")
        for sql in [Vault.lookUp, Vault.versionLookUp] {
            let plan = try vault.database.prepare("EXPLAIN QUERY PLAN " + sql)
            var steps: [String] = []
            while try plan.step() { steps.append(try plan.text(3)) }
            let searches = steps.filter { !$0.hasPrefix("CORRELATED SCALAR SUBQUERY") }
            #expect(
                !searches.isEmpty && searches.allSatisfy { $0.hasPrefix("SEARCH") && $0.contains("INDEX") }, "\(steps)")
        }
        let clock = ContinuousClock()
        var times: [Duration] = []
        for _ in 0..<20 {
            times.append(
                try clock.measure {
                    let vault = try fixture.open()
                    _ = try vault.value(of: "TOKEN", in: "default")
                })
        }
        times.sort()
        print("open, unlock and read among 100,000: \(times[10])")
        // A scan of the table takes tens of milliseconds.
        #expect(times[10] < .milliseconds(10))
    }
}
