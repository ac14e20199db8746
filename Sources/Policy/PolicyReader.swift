internal import Diagnostics
internal import Interceptor
internal import Linux
internal import TOMLKit

/// Reads one policy's text and finds everything that is wrong with it.
internal struct PolicyReader {
    private(set) var file = PolicyFile()
    private(set) var problems: [PolicyProblem] = []
    private var positions: SourcePositions
    private var section: String?

    /// The largest text that is looked at, in bytes.
    static let sizeLimit = 1 << 20

    /// Every section with its keys; those that this version does not carry out are named in `later`.
    private static let keys: [String: [String]] = [
        "": ["version", "description", "extends"],
        "filesystem": ["read", "write", "protect", "mask", "cache", "tmp", "review"],
        "network": ["mode", "allow"],
        "syscalls": ["allow", "deny", "profile"],
        "process": ["path", "pass_env", "set_env"],
        "limits": [
            "timeout", "timeout_max", "memory", "processes", "cpu", "open_files", "file_size", "output", "mcp_output",
        ],
        "secrets": ["allow", "deliver", "bind"],
        "redaction": ["minimum_length", "windows", "written_files", "decoys", "on_decoy"],
        "interceptor": ["mode", "cli"],
        "isolation": ["require", "degrade"],
    ]
    private static let later: Set<String> = [
        "filesystem.cache", "filesystem.review", "network.allow", "secrets.bind", "redaction.windows",
    ]

    /// Reads a text.
    init(source: String, text: [UInt8]) {
        positions = SourcePositions(source: source, text: text)
        guard text.count <= Self.sizeLimit else {
            add(positions.start, "larger than 1 MiB")
            return
        }
        guard let string = String(validating: text, as: UTF8.self) else {
            add(positions.start, "not UTF-8")
            return
        }
        if let origin = positions.brokenHeader {
            add(origin, "after [ the name of a section must follow")
            return
        }
        if let refusal = ParserGuard.refusal(text) {
            add(positions.origin(at: refusal.offset), refusal.reason)
            return
        }
        do {
            read(try TOMLTable(string: string))
        } catch let error as TOMLParseError {
            let summary = error.description.split(separator: "\n").first.map(String.init) ?? "not TOML"
            add(positions.origin(line: error.source.begin.line, column: error.source.begin.column), summary)
        } catch {
            add(positions.start, "not TOML")
        }
    }

    private mutating func add(_ origin: Policy.Origin, _ message: String, nearest: String? = nil) {
        problems.append(PolicyProblem(origin: origin, message: message, nearest: nearest))
    }

    private mutating func position(_ key: String?, item: String? = nil) -> Policy.Origin {
        positions.position(section: section, key: key, item: item)
    }

    private mutating func read(_ table: TOMLTable) {
        for key in table.keys {
            guard let value = table[key] else { continue }
            if let keys = Self.keys[key], !key.isEmpty {
                section = key
                if let inner = value.table {
                    readSection(key, inner, keys)
                } else {
                    section = nil
                    add(position(key), "\"\(key)\" is a section: write [\(key)]")
                }
                section = nil
            } else if Self.keys[""]?.contains(key) == true {
                readTop(key, value)
            } else {
                let words = Self.keys.keys.filter { !$0.isEmpty } + (Self.keys[""] ?? [])
                let origin = value.table == nil ? position(key) : positions.position(section: key, key: nil)
                add(origin, "unknown key \"\(key)\"", nearest: nearestWord(to: key, in: words))
            }
        }
        if table["version"] == nil { add(positions.start, "the key \"version\" is missing: write version = 1") }
    }

    private mutating func readTop(_ key: String, _ value: any TOMLValueConvertible) {
        switch key {
        case "version":
            if value.int != 1 {
                add(position(key), "version \(value.debugDescription) is not known: write version = 1")
            }
        case "description": file.description = string(key, value)
        default: file.extends = items(key, value)
        }
    }

    private mutating func readSection(_ name: String, _ table: TOMLTable, _ keys: [String]) {
        for key in table.keys {
            guard let value = table[key] else { continue }
            guard keys.contains(key) else {
                add(position(key), "unknown key \"\(name).\(key)\"", nearest: nearestWord(to: key, in: keys))
                continue
            }
            guard !Self.later.contains("\(name).\(key)") else {
                add(position(key), "\"\(name).\(key)\" is not carried out by this version; take it out")
                continue
            }
            readValue("\(name).\(key)", key, value)
        }
    }

