internal import Interceptor
internal import Policy
internal import SandboxPlan
internal import Secrets

extension Preparation {
    /// What becomes of a command that would let a secret out.
    private var interception: InterceptionMode {
        let mode =
            switch request.caller {
            case .commandLine: policy.interceptor.commandLine
            case .mcp: policy.interceptor.mode
            }
        return mode == .block && request.isAllowedOnce ? .warn : mode
    }

    /// Judges the command by everything but the secrets' values, and refuses it where the policy says so.
    internal borrowing func intercept() throws(RunError) -> Verdict {
        guard interception != .off else { return .clean }
        return try refuse(Interceptor.judge(request.command, injected: selected.map(\.injected)))
    }

    /// Looks for the values in the command, and gives everything that is only warned of.
    internal borrowing func intercept(
        values: borrowing CollectedSecrets, after verdict: Verdict
    ) throws(RunError) -> Verdict {
        guard interception != .off else { return .clean }
        let stored = StoredValues(values, minimumLength: policy.redaction.minimumLength)
        guard request.command.contains(where: { !stored.occurrences(in: $0).isEmpty }) else { return verdict }
        return try refuse(
            Interceptor.judge(
                request.command, injected: selected.map(\.injected), storedValues: stored.occurrences(in:)))
    }

    private borrowing func refuse(_ verdict: Verdict) throws(RunError) -> Verdict {
        if interception == .block, let report = verdict.refusal { throw .part(report) }
        return verdict
    }
}

extension SelectedSecret {
    /// The secret as the interceptor knows it.
    internal var injected: InjectedVariable {
        let content: InjectedVariable.Content =
            switch delivery {
            case .environment: .value
            case .file: .path
            case .descriptor: .descriptor
            }
        return InjectedVariable(secret: name, variable: variable, content: content)
    }
}
