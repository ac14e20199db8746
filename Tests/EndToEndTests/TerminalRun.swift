import FoundationEssentials
internal import Linux
internal import TestSupport

/// A person at a terminal: what is started there, and what is typed when something is shown.
struct TerminalRun {
    /// What the person does once something is shown.
    enum Action: Encodable {
        case type(String)
        /// Waits a little first, until a program that has shown something waits for input.
        case typeLater(String)
        /// Waits until the terminal gives each key at once, as it does while a run has it.
        case typeOnceRaw(String)
        case size(rows: Int, columns: Int)
        case signal(Int32)

        private enum Key: String, CodingKey { case type, pause, raw, size, signal }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            switch self {
            case .type(let text): try container.encode(text, forKey: .type)
            case .typeLater(let text):
                try container.encode(0.5, forKey: .pause)
                try container.encode(text, forKey: .type)
            case .typeOnceRaw(let text):
                try container.encode(true, forKey: .raw)
                try container.encode(text, forKey: .type)
            case .size(let rows, let columns): try container.encode([rows, columns], forKey: .size)
            case .signal(let number): try container.encode(number, forKey: .signal)
            }
        }
    }

    /// What to wait for, and what to do then.
    struct Step: Encodable {
        let shown: String
        let action: Action

        init(_ shown: String, _ action: Action) {
            self.shown = shown
            self.action = action
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.unkeyedContainer()
            try container.encode(shown)
            try container.encode(action)
        }
    }

    /// What came of it.
    struct Outcome: Decodable {
        /// The exit status, or minus the signal's number; `nil` where the program had to be killed.
        let status: Int32?
        /// All that the terminal got.
        let shown: String
        /// What was waited for in vain.
        let left: [String]
        /// Whether the terminal's modes are those from before.
        let restored: Bool

        /// What was shown, line by line.
        var lines: [Substring] { shown.split(separator: "\r\n") }
    }

    private struct Plan: Encodable {
        let argv: [String]
        let rows = 31
        let columns = 97
        let steps: [Step]
    }

    /// Starts a shell's line at a terminal of 31 lines of 97 characters, in which `$VS` is the binary.
    static func run(
        _ line: String, in place: borrowing Workplace, _ steps: [Step] = [], variables: [String: String] = [:]
    ) throws -> Outcome {
        try run(argv: ["/bin/sh", "-c", line], in: place, steps, variables: variables)
    }

    /// Starts a program at such a terminal.
    static func run(
        argv: [String], in place: borrowing Workplace, _ steps: [Step] = [], variables: [String: String] = [:]
    ) throws -> Outcome {
        var request = try place.home.request([])
        request.environment["VS"] = request.program
        request.environment["TERM"] = "xterm"
        request.environment["PS1"] = "ready> "
        request.environment.merge(variables) { $1 }
        request.program = "/usr/bin/python3"
        request.arguments = [SourceTree.root + "/Tests/EndToEndTests/Terminal/terminal.py"]
        request.directory = place.project
        request.timeLimit = .seconds(90)
        request.input = Array(try JSONEncoder().encode(Plan(argv: argv, steps: steps)))
        let outcome = try request.run()
        return try JSONDecoder().decode(Outcome.self, from: Data(outcome.output))
    }
}
