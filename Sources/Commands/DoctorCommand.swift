internal import ArgumentParser
internal import Runner

/// `vault-sandbox doctor`: what works on this machine, what does not, and what would change it.
internal struct DoctorCommand: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Say what this machine offers, and what to change where something is missing.")

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var output: OutputOptions

    func answer() throws -> Int32 {
        let checks = Doctor(machine: Machine(), places: .ofCaller()).examine()
        if json {
            Console.print(json: ["checks": checks])
        } else {
            for check in checks {
                Console.print("\(check.state.rawValue.padded(to: 8))  \(check.name.padded(to: 18))  \(check.detail)")
                if let remedy = check.remedy { Console.print("          \("".padded(to: 18))  hint: \(remedy)") }
            }
        }
        return checks.contains { $0.state == .missing } ? 1 : 0
    }
}

/// One thing that was looked at.
internal struct DoctorCheck: Encodable, Equatable {
    /// How it stands.
    enum State: String, Encodable {
        /// It works.
        case works
        /// It works in part, and runs are possible.
        case partial
        /// It does not work, and runs are refused.
        case missing
    }

    let name: String
    let state: State
    let detail: String
    let remedy: String?

    init(_ name: String, _ state: State, _ detail: String, remedy: String? = nil) {
        self.name = name
        self.state = state
        self.detail = detail
        self.remedy = remedy
    }
}

extension String {
    /// The text with spaces behind it up to a width.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
