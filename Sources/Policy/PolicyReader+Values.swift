internal import Diagnostics
internal import Interceptor
internal import Linux
internal import TOMLKit

/// What each kind of value may be.
extension PolicyReader {
    /// An item without the mark that takes it away; `nil` for the one that takes everything.
    internal static func word(_ item: Policy.Item) -> Policy.Item? {
        guard item.text != "-*" else { return nil }
        var word = item
        if word.text.hasPrefix("-") { word.text.removeFirst() }
        return word
    }

    internal mutating func string(_ key: String, _ value: any TOMLValueConvertible) -> String? {
        if let text = value.string { return text }
        add(position(key), "\"\(key)\" is a text, not \(value.type.description)")
        return nil
    }

    internal mutating func items(_ key: String, _ value: any TOMLValueConvertible) -> [Policy.Item] {
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

    internal mutating func paths(
        _ key: String, _ value: any TOMLValueConvertible, takesPatterns: Bool = false
    ) -> [Policy.Item] {
        let items = items(key, value)
        let variables = ["$WORK_DIR", "$HOME", "$RUNTIME_DIR"]
        for item in items where item.text != "-*" {
            let path = item.text.hasPrefix("-") ? String(item.text.dropFirst()) : item.text
            // By bytes, here and below: every launch reads about a hundred paths.
            let length = path.utf8.firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
            let first = String(path[..<length])
            if first.hasPrefix("$"), !variables.contains(first) {
                add(
                    item.origin, "unknown variable \"\(first)\"",
                    nearest: nearestWord(to: first, in: variables) ?? "$WORK_DIR")
            } else if !path.hasPrefix("/"), first != "~", !first.hasPrefix("$") {
                add(item.origin, "\"\(path)\" is not absolute: begin with /, ~/, $WORK_DIR or $HOME")
            } else if path[length...].utf8.contains(UInt8(ascii: "$")) || path.utf8.contains(0) {
                add(item.origin, "\"\(path)\": a variable stands only at the beginning")
            } else if item.isPattern, !takesPatterns {
                add(item.origin, "\"\(path)\": no pattern stands in \"\(key)\"; name the path")
            } else if item.isPattern, path.contains("**") {
                add(item.origin, "\"\(path)\": a * stands for a part of one name; write /*/ for a folder between")
            }
        }
        return items
    }

    /// The name of another file, absolute or relative to this one.
    internal mutating func fileName(_ key: String, _ value: any TOMLValueConvertible) -> Policy.Item? {
        guard let text = string(key, value) else { return nil }
        let origin = position(key, item: text)
        guard let first = text.first, first != "~", first != "$", first != "?", !text.utf8.contains(0) else {
            add(origin, "\"\(key)\" names a file, absolute or relative to this one")
            return nil
        }
        return Policy.Item(text: text, isOptional: false, origin: origin)
    }

    internal mutating func calls(_ key: String, _ value: any TOMLValueConvertible) -> [Policy.Item] {
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

    internal mutating func patterns(_ key: String, _ value: any TOMLValueConvertible) -> [Policy.Item] {
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

    internal mutating func variables(_ key: String, _ value: any TOMLValueConvertible) -> [Policy.Process.Variable] {
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

    internal mutating func deliveries(
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
    internal static let leastMemory: UInt64 = 1 << 20

    /// What the launcher's own variables begin with.
    internal static let ownPrefix = "VAULT_SANDBOX_"

    /// Whether a text is a variable's name in every shell, and not one of the launcher's own.
    internal static func isVariable(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return !text.hasPrefix(ownPrefix)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x5F: true
                default: false
                }
            }
    }

    internal mutating func network(_ key: String, _ value: any TOMLValueConvertible) -> Policy.Network? {
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
    internal mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
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

    internal mutating func size(
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

    internal mutating func duration(_ key: String, _ value: any TOMLValueConvertible) -> Duration? {
        guard let text = value.string ?? value.int.map(String.init) else {
            add(position(key), "\"\(key)\" is not a duration: \(Quantities.timeHelp)")
            return nil
        }
        if let duration = Quantities.duration(text) { return duration }
        add(position(key, item: text), "\"\(text)\" is not a duration for \"\(key)\": \(Quantities.timeHelp)")
        return nil
    }

    internal mutating func number(
        _ key: String, _ value: any TOMLValueConvertible, _ range: ClosedRange<Int>
    ) -> UInt64? {
        if let number = value.int, range.contains(number) { return UInt64(number) }
        add(position(key), "\"\(key)\" is a number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }
}