    private mutating func readValue(_ name: String, _ key: String, _ value: any TOMLValueConvertible) {
        switch name {
        case "filesystem.read": file.read = paths(key, value, takesPatterns: true)
        case "filesystem.write": file.write = paths(key, value, takesPatterns: true)
        case "filesystem.protect": file.protect = paths(key, value, takesPatterns: true)
        case "filesystem.mask": file.mask = paths(key, value, takesPatterns: true)
        case "filesystem.tmp": file.temporary = size(key, value)
        case "network.mode": file.network = network(key, value)
        case "syscalls.allow": file.allowCalls = calls(key, value)
        case "syscalls.deny": file.denyCalls = calls(key, value)
        case "syscalls.profile": file.profile = fileName(key, value)
        case "process.path": file.path = paths(key, value)
        case "process.pass_env": file.passEnvironment = patterns(key, value)
        case "process.set_env": file.setEnvironment = variables(key, value)
        case "limits.timeout":
            file.timeout = duration(key, value)
            file.timeoutOrigin = position(key)
        case "limits.timeout_max": file.maximumTimeout = duration(key, value)
        case "limits.memory": file.memory = size(key, value, minimum: Self.leastMemory)
        case "limits.processes": file.processes = number(key, value, 2...1_000_000)
        case "limits.cpu": file.processorTime = duration(key, value)
        case "limits.open_files": file.openFiles = number(key, value, 16...1_048_576)
        case "limits.file_size": file.fileSize = size(key, value)
        case "limits.output": file.output = size(key, value, 1 << 30)
        case "limits.mcp_output": file.mcpOutput = size(key, value, 1 << 30)
        case "secrets.allow":
            let items = items(key, value)
            for item in items where !Self.isVariable(item.text) {
                add(item.origin, "\"\(item.text)\" is not a name for a secret")
            }
            file.allowSecrets = Set(items.map(\.text))
        case "secrets.deliver": file.deliver = deliveries(key, value)
        case "interceptor.mode": file.interception = choice(key, value)
        case "interceptor.cli": file.commandLineInterception = choice(key, value)
        case "redaction.written_files": file.writtenFiles = choice(key, value)
        case "redaction.on_decoy": file.onDecoy = choice(key, value)
        case "redaction.decoys":
            file.decoys = items(key, value)
            for item in file.decoys where item.text != "-*" {
                let name = item.text.hasPrefix("-") ? String(item.text.dropFirst()) : item.text
                if !Self.isVariable(name) || SteeringVariables.contains(name) {
                    add(item.origin, "\"\(name)\" is not a name for a secret")
                }
            }
        case "redaction.minimum_length": file.minimumLength = number(key, value, 4...4096)
        case "isolation.require":
            file.require = items(key, value)
            for word in file.require.compactMap(Self.word) where MachineNeed(word.text) == nil {
                add(
                    word.origin, "\"\(word.text)\" is nothing that can be required",
                    nearest: nearestWord(to: word.text, in: MachineNeed.words))
            }
        case "isolation.degrade":
            file.degrade = items(key, value)
            for word in file.degrade.compactMap(Self.word) where !MachineNeed.dispensable.contains(word.text) {
                add(
                    word.origin, "\"\(word.text)\" cannot be done without",
                    nearest: nearestWord(to: word.text, in: MachineNeed.dispensable))
            }
        default: preconditionFailure("every key in the table above is read here")
        }
    }
}

extension PolicyReader {
    /// An item without the mark that takes it away; `nil` for the one that takes everything.
    private static func word(_ item: Policy.Item) -> Policy.Item? {
        guard item.text != "-*" else { return nil }
        var word = item
        if word.text.hasPrefix("-") { word.text.removeFirst() }
        return word
    }

    private mutating func string(_ key: String, _ value: any TOMLValueConvertible) -> String? {
        if let text = value.string { return text }
        add(position(key), "\"\(key)\" is a text, not \(value.type.description)")
        return nil
    }

    private mutating func items(_ key: String, _ value: any TOMLValueConvertible) -> [Policy.Item] {
        guard let array = value.array else {
            add(position(key), "\"\(key)\" is a list of texts: write \(key) = [\"…\"]")
            return []
        }
        var items: [Policy.Item] = []
        for element in array {
            guard let text = element.string else {
                add(position(key), "\"\(key)\" holds something that is not a text")
                continue
            }
            let isOptional = text.hasPrefix("?")
            items.append(
                Policy.Item(
                    text: isOptional ? String(text.dropFirst()) : text, isOptional: isOptional,
                    origin: position(key, item: text)))
        }
        return items
    }

