internal import TestSupport

/// Lines behind `exec`: every option in every style with every kind of value, before every kind of command.
enum ExecLineCorpus {
    /// Options with a value that may be given once.
    static let single = ["--app", "--work-dir", "--timeout", "--key-file", "--passphrase-fd"]
    /// Options with a value that may be repeated.
    static let repeated = ["--policy", "--read", "--write", "--secret", "--secret-from", "--env"]
    static let flags = ["--json", "--no-secrets", "--dry-run", "--allow-empty", "--quiet", "--tty", "--no-tty"]

    /// Values that nobody could take for an option.
    static let plainValues = ["a", "90s", "NAME=env", "/tmp/a b", "3", "a=b=c", "ünï", "?x", "/", ".", "a--b"]

    /// Values that need care.
    static let oddValues = [
        "", "-", "--", "-1", "--json", "-x", "--app", "--app=b", "=", "=b", " ", "-=", "\n", "\\", "\"", "exec",
        "--help",
    ]

    /// Commands that are plain to read.
    static let plainCommands = [
        ["true"], ["sh", "-c", "exit 3"], ["npm", "test", "--", "--watch"], ["a", "--json"], ["a", "--app", "b"],
        ["./x", "-h"], ["a", "--help"], ["a", "--version"], ["a", ""],
    ]

    /// Commands that need care, and lines without one.
    static let oddCommands = [
        [], [""], ["-"], ["--"], ["--", "--"], ["-x"], ["--jsonn"], ["--help"], ["-h"], ["--version"], ["help"],
        ["exec"], ["="], ["---"], ["--json=true"], ["-json"], ["--no-json"], ["--jso"],
        ["--generate-completion-script"], ["--experimental-dump-help"],
    ]

    static var values: [String] { plainValues + oddValues }

    /// The command written as it is, and behind `--`.
    static func endings(_ commands: [[String]]) -> [[String]] { commands + commands.map { ["--"] + $0 } }

    /// An option and its value as two words and as one.
    static func styles(_ option: String, _ value: String) -> [[String]] { [[option, value], ["\(option)=\(value)"]] }

    /// Every command behind a few options, and every option with every value before a few commands.
    static var lines: [[String]] {
        var lines: [[String]] = []
        let endings = endings(plainCommands + oddCommands)
        for start in [[], ["--json"], ["--app", "b"], ["--app=b"]] { lines += endings.map { start + $0 } }
        for option in single + repeated {
            for value in values {
                for style in styles(option, value) {
                    lines += [style, style + ["true"], style + ["--", "sh", "-c", "--app"]]
                }
            }
            lines.append([option])
        }
        for flag in flags {
            lines += [[flag, flag, "true"], [flag + "=", "true"], [flag + "=true", "true"], [flag]]
        }
        return lines
    }

    /// Lines of a few words in any order.
    static func randomLines(count: Int, seed: UInt64) -> [[String]] {
        var generator = SeededGenerator(seed: seed)
        let words = single + repeated + flags + values + ["true", "--", "--pol", "--polict", "-vv"]
        return (0..<count).map { _ in
            (0..<Int.random(in: 1...7, using: &generator)).map { _ in
                let word = words.randomElement(using: &generator) ?? ""
                guard Int.random(in: 0..<4, using: &generator) == 0 else { return word }
                return word + "=" + (values.randomElement(using: &generator) ?? "")
            }
        }
    }

    /// Lines as people write them: options in any order, each single one at most once, then a command.
    static func plainLines(count: Int, seed: UInt64) -> [[String]] {
        var generator = SeededGenerator(seed: seed)
        let endings = endings(plainCommands)
        return (0..<count).map { _ in
            var options = (flags + single).filter { _ in Bool.random(using: &generator) }
            options += (0..<Int.random(in: 0...5, using: &generator)).compactMap { _ in
                repeated.randomElement(using: &generator)
            }
            var line: [String] = []
            for option in options.shuffled(using: &generator) {
                guard !flags.contains(option) else {
                    line.append(option)
                    continue
                }
                let value = plainValues.randomElement(using: &generator) ?? ""
                line += styles(option, value).randomElement(using: &generator) ?? []
            }
            return line + (endings.randomElement(using: &generator) ?? [])
        }
    }
}
