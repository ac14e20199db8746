internal import Diagnostics
internal import JSON
internal import Linux

/// Reads the text of an OCI seccomp profile and finds everything that is wrong with it.
internal struct SeccompProfileReader {
    /// What was read; `nil` where there are problems.
    private(set) var profile: SeccompProfile?
    private(set) var problems: [PolicyProblem] = []
    private let text: PolicyText
    private let machine: SeccompProfile.Machine
    private let positions: SourcePositions

    /// More problems than these say nothing new.
    private static let mostProblems = 64

    /// Reads a text.
    init(_ text: PolicyText, machine: SeccompProfile.Machine = .init()) {
        self.text = text
        self.machine = machine
        // Only asked where an offset is: JSON has none of the marks that it looks for.
        positions = SourcePositions(source: text.source, text: text.bytes)
        guard text.bytes.count <= PolicyReader.sizeLimit else {
            add(nil, "larger than 1 MiB")
            return
        }
        do throws(JSONParser.Failure) {
            let value = try JSONParser.parse(text.bytes.span)
            let read = readTop(value)
            if problems.isEmpty { profile = read }
        } catch {
            switch error {
            case .malformed(let offset): problems.append(problem(positions.origin(at: offset), "not JSON"))
            case .notUTF8: add(nil, "not UTF-8")
            case .tooDeep, .tooManyHidden: add(nil, "nested too deep")
            }
        }
    }

    /// Takes note of a problem at the first place where a word stands as a string, or of the whole file.
    internal mutating func add(_ word: String?, _ message: String, nearest: String? = nil) {
        guard problems.count < Self.mostProblems else { return }
        problems.append(problem(word.flatMap(place) ?? positions.start, message, nearest))
    }

    private func problem(_ origin: Policy.Origin, _ message: String, _ nearest: String? = nil) -> PolicyProblem {
        PolicyProblem(origin: origin, message: message, nearest: nearest)
    }

    private func place(of word: String) -> Policy.Origin? {
        let quoted = [UInt8(ascii: "\"")] + word.utf8 + [UInt8(ascii: "\"")]
        let bytes = text.bytes
        guard bytes.count >= quoted.count else { return nil }
        for start in 0...(bytes.count - quoted.count)
        where bytes[start] == quoted[0] && bytes[start..<start + quoted.count].elementsEqual(quoted) {
            return positions.origin(at: start)
        }
        return nil
    }

    private mutating func readTop(_ value: JSONValue) -> SeccompProfile? {
        guard
            let members = members(
                value, "the profile",
                [
                    "defaultAction", "defaultErrnoRet", "defaultErrno", "architectures", "archMap", "flags", "syscalls",
                    "listenerPath", "listenerMetadata", "comment",
                ])
        else { return nil }
        if members["listenerPath"] != nil { add("listenerPath", "nobody listens for calls here: take it out") }
        checkArchitectures(members)
        guard let word = members["defaultAction"] else {
            add(nil, "\"defaultAction\" is missing")
            return nil
        }
        guard
            let otherwise = action(
                word, key: "defaultAction", error: members["defaultErrnoRet"], errorName: members["defaultErrno"])
        else { return nil }
        var checks: [Int32: [SystemCallFilter.Check]] = [:]
        for rule in list(members["syscalls"], "syscalls") { readRule(rule, into: &checks) }
        // The strictest of those that hold decides, so it stands first; the order of others does not matter.
        return SeccompProfile(
            otherwise: otherwise,
            rules: checks.mapValues { checks in
                .init(checks: checks.sorted { $0.action.strictness > $1.action.strictness }, otherwise: otherwise)
            })
    }

    /// A profile that says for which architectures it is must name this one; what it says of others is refused anyway.
    private mutating func checkArchitectures(_ members: [String: JSONValue]) {
        var names = list(members["architectures"], "architectures").compactMap(\.text)
        for entry in list(members["archMap"], "archMap") {
            guard let entry = self.members(entry, "archMap", ["architecture", "subArchitectures"]) else { continue }
            names += [entry["architecture"]?.text].compactMap(\.self)
        }
        guard !names.isEmpty, !names.contains(machine.architecture), !names.contains("SCMP_ARCH_NATIVE") else {
            return
        }
        add(
            members["archMap"] == nil ? "architectures" : "archMap",
            "the profile is not for this machine: it does not name \(machine.architecture)")
    }

    private mutating func readRule(_ value: JSONValue, into checks: inout [Int32: [SystemCallFilter.Check]]) {
        let keys = ["names", "name", "action", "errnoRet", "errno", "args", "comment", "includes", "excludes"]
        guard let members = members(value, "syscalls", keys) else { return }
        var names = list(members["names"], "names")
        if let name = members["name"] { names.append(name) }
        guard let word = members["action"] else { return add("syscalls", "a rule has no \"action\"") }
        guard
            let action = action(word, key: "action", error: members["errnoRet"], errorName: members["errno"])
        else { return }
        let matches = list(members["args"], "args").compactMap { match($0) }
        let included = applies(members["includes"], "includes", unless: false)
        let excluded = applies(members["excludes"], "excludes", unless: true)
        let repeats = Set(matches.map(\.argument)).count < matches.count
        // As runc has it: two statements about one argument are alternatives, and so are all of their rule then.
        let added: [SystemCallFilter.Check] =
            repeats ? matches.map { .init([$0], action) } : [.init(matches, action)]
        for name in names {
            guard let name = name.text else {
                add("names", "\"names\" holds something that is not a text")
                continue
            }
            guard let number = number(of: name), included, excluded else { continue }
            checks[number, default: []] += added
        }
    }

    /// The number of a call; `nil` where this architecture has none of that name, or where it is a mistake.
    private mutating func number(of name: String) -> Int32? {
        let isOptional = name.hasPrefix("?")
        let plain = isOptional ? String(name.dropFirst()) : name
        if let number = SystemCallFilter.number(of: plain) { return number }
        if !isOptional, !SystemCallFilter.isKnown(plain), !SeccompProfile.later.contains(plain) {
            add(
                name, "unknown system call \"\(name)\"; write \"?\(name)\" where a library may not know it",
                nearest: nearestWord(to: name, in: SystemCallGroups.calls))
        }
        return nil
    }

    /// Whether a rule's conditions let it apply. The program has no capability: what needs one does not apply, and what
    /// one would exclude does.
    private mutating func applies(_ value: JSONValue?, _ key: String, unless: Bool) -> Bool {
        guard let value, let members = members(value, key, ["caps", "arches", "minKernel"]) else { return true }
        let needsCapability = !list(members["caps"], "caps").isEmpty
        let arches = list(members["arches"], "arches").compactMap(\.text)
        var isRecent: Bool?
        if let kernel = members["minKernel"] {
            guard let least = kernel.text.flatMap({ KernelVersion($0) }) else {
                add("minKernel", "\"minKernel\" is a version such as \"4.8\"")
                return false
            }
            isRecent = machine.kernel >= least
        }
        if unless { return !arches.contains(machine.shortName) && isRecent != true }
        return !needsCapability && (arches.isEmpty || arches.contains(machine.shortName)) && isRecent != false
    }
}