    private mutating func paths(
        _ key: String, _ value: any TOMLValueConvertible, takesPatterns: Bool = false
    ) -> [Policy.Item] {
        let items = items(key, value)
        let variables = ["$WORK_DIR", "$HOME", "$RUNTIME_DIR"]
        for item in items where item.text != "-*" {
            let path = item.text.hasPrefix("-") ? String(item.text.dropFirst()) : item.text
            let first = String(path.prefix { $0 != "/" })
            if first.hasPrefix("$"), !variables.contains(first) {
                add(
                    item.origin, "unknown variable \"\(first)\"",
                    nearest: nearestWord(to: first, in: variables) ?? "$WORK_DIR")
            } else if !path.hasPrefix("/"), first != "~", !first.hasPrefix("$") {
                add(item.origin, "\"\(path)\" is not absolute: begin with /, ~/, $WORK_DIR or $HOME")
            } else if path.dropFirst(first.count).contains("$") || path.utf8.contains(0) {
                add(item.origin, "\"\(path)\": a variable stands only at the beginning")
            } else if path.contains("*"), !takesPatterns {
                add(item.origin, "\"\(path)\": no pattern stands in \"\(key)\"; name the path")
            } else if path.contains("**") {
                add(item.origin, "\"\(path)\": a * stands for a part of one name; write /*/ for a folder between")
            }
        }
        return items
    }

    /// The name of another file, absolute or relative to this one.
    private mutating func fileName(_ key: String, _ value: any TOMLValueConvertible) -> Policy.Item? {
        guard let text = string(key, value) else { return nil }
        let origin = position(key, item: text)
        guard let first = text.first, first != "~", first != "$", first != "?", !text.utf8.contains(0) else {
            add(origin, "\"\(key)\" names a file, absolute or relative to this one")
            return nil
        }
        return Policy.Item(text: text, isOptional: false, origin: origin)
    }

    private mutating func calls(_ key: String, _ value: any TOMLValueConvertible) -> [Policy.Item] {
        let items = items(key, value)
        for item in items where item.text != "-*" && !item.isOptional {
            let name = item.text.hasPrefix("-") ? String(item.text.dropFirst()) : item.text
            if name == "clone3" {
                add(item.origin, "clone3 cannot be allowed: its flags lie where no filter can look")
            } else if name.hasPrefix("@") {
                guard !SystemCallGroups.isKnown(name) else { continue }
                add(
                    item.origin, "unknown group of system calls \"\(name)\"",
                    nearest: nearestWord(to: name, in: SystemCallGroups.names))
            } else if !SystemCallFilter.isKnown(name) {
                add(
                    item.origin, "unknown system call \"\(name)\"",
                    nearest: nearestWord(to: name, in: SystemCallGroups.calls))
            }
        }
        return items
    }

    private mutating func patterns(_ key: String, _ value: any TOMLValueConvertible) -> [Policy.Item] {
        let items = items(key, value)
        for item in items where item.text != "-*" {
            let name = item.text.drop { $0 == "-" }
            if name.isEmpty || name.contains("=") || name.dropLast().contains("*") {
                add(item.origin, "\"\(item.text)\" is neither a variable's name nor a beginning followed by *")
            } else if name.hasPrefix(Self.ownPrefix) || name == "*" {
                add(item.origin, "\"\(item.text)\" would pass vault-sandbox's own variables")
            }
        }
        return items
    }

    private mutating func variables(_ key: String, _ value: any TOMLValueConvertible) -> [Policy.Process.Variable] {
        guard let table = value.table else {
            add(position(key), "\"\(key)\" is a table: write \(key) = { NAME = \"value\" }")
            return []
        }
        return table.keys.sorted().compactMap { name in
            guard let text = table[name]?.string, !text.utf8.contains(0), !name.isEmpty, !name.contains("=") else {
                add(position(key), "\"\(key).\(name)\" is not a text")
                return nil
            }
            guard !name.hasPrefix(Self.ownPrefix) else {
                add(position(key), "\"\(key).\(name)\": vault-sandbox's own variables never reach a program")
                return nil
            }
            return Policy.Process.Variable(name: name, value: text, origin: position(key))
        }
    }

