internal import Diagnostics
internal import Linux
internal import Secrets
internal import Vault

/// The vault of a run with its app chosen, or the lack of a vault where the run needs none.
internal struct OpenedVault: ~Copyable {
    private var vault: Vault?
    /// The app whose secrets are meant.
    let app: String
    /// Whether nobody named the app, so that it is the one the vault has as active.
    private let isActive: Bool

    private init(_ vault: consuming Vault?, app: String, isActive: Bool) {
        self.vault = vault
        self.app = app
        self.isActive = isActive
    }

    /// Opens the vault of these places and chooses the app: the one asked for, that of the environment, the active one.
    ///
    /// - Parameter isNeeded: Whether a missing vault is an error.
    static func open(places: Places, app asked: String?, isNeeded: Bool) throws(RunError) -> OpenedVault {
        let named = asked ?? ProcessEnvironment.value(of: "VAULT_SANDBOX_APP")
        do throws(VaultError) {
            let vault = try Vault(in: places.data, readOnly: true)
            let app: String
            if let named {
                try vault.requireApp(named)
                app = named
            } else {
                app = try vault.activeApp()
            }
            return OpenedVault(vault, app: app, isActive: named == nil)
        } catch {
            guard error.report.code == .vaultNotInitialized, !isNeeded, named == nil else {
                throw .part(error.report)
            }
            return OpenedVault(nil, app: "default", isActive: false)
        }
    }

    /// All secrets of the app.
    func records() throws(RunError) -> [SecretRecord] {
        switch vault {
        case .some(let vault): try part { () throws(VaultError) in try vault.secrets(in: app) }
        case .none: []
        }
    }

    /// The secrets of these names; a missing one is an error that names all missing ones.
    func records(named names: [String]) throws(RunError) -> [SecretRecord] {
        switch vault {
        case .some(let vault): try part { () throws(VaultError) in try vault.secrets(named: names, in: app) }
        case .none: []
        }
    }

    /// The app's pinned policy, which only an unlocked vault can vouch for.
    func pinnedPolicy() throws(RunError) -> PinnedPolicy? {
        switch vault {
        case .some(let vault): try part { () throws(VaultError) in try vault.pinnedPolicy(of: app) }
        case .none: nil
        }
    }

    /// Whether the app has a pinned policy; needs no key.
    func hasPinnedPolicy() throws(RunError) -> Bool {
        switch vault {
        case .some(let vault): try part { () throws(VaultError) in try vault.hasPinnedPolicy(app) }
        case .none: false
        }
    }

    /// Unlocks the vault where it is locked.
    mutating func unlock(_ choice: KeyChoice) throws(RunError) {
        guard var opened = vault.take() else { return }
        if !opened.isUnlocked {
            let key = try KeyReader.read(choice)
            try part { () throws(VaultError) in try opened.unlock(key) }
            // The choice was read before anything could be verified.
            if isActive, try part({ () throws(VaultError) in try opened.verifiedActiveApp() }) != app {
                throw .part(VaultError.altered("the choice of the active app").report)
            }
        }
        vault = consume opened
    }

    /// Unlocks the vault where that can be done without asking; `false` where there is no vault, or no key that fits.
    mutating func unlockIfPossible(_ choice: KeyChoice) throws(RunError) -> Bool {
        guard var opened = vault.take() else { return false }
        var isUnlocked = opened.isUnlocked
        var failure: VaultError?
        if !isUnlocked, !choice.mayAsk, let key = try? KeyReader.read(choice) {
            do throws(VaultError) {
                try opened.unlock(key)
                isUnlocked = true
            } catch {
                if error != .wrongKey { failure = error }
            }
        }
        vault = consume opened
        if let failure { throw .part(failure.report) }
        return isUnlocked
    }

    /// The state that the vault's file says it is in; `nil` where there is no vault.
    func statedState() throws(RunError) -> Vault.State? {
        switch vault {
        case .some(let vault): try part { () throws(VaultError) in try vault.statedState() }
        case .none: nil
        }
    }

    /// The values that the app holds; the vault must be unlocked.
    func heldValues(atMost count: Int, bytes: Int) throws(RunError) -> (values: [HeldValue], state: Vault.State) {
        switch vault {
        case .some(let vault):
            try part { () throws(VaultError) in try vault.heldValues(of: app, atMost: count, bytes: bytes) }
        case .none: preconditionFailure("values are read of a vault that was unlocked")
        }
    }

    /// Refuses an unlocked vault whose list of the app's secrets is not the one that was sealed.
    func verifyList() throws(RunError) {
        switch vault {
        case .some(let vault): try part { () throws(VaultError) in try vault.verifySecretCount(of: app) }
        case .none: break
        }
    }

    /// The values of secrets, in the order of their names.
    func values(of names: [String]) throws(RunError) -> [SharedSecret] {
        guard !names.isEmpty else { return [] }
        switch vault {
        case .some(let vault): return try part { () throws(VaultError) in try vault.values(of: names, in: app) }
        case .none: preconditionFailure("a secret of the vault was selected without a vault")
        }
    }
}
