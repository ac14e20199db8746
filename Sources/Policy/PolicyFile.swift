internal import Diagnostics
internal import Interceptor
internal import Linux

/// A policy as it is written: what it extends and what it says itself, checked but not yet composed.
internal struct PolicyFile {
    var description: String?
    var extends: [Policy.Item] = []
    var read: [Policy.Item] = []
    var write: [Policy.Item] = []
    var protect: [Policy.Item] = []
    var mask: [Policy.Item] = []
    var temporary: UInt64?
    var network: Policy.Network?
    var allowCalls: [Policy.Item] = []
    var denyCalls: [Policy.Item] = []
    /// The file of an OCI seccomp profile, as the policy names it.
    var profile: Policy.Item?
    var path: [Policy.Item] = []
    var passEnvironment: [Policy.Item] = []
    var setEnvironment: [Policy.Process.Variable] = []
    var timeout: Duration?
    /// Where `timeout` was written.
    var timeoutOrigin: Policy.Origin?
    var maximumTimeout: Duration?
    var memory: UInt64?
    var processes: UInt64?
    var processorTime: Duration?
    var openFiles: UInt64?
    var fileSize: UInt64?
    var output: UInt64?
    var mcpOutput: UInt64?
    var allowSecrets: Set<String>?
    var deliver: [String: Policy.Secrets.Delivery] = [:]
    var minimumLength: UInt64?
    var windows: Bool?
    var writtenFiles: Policy.Redaction.WrittenFiles?
    var decoys: [Policy.Item] = []
    var onDecoy: Policy.Redaction.OnDecoy?
    var require: [Policy.Item] = []
    var degrade: [Policy.Item] = []
    var interception: InterceptionMode?
    var commandLineInterception: InterceptionMode?

    /// Adds what the file says to what it extends.
    func apply(to policy: inout Policy) {
        if let description { policy.description = description }
        Self.merge(read, into: &policy.filesystem.read)
        Self.merge(write, into: &policy.filesystem.write)
        Self.merge(protect, into: &policy.filesystem.protect)
        Self.merge(mask, into: &policy.filesystem.mask)
        if let temporary { policy.filesystem.temporary = temporary }
        if let network { policy.network = network }
        mergeAllowedCalls(into: &policy.systemCalls)
        Self.merge(denyCalls, into: &policy.systemCalls.deny)
        Self.merge(path, into: &policy.process.path)
        Self.merge(passEnvironment, into: &policy.process.passEnvironment)
        for variable in setEnvironment {
            policy.process.setEnvironment.removeAll { $0.name == variable.name }
            policy.process.setEnvironment.append(variable)
        }
        policy.process.setEnvironment.sort { $0.name < $1.name }
        if let timeout { policy.limits.timeout = timeout }
        if let maximumTimeout { policy.limits.maximumTimeout = maximumTimeout }
        if let memory { policy.limits.memory = memory }
        if let processes { policy.limits.processes = processes }
        if let processorTime { policy.limits.processorTime = processorTime }
        if let openFiles { policy.limits.openFiles = openFiles }
        if let fileSize { policy.limits.fileSize = fileSize }
        if let output { policy.limits.output = Int(output) }
        if let mcpOutput { policy.limits.mcpOutput = Int(mcpOutput) }
        // A ceiling only ever comes down.
        if let allowSecrets {
            policy.secrets.allow = policy.secrets.allow.map { $0.intersection(allowSecrets) } ?? allowSecrets
        }
        policy.secrets.deliver.merge(deliver) { $1 }
        if let minimumLength { policy.redaction.minimumLength = Int(minimumLength) }
        if let windows { policy.redaction.windows = windows }
        if let writtenFiles { policy.redaction.writtenFiles = writtenFiles }
        Self.merge(decoys, into: &policy.redaction.decoys)
        if let onDecoy { policy.redaction.onDecoy = onDecoy }
        Self.merge(require, into: &policy.isolation.require)
        Self.merge(degrade, into: &policy.isolation.degrade)
        if let interception { policy.interceptor.mode = interception }
        if let commandLineInterception { policy.interceptor.commandLine = commandLineInterception }
    }

    /// Adds and takes away calls; one that a group still lets through is denied by name, so that taking it away counts.
    private func mergeAllowedCalls(into calls: inout Policy.SystemCalls) {
        guard allowCalls.contains(where: { $0.text.hasPrefix("-") }) else {
            return Self.merge(allowCalls, into: &calls.allow)
        }
        for item in allowCalls {
            Self.merge([item], into: &calls.allow)
            guard item.text.hasPrefix("-"), item.text != "-*" else { continue }
            let name = String(item.text.dropFirst())
            let gone = Set(SystemCallGroups.calls(of: name) ?? [name[...]])
            let isCovered = calls.allow.contains { left in
                SystemCallGroups.calls(of: left.text)?.contains(where: gone.contains) ?? gone.contains(left.text[...])
            }
            guard isCovered else { continue }
            Self.merge([Policy.Item(text: name, isOptional: item.isOptional, origin: item.origin)], into: &calls.deny)
        }
    }

    /// Adds items; `-item` takes one away, and a first `-*` all that was there.
    private static func merge(_ items: [Policy.Item], into list: inout [Policy.Item]) {
        guard !items.isEmpty else { return }
        // Gaps where something was taken away, so that no item costs a walk through the list.
        var kept: [Policy.Item?] = list
        var places: [String: Int] = [:]
        for (place, item) in list.enumerated() { places[item.text] = place }
        for item in items {
            if item.text == "-*" {
                (kept, places) = ([], [:])
            } else if item.text.hasPrefix("-") {
                if let place = places.removeValue(forKey: String(item.text.dropFirst())) { kept[place] = nil }
            } else {
                if let place = places.updateValue(kept.count, forKey: item.text) { kept[place] = nil }
                kept.append(item)
            }
        }
        list = kept.compactMap(\.self)
    }

    /// The lists whose items anybody may name; not by key paths, which take each launch longer to make than to use.
    private var lists: [[Policy.Item]] {
        [read, write, protect, mask, path, passEnvironment, decoys, require, degrade]
    }

    /// Removals of what no earlier file ever had: most likely a word that was mistyped, and so access that stays.
    ///
    /// System calls are not looked at: their names are known, and a call may be taken out of a group that has it not.
    func idleRemovals(after earlier: [PolicyFile]) -> [PolicyProblem] {
        var problems: [PolicyProblem] = []
        for (list, items) in lists.enumerated() {
            guard items.contains(where: { $0.text.hasPrefix("-") }) else { continue }
            let known = Set((earlier.flatMap { $0.lists[list] } + items).map(\.text))
            for item in items where item.text.hasPrefix("-") && item.text != "-*" && !item.isOptional {
                let name = String(item.text.dropFirst())
                guard !known.contains(name) else { continue }
                problems.append(
                    PolicyProblem(
                        origin: item.origin,
                        message: "\"\(item.text)\" takes nothing away; write \"?\(item.text)\" where that may be so",
                        nearest: nearestWord(to: name, in: known.filter { !$0.hasPrefix("-") }.sorted()).map {
                            "-" + $0
                        }))
            }
        }
        return problems
    }
}
