public import Diagnostics
internal import Policy
public import Redaction
internal import Secrets
internal import Vault

/// The values of an app's secrets, for redaction outside a run.
public enum SecretValues {
    /// Reads the values of these secrets, unlocking the vault.
    public static func read(
        _ choice: SecretChoice, app: String?, key: KeyChoice, places: Places
    ) throws(RunError) -> [RedactionSecret] {
        var vault = try OpenedVault.open(places: places, app: app, isNeeded: true)
        let records =
            switch choice {
            case .all: try vault.records()
            case .named(let names): try vault.records(named: names)
            case .none: [] as [SecretRecord]
            }
        try SecretSelection.checkCount(records.count)
        try vault.unlock(key)
        // A secret that was hidden in the file would otherwise pass in the clear.
        if choice == .all { try vault.verifyList() }
        let names = records.map(\.name)
        return zip(names, try vault.values(of: names)).map { RedactionSecret(name: $0, value: $1) }
    }
}

/// How the vault of a user stands, as far as can be told without a key.
public enum VaultState: Sendable {
    /// It can be opened.
    case usable
    /// There is none.
    case none
    /// It is there and cannot be used, for this reason.
    case refused(ErrorReport)

    /// Looks at the vault of these places.
    public static func look(at places: Places) -> VaultState {
        do throws(VaultError) {
            _ = try Vault(in: places.data, readOnly: true)
            return .usable
        } catch {
            return error.report.code == .vaultNotInitialized ? .none : .refused(error.report)
        }
    }
}
