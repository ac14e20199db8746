/// A language whose interpreters take code as an argument.
internal enum CodeLanguage {
    case python, javascript, ruby, perl, php, awk, lua, powershell

    /// The language of an interpreter; versions behind the name do not count.
    init?(program: String) {
        let name = program.prefix { !$0.isNumber }
        switch name {
        case "python", "pypy", "ipython", "micropython": self = .python
        case "node", "nodejs", "deno", "bun", "tsx", "ts-node", "qjs", "esno", "babel-node": self = .javascript
        case "ruby", "jruby", "irb", "truffleruby": self = .ruby
        case "perl": self = .perl
        case "php": self = .php
        case "awk", "gawk", "mawk", "nawk", "original-awk": self = .awk
        case "lua", "luajit": self = .lua
        case "pwsh", "powershell": self = .powershell
        default: return nil
        }
    }

    /// Options behind which code stands, and whether its value is printed.
    var codeOptions: [String: Bool] {
        switch self {
        case .python: ["-c": false]
        case .javascript: ["-e": false, "--eval": false, "-p": true, "--print": true, "-pe": true, "eval": false]
        case .ruby: ["-e": false]
        case .perl: ["-e": false, "-E": false]
        case .php: ["-r": false]
        case .lua: ["-e": false]
        case .powershell: ["-c": true, "-Command": true, "-command": true]
        case .awk: [:]
        }
    }

    /// What begins a comment that goes to the end of the line.
    var comment: [UInt8] {
        switch self {
        case .javascript: Array("//".utf8)
        case .lua: Array("--".utf8)
        default: Array("#".utf8)
        }
    }

    /// Whether words without brackets print what stands behind them.
    var hasPrintingWords: Bool { self != .python && self != .javascript && self != .lua }

    /// Whether a string in backticks is a command.
    var runsBackticks: Bool { self == .ruby || self == .perl || self == .php }
}
