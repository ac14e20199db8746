internal import Diagnostics
internal import JSON
internal import Linux

extension SeccompProfileReader {
    /// What happens by the words of a profile.
    internal mutating func action(
        _ value: JSONValue, key: String, error: JSONValue?, errorName: JSONValue?
    ) -> SystemCallFilter.Action? {
        let word = value.text ?? ""
        switch word {
        case "SCMP_ACT_ALLOW": return .allow
        case "SCMP_ACT_ERRNO": return errno(error, errorName).map { .fail($0) }
        // Nobody reads what the kernel would log of a call that it carries out.
        case "SCMP_ACT_LOG": return .fail(.notPermitted)
        // A signal that the program may catch would let it go on.
        case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_TRAP": return .kill
        case "SCMP_ACT_NOTIFY", "SCMP_ACT_TRACE":
            add(word, "\"\(word)\" asks another program, and there is none here")
        default:
            let words = [
                "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_LOG", "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD",
                "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_TRAP",
            ]
            add(
                value.text ?? key, "\"\(word)\" is not a \"\(key)\"", nearest: nearestWord(to: word, in: words))
        }
        return nil
    }

    /// The error that a call fails with, by number or else by name; EPERM where neither is written.
    internal mutating func errno(_ number: JSONValue?, _ name: JSONValue?) -> Errno? {
        switch (number, name) {
        case (.some(.integer(let number)), _) where (0...4095).contains(number): return Errno(rawValue: Int32(number))
        case (.some, _): add("errnoRet", "the number of an error is one from 0 to 4095")
        case (nil, .some(let name)):
            let known = (Int32(1)...133).lazy.map { Errno(rawValue: $0) }
            if let errno = known.first(where: { $0.name == name.text }) { return errno }
            add(name.text, "\"\(name.text ?? "")\" is not the name of an error")
        case (nil, nil): return .notPermitted
        }
        return nil
    }

    /// A statement about an argument.
    internal mutating func match(_ value: JSONValue) -> SystemCallFilter.Match? {
        guard let members = members(value, "args", ["index", "value", "valueTwo", "op"]) else { return nil }
        guard case .integer(let index) = members["index"] ?? .integer(0), (0..<6).contains(index) else {
            add("index", "\"index\" is a number from 0 to 5")
            return nil
        }
        guard let value = word(members["value"], "value"), let second = word(members["valueTwo"], "valueTwo") else {
            return nil
        }
        let argument = Int(index)
        let name = members["op"]?.text ?? ""
        switch name {
        case "SCMP_CMP_EQ": return .init(argument: argument, values: [value])
        case "SCMP_CMP_NE": return .init(argument: argument, .noneOf, values: [value])
        case "SCMP_CMP_LT": return .init(argument: argument, .below, values: [value])
        case "SCMP_CMP_LE": return .init(argument: argument, .atMost, values: [value])
        case "SCMP_CMP_GT": return .init(argument: argument, .above, values: [value])
        case "SCMP_CMP_GE": return .init(argument: argument, .atLeast, values: [value])
        case "SCMP_CMP_MASKED_EQ":
            if second & ~value == 0 { return .init(argument: argument, mask: value, values: [second]) }
            add(name, "\"valueTwo\" has bits that are not in the mask, \"value\": no argument is like that")
        default:
            let words = ["EQ", "NE", "LT", "LE", "GT", "GE", "MASKED_EQ"].map { "SCMP_CMP_" + $0 }
            add(
                members["op"]?.text ?? "args", "\"\(name)\" is not an \"op\"", nearest: nearestWord(to: name, in: words)
            )
        }
        return nil
    }

    /// A number of 64 bits, 0 where none is written.
    internal mutating func word(_ value: JSONValue?, _ key: String) -> UInt64? {
        guard let value else { return 0 }
        if case .integer(let number) = value, number >= 0 { return UInt64(number) }
        add(key, "\"\(key)\" is a whole number from 0 to \(Int64.max)")
        return nil
    }

    /// The elements of a list, none where it is missing or `null`.
    internal mutating func list(_ value: JSONValue?, _ key: String) -> [JSONValue] {
        switch value {
        case .some(.array(let elements)): return elements
        case nil: return []
        default:
            add(key, "\"\(key)\" is a list")
            return []
        }
    }

    /// The members of an object that are not `null`; each one that is not known is a problem.
    internal mutating func members(
        _ value: JSONValue, _ what: String, _ keys: [String]
    ) -> [String: JSONValue]? {
        guard let members = value.members else {
            add(what, "\(what): an object stands here")
            return nil
        }
        for key in members.keys.sorted() where !keys.contains(key) {
            add(key, "unknown key \"\(key)\" in \(what)", nearest: nearestWord(to: key, in: keys))
        }
        return members.filter { $0.value != .null }
    }
}
