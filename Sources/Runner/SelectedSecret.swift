internal import Policy
internal import SandboxPlan
internal import Secrets
internal import Vault

/// A secret that a run injects: its name, where its value is, and how the program gets it; no value.
internal struct SelectedSecret: Equatable {
    /// The secret's name.
    let name: String
    /// How the program gets it.
    let delivery: SecretManifest.Delivery
    /// The variable that holds the value, the path or the number.
    let variable: String
    /// Where the value is; `nil` for the vault.
    let place: SecretOrigin.Place?

    /// Makes a selection; the policy may deliver it in another way than the vault says.
    init(name: String, stored: Delivery, place: SecretOrigin.Place?, policy: Policy) {
        self.name = name
        self.place = place
        let wish = policy.secrets.deliver[name]
        switch wish?.kind ?? stored.kind {
        case .environment:
            delivery = .environment
            variable = name
        case .file:
            delivery = .file
            variable = wish?.variable ?? name + "_FILE"
        case .descriptor:
            delivery = .descriptor
            variable = wish?.variable ?? name + "_FD"
        }
    }
}

extension Delivery {
    /// The same in the policy's words.
    fileprivate var kind: Policy.Secrets.Delivery.Kind {
        switch self {
        case .environment: .environment
        case .file: .file
        case .descriptor: .descriptor
        }
    }
}

/// Decides which secrets a run injects; looks names up and reads no value.
internal enum SecretSelection {
    /// The secrets of a request, sorted by name, each within the policy's ceiling.
    ///
    /// - Parameter vault: The vault and the app, or `nil` where the run needs none.
    static func select(
        _ request: RunRequest, policy: Policy, vault: borrowing OpenedVault
    ) throws(RunError) -> [SelectedSecret] {
        var selected: [String: SelectedSecret] = [:]
        for origin in request.origins {
            try part { () throws(VaultError) in try SecretName.validate(origin.name) }
            guard selected[origin.name] == nil else {
                throw .argument("--secret-from \(origin.name): given twice", hint: "name each secret once")
            }
            selected[origin.name] = SelectedSecret(
                name: origin.name, stored: .environment, place: origin.place, policy: policy)
        }
        switch request.secrets {
        case .none: break
        case .all:
            // With values from elsewhere and no name asked for, no vault is looked at.
            guard request.origins.isEmpty else { break }
            for record in try vault.records() where policy.secrets.allow?.contains(record.name) ?? true {
                selected[record.name] = SelectedSecret(
                    name: record.name, stored: record.delivery, place: nil, policy: policy)
            }
        case .named(let names):
            let inVault = names.filter { selected[$0] == nil }
            for record in try vault.records(named: inVault) {
                selected[record.name] = SelectedSecret(
                    name: record.name, stored: record.delivery, place: nil, policy: policy)
            }
        }
        try checkCount(selected.count)
        if let ceiling = policy.secrets.allow {
            let refused = selected.keys.filter { !ceiling.contains($0) }.sorted()
            guard refused.isEmpty else { throw .secretsNotAllowed(refused, policy: policy.name) }
        }
        return try checkVariables(selected.values.sorted { $0.name < $1.name })
    }

    /// Every value lies between guard pages of its own, of which a process can have only so many.
    static func checkCount(_ count: Int) throws(RunError) {
        guard count > mostSecrets else { return }
        throw .argument(
            "\(count) secrets are more than one run takes (\(mostSecrets))", hint: "name those it needs with --secret")
    }

    private static let mostSecrets = 1000

    /// Two secrets cannot be delivered under one variable.
    private static func checkVariables(_ selected: [SelectedSecret]) throws(RunError) -> [SelectedSecret] {
        var owners: [String: String] = [:]
        for secret in selected {
            if let other = owners.updateValue(secret.name, forKey: secret.variable) {
                throw .argument(
                    "\(other) and \(secret.name) would both be delivered as \(secret.variable)",
                    hint: "leave one out, or give one another variable in the policy's [secrets] deliver")
            }
        }
        return selected
    }
}
