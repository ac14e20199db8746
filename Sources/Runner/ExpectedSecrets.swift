public import Interceptor
public import Policy
internal import Vault

/// Which secrets a command would find, as far as can be told without a key.
public enum ExpectedSecrets {
    /// The variables that a run under a policy would inject.
    ///
    /// - Parameter names: The secrets that are asked for; without any, all of the app that the policy allows, else those
    ///   that the policy names, else one called `SECRET`, so that there is something to judge by.
    public static func variables(
        _ names: [String], policy: Policy, app: String?, places: Places
    ) throws(RunError) -> [InjectedVariable] {
        let vault = try OpenedVault.open(places: places, app: app, isNeeded: false)
        let stored = try vault.records().map { record in
            SelectedSecret(
                name: record.name, stored: record.delivery, place: nil,
                policy: policy)
        }
        func variable(_ name: String) -> InjectedVariable {
            let known = stored.first { $0.name == name }
            return (known ?? SelectedSecret(name: name, stored: .environment, place: nil, policy: policy)).injected
        }
        guard names.isEmpty else { return names.map(variable) }
        let allowed = stored.filter { policy.secrets.allow?.contains($0.name) ?? true }
        guard allowed.isEmpty else { return allowed.map(\.injected) }
        return (policy.secrets.allow?.sorted() ?? ["SECRET"]).map(variable)
    }
}
