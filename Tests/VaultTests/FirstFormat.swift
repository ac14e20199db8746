import Linux

@testable import Vault

/// A vault as the first format wrote it, with the fixtures' key: two versions of a secret, a neighbour, a deleted one, and
/// an app, which is active, with a twin and a pinned policy.
enum FirstFormat {
    /// Writes the vault's file where the fixture has its own.
    static func write(to fixture: VaultFixture) throws {
        try Files.open(fixture.path, [.writeOnly, .create, .exclusive], mode: 0o600).close()
        let database = try Database(fixture.path, readOnly: false)
        for table in tables { try database.execute(table) }
        // The first row names an app that comes later.
        try database.execute("BEGIN; \(rows) COMMIT")
        try database.execute("PRAGMA application_id = \(VaultFormat.applicationID); PRAGMA user_version = 1")
    }

    private static let tables = [
        """
        CREATE TABLE vault (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            identity BLOB NOT NULL CHECK (length(identity) = 16),
            created_at INTEGER NOT NULL,
            active_app INTEGER NOT NULL REFERENCES app (id) DEFERRABLE INITIALLY DEFERRED
        ) STRICT
        """,
        """
        CREATE TABLE key_slot (
            number INTEGER PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('passphrase', 'key-file')),
            salt BLOB NOT NULL CHECK (length(salt) = 16),
            operations INTEGER NOT NULL,
            memory INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            wrapped_key BLOB NOT NULL CHECK (length(wrapped_key) = 72)
        ) STRICT
        """,
        """
        CREATE TABLE app (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            created_at INTEGER NOT NULL,
            policy_sources BLOB,
            policy_text BLOB,
            seal BLOB NOT NULL CHECK (length(seal) = 32),
            CHECK ((policy_sources IS NULL) = (policy_text IS NULL))
        ) STRICT
        """,
        """
        CREATE TABLE secret (
            id INTEGER PRIMARY KEY,
            app INTEGER NOT NULL REFERENCES app (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            current INTEGER NOT NULL,
            delivery TEXT NOT NULL CHECK (delivery IN ('env', 'file', 'fd')),
            is_deleted INTEGER NOT NULL CHECK (is_deleted IN (0, 1)),
            updated_at INTEGER NOT NULL,
            seal BLOB NOT NULL CHECK (length(seal) = 32),
            UNIQUE (app, name)
        ) STRICT
        """,
        """
        CREATE TABLE secret_version (
            id INTEGER PRIMARY KEY,
            secret INTEGER NOT NULL REFERENCES secret (id) ON DELETE CASCADE,
            number INTEGER NOT NULL CHECK (number > 0),
            delivery TEXT NOT NULL CHECK (delivery IN ('env', 'file', 'fd')),
            created_at INTEGER NOT NULL,
            wrapped_key BLOB NOT NULL CHECK (length(wrapped_key) = 72),
            box BLOB NOT NULL,
            UNIQUE (secret, number)
        ) STRICT
        """,
    ]

    private static let rows = """
        INSERT INTO vault VALUES (1, x'5cfd391a92c8887807a809033e1efd65', 1795567081, 2);
        INSERT INTO key_slot VALUES (1, 'key-file', x'77a22291574ba72344c783c893107b22', 0, 0, 1795567081,
        x'20113730cb35c06d90c30ba08334d19ff6158223799711ee2b270b73f4d7a93a80de0a1d8b5bf8db761e037db097ad2361\
        1bfeeba5a1b504417f4593dd5c31a9f48d83447b3edaa6');
        INSERT INTO app VALUES (1, 'default', 1795567081, NULL, NULL,
        x'6998b6ef5afac2b681a75d2e3012b49fe929a813ed223a9000e8ba746d7833e3');
        INSERT INTO app VALUES (2, 'other', 1795567082, x'2e2f74696e792e746f6d6c00',
        x'31310a2e2f74696e792e746f6d6c31320a76657273696f6e203d20310a',
        x'a60b93305342ff1f0ab39dfc0fe447e394bf4781b49aec566969268cf689aa4f');
        INSERT INTO secret VALUES (1, 1, 'FIRST', 2, 'env', 0, 1795567081,
        x'b2f5738e613b187830a32fa01a875d32baa42b0c267f6742bf8f4dd10c39057f');
        INSERT INTO secret VALUES (2, 1, 'SECOND', 1, 'file', 0, 1795567082,
        x'67c4ffddcb723f3ffda99c3ac5948f26730170af2362b4d890b2300ae2c27d07');
        INSERT INTO secret VALUES (3, 1, 'THIRD', 1, 'env', 1, 1795567082,
        x'7a19aec1a3cb0fcd2f0cba709c8ae95afb064848d3b3321fd623df7b703055cb');
        INSERT INTO secret VALUES (4, 2, 'FIRST', 1, 'env', 0, 1795567082,
        x'33c770b8efb1c4e8d9fd4e9346bdc79269daee4e64924d9b888595f3c98d99fc');
        INSERT INTO secret_version VALUES (1, 1, 1, 'env', 1795567081,
        x'6c8a2a370e336d886163078ca679a3b1bd1f4ce9a637153824bf03d8ee711e55eee8d4812bd0350f6b134a0c321163ad21\
        8558cc6c3a9ad76bf7a1a72ddd1f23e981d1f902bace3e',
        x'18d7e0c244455e19ef18d5f1e0d6450546b9353e1d198307ded4bd3f62676f7a6afdceafe8cd8d8e6a7bc4');
        INSERT INTO secret_version VALUES (2, 1, 2, 'env', 1795567081,
        x'80ba32afd7fa514f88dad840234456f661542d6990e0b5895c60ceb1aed11deddbf52e195adb2cc2f950ea8c912000ccc9\
        097412384c57cad4c46c6edea348b1bc0d7437228a0c87',
        x'7f17d7c299e6243d834e694c1b8512a5cded7258fb089eba5f65a02d1747c8dd7d397efa6956ab18368963');
        INSERT INTO secret_version VALUES (3, 2, 1, 'file', 1795567082,
        x'cc485cded0d4375c78459413511504395f2e20cd2ab2bfa8b2b241734043cb9dceb13d5b349609fe6541fca6f5ccc8ada1\
        90a67c43e6a9c90b95aa50aba04cef1d972fd817e96344',
        x'a3c3036e918dc427d69b058134909c7faf9ac24b86604d3ec114ab923e40edd6678636863f5e8fa80e3f4075c9edb028a4\
        ');
        INSERT INTO secret_version VALUES (4, 3, 1, 'env', 1795567082,
        x'4043520dc82136f3d4d029a69a7f7f2c29972bdfae535ce4ee7c725472d3cb0c9a6885bef8512d703b209ff454b4e0b7a2\
        5cd492f48a8c405b06592fad4be5acc670082fe41aa9a5',
        x'7234703bbe1f8bf13e405da5bb64472c9f6e52686d7691c16364c2e567ac3c4936477026faa54721d6e23a49');
        INSERT INTO secret_version VALUES (5, 4, 1, 'env', 1795567082,
        x'1e48fa2149a3bb770d4e6a118a425a40ec8477ee7b4ab3923b5eced9d8cfd8a87f53ab6238581d0b5cf6c537c891378fce\
        dae8fe7c822591a262ef9775e078bff20dad3e793f0da1',
        x'80b5a6e9196e891147a33c05dc3dfc4313f89ce841f26cd22348823a2fe8aad5cf66fcad30a960e77fc66206');
        """
}
