internal import Diagnostics
internal import JSON
internal import Secrets

/// One parameter of a tool: what a client is told of it and what is accepted.
internal struct ToolParameter: Sendable {
    /// What a parameter holds.
    enum Kind: Sendable {
        /// Text.
        case text
        /// The name of a secret.
        case secretName
        /// The value of a secret.
        case secretValue
        /// A list of texts; an empty one is told apart by whoever reads it.
        case texts
        /// A number, in these bounds where they are known.
        case number(above: Double, atMost: Double?)
        /// A whole number in these bounds.
        case integer(ClosedRange<Int64>)
    }

    let name: String
    let kind: Kind
    let isRequired: Bool
    let description: String

    init(_ name: String, _ kind: Kind, isRequired: Bool = false, _ description: String) {
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
        self.description = description
    }

    /// The parameter in a JSON schema.
    var schema: JSONValue {
        var schema: [String: JSONValue] = ["description": .string(description)]
        switch kind {
        case .text, .secretValue: schema["type"] = "string"
        case .secretName:
            schema["type"] = "string"
            schema["pattern"] = "^[A-Za-z_][A-Za-z0-9_]{0,127}$"
            schema["examples"] = ["DATABASE_URL", "STRIPE_SECRET_KEY"]
        case .texts:
            schema["type"] = "array"
            schema["items"] = ["type": "string"]
        case .number(let above, let atMost):
            schema["type"] = "number"
            schema["exclusiveMinimum"] = .number(above)
            schema["maximum"] = atMost.map { .number($0) }
        case .integer(let range):
            schema["type"] = "integer"
            schema["minimum"] = .integer(range.lowerBound)
            schema["maximum"] = .integer(range.upperBound)
        }
        return .object(schema)
    }

    /// What is wrong with a value, or `nil`.
    fileprivate func problem(_ value: JSONValue) -> String? {
        switch (kind, value) {
        case (.text, .string), (.secretName, .string), (.secretValue, .hidden), (.secretValue, .string): nil
        case (.secretValue, .broken): "\(name) has a lone surrogate (\\ud800 to \\udfff), which stands for no bytes"
        case (.text, _), (.secretName, _), (.secretValue, _): "\(name) must be a string"
        case (.texts, .array(let elements)):
            elements.allSatisfy { $0.text != nil } ? nil : "\(name) must be a list of strings"
        case (.texts, _): "\(name) must be a list of strings"
        case (.number, .integer), (.number, .number): nil
        case (.number, _): "\(name) must be a number"
        case (.integer(let range), .integer(let number)):
            range.contains(number) ? nil : "\(name) must be \(range.lowerBound) to \(range.upperBound)"
        case (.integer(let range), .number(let number)):
            Int64(exactly: number).map { range.contains($0) } == true
                ? nil : "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)"
        case (.integer, _): "\(name) must be a whole number"
        }
    }
}

/// The arguments of one call, checked against the parameters of its tool.
internal struct ToolArguments: Sendable {
    private let values: [String: JSONValue]

    /// Checks arguments; says everything that is wrong at once, and repeats no value.
    init(_ given: [String: JSONValue], for parameters: [ToolParameter]) throws(ErrorReport) {
        var problems: [String] = []
        let names = parameters.map(\.name)
        for name in given.keys.sorted() where !names.contains(name) { problems.append(Self.unknown(name, names)) }
        for parameter in parameters {
            // Clients with strict schemas name every parameter, and say null for what they leave out.
            guard let value = given[parameter.name], value != .null else {
                if parameter.isRequired { problems.append("\(parameter.name) is missing") }
                continue
            }
            if let problem = parameter.problem(value) { problems.append(problem) }
        }
        guard problems.isEmpty else {
            let known =
                names.isEmpty ? "the tool takes no parameters" : "the parameters are \(names.joined(separator: ", "))"
            throw ErrorReport(.argumentInvalid, problems.joined(separator: "; "), hint: known)
        }
        values = given.filter { $0.value != .null }
    }

    /// Names an unknown parameter only where it looks like a name: by mistake it might be a value.
    private static func unknown(_ name: String, _ names: [String]) -> String {
        let isName =
            name.utf8.count <= 32
            && name.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            }
        guard isName else { return "unknown parameter" }
        let nearest = nearestWord(to: name, in: names).map { ": did you mean \($0)?" } ?? ""
        return "unknown parameter \(name)\(nearest)"
    }

    /// A text, where it was given.
    func text(_ name: String) -> String? { values[name]?.text }

    /// A list of texts, where it was given.
    func texts(_ name: String) -> [String]? {
        guard case .array(let elements) = values[name] else { return nil }
        return elements.compactMap(\.text)
    }

    /// A number, where it was given.
    func number(_ name: String) -> Double? {
        switch values[name] {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// The value of a secret, where it was given.
    func secretValue(_ name: String) -> SharedSecret? {
        switch values[name] {
        case .hidden(let value): value
        case .string(let text): SharedSecret(SecretBytes(copying: Array(text.utf8).span))
        default: nil
        }
    }
}