    private mutating func deliveries(
        _ key: String, _ value: any TOMLValueConvertible
    ) -> [String: Policy.Secrets.Delivery] {
        guard let table = value.table else {
            add(position(key), "\"\(key)\" is a table: write \(key) = { NAME = \"file\" }")
            return [:]
        }
        var deliveries: [String: Policy.Secrets.Delivery] = [:]
        for name in table.keys {
            let parts = (table[name]?.string ?? "").split(separator: ":", omittingEmptySubsequences: false)
            let variable = parts.count == 2 && !parts[1].isEmpty ? String(parts[1]) : nil
            switch (parts[0], parts.count) {
            case _ where !Self.isVariable(name):
                add(position(key), "\"\(key)\": \"\(name)\" is not a name for a secret")
            case (_, 2) where variable.map(SteeringVariables.contains) == true:
                add(position(key), "\"\(key).\(name)\": \"\(parts[1])\" steers a loader, shell or interpreter")
            case (_, 2) where variable.map(Self.isVariable) != true:
                add(position(key), "\"\(key).\(name)\": \"\(parts[1])\" is not a name for a variable")
            case ("env", 1): deliveries[name] = .init(kind: .environment)
            case ("file", 1...2): deliveries[name] = .init(kind: .file, variable: variable)
            case ("fd", 1...2): deliveries[name] = .init(kind: .descriptor, variable: variable)
            case ("placeholder", _):
                add(position(key), "\"\(key).\(name)\": placeholders are not carried out by this version")
            default:
                add(
                    position(key), "\"\(key).\(name)\" is not a way of delivery: write env, file[:VAR] or fd[:VAR]",
                    nearest: nearestWord(to: String(parts[0]), in: ["env", "file", "fd"]))
            }
        }
        return deliveries
    }

    /// With less memory than this even a small static program does not start.
    private static let leastMemory: UInt64 = 1 << 20

    /// What the launcher's own variables begin with.
    private static let ownPrefix = "VAULT_SANDBOX_"

    /// Whether a text is a variable's name in every shell, and not one of the launcher's own.
    private static func isVariable(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return !text.hasPrefix(ownPrefix)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x5F: true
                default: false
                }
            }
    }

    private mutating func network(_ key: String, _ value: any TOMLValueConvertible) -> Policy.Network? {
        guard let text = string(key, value) else { return nil }
        if let mode = Policy.Network(rawValue: text) { return mode }
        let words = Policy.Network.allCases.map(\.rawValue)
        let message =
            text == "allow"
            ? "network mode \"allow\" is not carried out by this version: write \"none\" or \"host\""
            : "unknown network mode \"\(text)\""
        add(position(key, item: text), message, nearest: text == "allow" ? nil : nearestWord(to: text, in: words))
        return nil
    }

    /// One of the words of an enumeration.
    private mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, _ value: any TOMLValueConvertible
    ) -> Choice? {
        guard let text = string(key, value) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        add(
            position(key, item: text),
            "\"\(text)\" is not a mode for \"\(key)\": write \(words.joined(separator: ", "))",
            nearest: nearestWord(to: text, in: words))
        return nil
    }

    private mutating func size(
        _ key: String, _ value: any TOMLValueConvertible, _ maximum: UInt64 = UInt64(Int64.max), minimum: UInt64 = 1
    ) -> UInt64? {
        guard let text = string(key, value) else { return nil }
        if let size = Quantities.size(text), size <= maximum {
            if size >= minimum { return size }
            let least = Quantities.text(minimum)
            add(
                position(key, item: text),
                "\"\(text)\" is too little for \"\(key)\": no program starts with under \(least)")
            return nil
        }
        add(position(key, item: text), "\"\(text)\" is not a size for \"\(key)\": \(Quantities.sizeHelp)")
        return nil
    }

    private mutating func duration(_ key: String, _ value: any TOMLValueConvertible) -> Duration? {
        guard let text = value.string ?? value.int.map(String.init) else {
            add(position(key), "\"\(key)\" is not a duration: \(Quantities.timeHelp)")
            return nil
        }
        if let duration = Quantities.duration(text) { return duration }
        add(position(key, item: text), "\"\(text)\" is not a duration for \"\(key)\": \(Quantities.timeHelp)")
        return nil
    }

    private mutating func number(
        _ key: String, _ value: any TOMLValueConvertible, _ range: ClosedRange<Int>
    ) -> UInt64? {
        if let number = value.int, range.contains(number) { return UInt64(number) }
        add(position(key), "\"\(key)\" is a number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }
}
