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
        "filesystem.cache", "filesystem.review", "network.allow", "secrets.bind",
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

    internal mutating func add(_ origin: Policy.Origin, _ message: String, nearest: String? = nil) {
        problems.append(PolicyProblem(origin: origin, message: message, nearest: nearest))
    }

    internal mutating func position(_ key: String?, item: String? = nil) -> Policy.Origin {
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
        case "redaction.windows":
            file.windows = value.bool
            if value.bool == nil { add(position(key), "\"\(key)\" is true or false, not \(value.type.description)") }
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
