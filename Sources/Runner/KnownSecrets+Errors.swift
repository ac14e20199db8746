public import Diagnostics
internal import Redaction

extension KnownSecrets {
    /// An error as a client may see it: without the values that are known.
    ///
    /// Where the vault fails in a way that keeps its values from being known, that is the error.
    public func redacted(_ report: ErrorReport, for access: VaultAccess) -> ErrorReport {
        var report = report
        // Before a policy is known everything is looked for that one could ask for.
        var options = RedactionOptions()
        options.minimumLength = RedactionOptions.smallestMinimum
        do throws(RunError) {
            var vault = try OpenedVault.open(places: access.places, app: access.app, isNeeded: false)
            try learn(from: &vault, key: access.key)
            var request = RunRequest(command: [])
            request.app = access.app
            request.key = access.key
            if let policy = try? PolicyChoice.resolve(request, vault: &vault, places: access.places) {
                options = RedactionOptions(policy)
            }
        } catch {
            report = error.report
        }
        return report.redacted(by: redactor(options).matcher)
    }
}
