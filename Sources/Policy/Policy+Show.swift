internal import Interceptor

extension Policy {
    /// The policy as TOML, with the place of each item of a list behind it.
    public func show() -> String {
        var lines = ["# \(name), fully resolved", "version = 1", "description = \(Self.quote(description))", ""]
        func list(_ key: String, _ items: [Item]) {
            guard !items.isEmpty else { return }
            lines.append("\(key) = [")
            lines += items.map { "    \(Self.quote(($0.isOptional ? "?" : "") + $0.text)),  # \($0.origin)" }
            lines.append("]")
        }
        lines.append("[filesystem]")
        list("read", filesystem.read)
        list("write", filesystem.write)
        list("protect", filesystem.protect)
        list("mask", filesystem.mask)
        lines += ["tmp = \"\(Quantities.text(filesystem.temporary))\"", ""]
        lines += ["[network]", "mode = \"\(network.rawValue)\"", ""]
        lines.append("[syscalls]")
        list("allow", systemCalls.allow)
        list("deny", systemCalls.deny)
        if let profile = systemCalls.profile { lines.append("profile = \(Self.quote(profile.source))") }
        lines += ["", "[process]"]
        list("path", process.path)
        list("pass_env", process.passEnvironment)
        if !process.setEnvironment.isEmpty {
            let pairs = process.setEnvironment.map { "\(Self.quote($0.name)) = \(Self.quote($0.value))" }
            lines.append("set_env = { \(pairs.joined(separator: ", ")) }")
        }
        lines += ["", "[limits]"] + limits.lines + [""]
        if secrets.allow != nil || !secrets.deliver.isEmpty {
            lines.append("[secrets]")
            if let allow = secrets.allow {
                lines.append("allow = [\(allow.sorted().map(Self.quote).joined(separator: ", "))]")
            }
            if !secrets.deliver.isEmpty {
                let pairs = secrets.deliver.sorted { $0.key < $1.key }.map {
                    "\($0.key) = \(Self.quote($0.value.text))"
                }
                lines.append("deliver = { \(pairs.joined(separator: ", ")) }")
            }
            lines.append("")
        }
        lines += ["[redaction]", "minimum_length = \(redaction.minimumLength)"]
        lines.append("windows = \(redaction.windows)")
        lines.append("written_files = \"\(redaction.writtenFiles.rawValue)\"")
        list("decoys", redaction.decoys)
        lines += ["on_decoy = \"\(redaction.onDecoy.rawValue)\"", "", "[interceptor]"]
        lines += ["mode = \"\(interceptor.mode.rawValue)\"", "cli = \"\(interceptor.commandLine.rawValue)\""]
        if !isolation.require.isEmpty || !isolation.degrade.isEmpty {
            lines += ["", "[isolation]"]
            list("require", isolation.require)
            list("degrade", isolation.degrade)
        }
        return lines.joined(separator: "\n")
    }

    /// A TOML basic string.
    private static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension Policy.Limits {
    /// The lines of the section.
    fileprivate var lines: [String] {
        var lines = [
            "timeout = \"\(timeout.components.seconds)s\"", "timeout_max = \"\(maximumTimeout.components.seconds)s\"",
        ]
        if let memory { lines.append("memory = \"\(Quantities.text(memory))\"") }
        if let processes { lines.append("processes = \(processes)") }
        if let processorTime { lines.append("cpu = \"\(processorTime.components.seconds)s\"") }
        if let openFiles { lines.append("open_files = \(openFiles)") }
        if let fileSize { lines.append("file_size = \"\(Quantities.text(fileSize))\"") }
        return lines + [
            "output = \"\(Quantities.text(UInt64(output)))\"",
            "mcp_output = \"\(Quantities.text(UInt64(mcpOutput)))\"",
        ]
    }
}

extension Policy.Secrets.Delivery {
    /// As a policy writes it.
    fileprivate var text: String {
        let suffix = variable.map { ":" + $0 } ?? ""
        switch kind {
        case .environment: return "env"
        case .file: return "file" + suffix
        case .descriptor: return "fd" + suffix
        }
    }
}
