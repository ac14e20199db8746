internal import Secrets

extension Vault {
    /// Runs a change in one transaction, with the keys and the ledger, which is sealed anew behind it.
    internal borrowing func change<R: ~Copyable>(
        _ body: (borrowing VaultKeys, inout Ledger) throws(VaultError) -> R
    ) throws(VaultError) -> R {
        try withKeys { keys throws(VaultError) in
            try database.transaction { () throws(VaultError) in
                var ledger = try Ledger(database, keys, vault: identity)
                let result = try body(keys, &ledger)
                try ledger.commit(database, keys)
                return result
            }
        }
    }

    /// Runs a look with the keys and the verified ledger on one state of the file.
    internal borrowing func look<R: ~Copyable>(
        _ body: (borrowing VaultKeys, inout Ledger) throws(VaultError) -> R
    ) throws(VaultError) -> R {
        try withKeys { keys throws(VaultError) in
            try database.snapshot { () throws(VaultError) in
                var ledger = try Ledger(database, keys, vault: identity)
                return try body(keys, &ledger)
            }
        }
    }

    /// The active app, as the vault's state has it sealed.
    public func verifiedActiveApp() throws(VaultError) -> String {
        try look { _, _ throws(VaultError) in try activeApp() }
    }

    /// Refuses a vault in which a secret of this app was hidden or taken away: what is listed must be as much as was
    /// sealed.
    public func verifySecretCount(of app: String) throws(VaultError) {
        try look { keys, ledger throws(VaultError) in
            let row = try verifiedApp(app, keys, &ledger)
            guard try secretCount(in: app) == row.secretCount else {
                throw .altered("the list of secrets of app \(app)")
            }
        }
    }
}

extension Vault {
    /// Whether the file is of a format that had no ledger, and no key has been here since.
    internal static func lacksLedger(_ database: borrowing Database) throws(VaultError) -> Bool {
        try database.integer("SELECT seal IS NULL FROM state WHERE id = 1") == 1
    }

    /// Seals every row anew after an upgrade from the first format, each verified by the seal it has from there.
    ///
    /// Whoever empties the state's seal of a vault that has been here gains nothing: no row of it has such a seal.
    internal static func makeLedger(
        _ database: borrowing Database, _ keys: borrowing VaultKeys, vault: [UInt8]
    ) throws(VaultError) {
        try database.transaction { () throws(VaultError) in
            // Another program may have been faster.
            guard try lacksLedger(database) else { return }
            var ledger = Ledger(emptyVault: vault)
            for (app, seal) in try apps(in: database) {
                guard keys.isValid(seal, app.firstBindings(vault: vault)) else {
                    throw .altered("app \(app.name) or its policy")
                }
                var count: Int64 = 0
                for (secret, seal) in try secrets(of: app, in: database) {
                    guard keys.isValid(seal, secret.firstBindings(app: app.name, vault: vault)) else {
                        throw .altered("secret \(secret.name)")
                    }
                    try secret.write(to: database, app: app.name, keys: keys, vault: vault, &ledger)
                    count += secret.isDeleted ? 0 : 1
                }
                try app.with(secretCount: count).write(to: database, keys: keys, vault: vault, &ledger)
            }
            try ledger.commit(database, keys)
        }
    }

    private static func apps(in database: borrowing Database) throws(VaultError) -> [(row: AppRow, seal: [UInt8])] {
        let statement = try database.prepare("SELECT \(AppRow.columns) FROM app")
        var rows: [(row: AppRow, seal: [UInt8])] = []
        while try statement.step() { rows.append(try AppRow.read(statement)) }
        return rows
    }

    private static func secrets(
        of app: AppRow, in database: borrowing Database
    ) throws(VaultError) -> [(row: SecretRow, seal: [UInt8])] {
        let statement = try database.prepare("\(SecretRow.selection) WHERE app = ?1")
        try statement.bind(1, app.id)
        var rows: [(row: SecretRow, seal: [UInt8])] = []
        while try statement.step() { rows.append(try SecretRow.read(statement)) }
        return rows
    }
}
