/// A program that carries out the command in its arguments.
internal struct Wrapper {
    /// Options that take the next word as their value.
    var valued: Set<String> = []
    /// How many words stand in front of the command, options apart.
    var leading = 0
    /// Words that must come first, such as `run` in `poetry run`; one of them.
    var verbs: Set<String> = []
    /// Whether `NAME=value` words may stand in front of the command.
    var takesAssignments = false
    /// Options whose value is a script.
    var scripts: Set<String> = []
    /// Whether the words of the command are put together and read as a script.
    var isJoined = false

    /// The wrappers by name.
    static let table: [String: Wrapper] = [
        "timeout": Wrapper(valued: ["-s", "--signal", "-k", "--kill-after"], leading: 1),
        "gtimeout": Wrapper(valued: ["-s", "--signal", "-k", "--kill-after"], leading: 1),
        "nice": Wrapper(valued: ["-n", "--adjustment"]),
        "ionice": Wrapper(valued: ["-c", "-n", "--class", "--classdata"]),
        "chrt": Wrapper(valued: ["-T", "-P", "-D"], leading: 1),
        "taskset": Wrapper(valued: [], leading: 1),
        "nohup": Wrapper(), "setsid": Wrapper(), "unbuffer": Wrapper(), "catchsegv": Wrapper(), "fakeroot": Wrapper(),
        "stdbuf": Wrapper(valued: ["-i", "-o", "-e", "--input", "--output", "--error"]),
        "time": Wrapper(valued: ["-f", "--format", "-o", "--output"]),
        "sudo": Wrapper(
            valued: ["-u", "--user", "-g", "--group", "-C", "-h", "-p", "-r", "-t", "-D", "-R", "-T", "-U"],
            takesAssignments: true),
        "doas": Wrapper(valued: ["-u", "-C"]),
        "runuser": Wrapper(valued: ["-u", "-g", "-G", "-s"], scripts: ["-c", "--command"]),
        "su": Wrapper(valued: ["-g", "-G", "-s", "--shell"], leading: 1, scripts: ["-c", "--command"]),
        "gosu": Wrapper(leading: 1), "su-exec": Wrapper(leading: 1), "setpriv": Wrapper(),
        "tini": Wrapper(valued: ["-p", "-e"]), "dumb-init": Wrapper(),
        "chroot": Wrapper(leading: 1), "unshare": Wrapper(), "nsenter": Wrapper(valued: ["-t", "--target"]),
        "systemd-run": Wrapper(valued: ["-u", "--unit", "-p", "--property", "-E", "--setenv"]),
        "flock": Wrapper(valued: ["-w", "--timeout", "-E"], leading: 1, scripts: ["-c", "--command"]),
        "script": Wrapper(
            valued: ["-t", "-T", "-I", "-O", "-B", "-m", "-o", "-E"], leading: 99, scripts: ["-c", "--command"]),
        "strace": Wrapper(valued: ["-e", "-o", "-s", "-p", "-E", "-P", "-S", "-O", "-a", "-u", "-b", "-I", "-X"]),
        "ltrace": Wrapper(valued: ["-e", "-o", "-s", "-p", "-n", "-a", "-u", "-F", "-l"]),
        "valgrind": Wrapper(), "perf": Wrapper(valued: ["-e", "-o"], verbs: ["stat", "record", "trace"]),
        "watch": Wrapper(valued: ["-n", "--interval"], isJoined: true),
        "hyperfine": Wrapper(
            valued: ["-r", "-w", "--runs", "--warmup", "-n", "--export-json", "--export-markdown"], isJoined: true),
        "concurrently": Wrapper(valued: ["-n", "--names", "-c"], isJoined: true),
        "parallel": Wrapper(valued: ["-j", "--jobs", "-a", "--arg-file"], isJoined: true),
        "entr": Wrapper(), "nodemon": Wrapper(valued: ["-e", "--ext", "-w", "--watch"], scripts: ["-x", "--exec"]),
        "cross-env": Wrapper(takesAssignments: true),
        "cross-env-shell": Wrapper(takesAssignments: true, isJoined: true),
        "dotenv": Wrapper(valued: ["-e", "-f", "-v"]), "dotenvx": Wrapper(valued: ["-f"], verbs: ["run"]),
        "npx": Wrapper(valued: ["-p", "--package"], scripts: ["-c", "--call"]),
        "npm": Wrapper(verbs: ["exec", "x"], scripts: ["-c", "--call"]),
        "pnpm": Wrapper(valued: ["--filter", "-F", "-C", "--dir"], verbs: ["exec", "dlx"], scripts: []),
        "pnpx": Wrapper(), "bunx": Wrapper(), "yarn": Wrapper(valued: ["--cwd"], verbs: ["exec", "dlx"]),
        "bundle": Wrapper(verbs: ["exec"]), "poetry": Wrapper(valued: ["-C", "--directory"], verbs: ["run"]),
        "uv": Wrapper(valued: ["--with", "--python", "-p", "--directory", "--project"], verbs: ["run"]),
        "uvx": Wrapper(), "pipenv": Wrapper(verbs: ["run"]), "pdm": Wrapper(verbs: ["run"]),
        "rye": Wrapper(verbs: ["run"]), "hatch": Wrapper(verbs: ["run"]),
        "conda": Wrapper(valued: ["-n", "--name", "-p", "--prefix"], verbs: ["run"]),
        "micromamba": Wrapper(valued: ["-n", "-p"], verbs: ["run"]),
        "mise": Wrapper(verbs: ["exec", "x"]), "asdf": Wrapper(leading: 1, verbs: ["exec"]),
        "rbenv": Wrapper(verbs: ["exec"]), "pyenv": Wrapper(verbs: ["exec"]), "nodenv": Wrapper(verbs: ["exec"]),
        "direnv": Wrapper(leading: 1, verbs: ["exec"]),
        "doppler": Wrapper(scripts: ["--command"]), "op": Wrapper(valued: ["--env-file"], verbs: ["run"]),
        "aws-vault": Wrapper(leading: 1, verbs: ["exec"]),
        "nix-shell": Wrapper(valued: ["-p", "--packages"], leading: 99, scripts: ["--run", "--command"]),
        "nix": Wrapper(leading: 99, verbs: ["develop", "shell"], scripts: []),
        "ssh-agent": Wrapper(), "xvfb-run": Wrapper(valued: ["-s", "-n", "--server-args"]),
        "caffeinate": Wrapper(), "with-contenv": Wrapper(), "torsocks": Wrapper(), "proxychains": Wrapper(),
    ]
}

extension Walker {
    /// Programs that carry out the command in their arguments; `nil` where the program is none of them.
    mutating func wrapped(_ name: String, _ word: Value, _ arguments: [Value], _ stdin: Value) -> Value? {
        switch name {
        case "env": return throughEnv(word, arguments, stdin)
        case "busybox", "toybox":
            return arguments.isEmpty ? Value() : nested { $0.invoke(arguments, stdin: stdin) }
        case "xargs": return throughXargs(arguments, stdin)
        case "find", "fd": return throughFind(arguments)
        case "git": return throughGit(arguments, stdin)
        case "psql", "mysql", "mariadb": return throughClient(arguments)
        default:
            guard let wrapper = Wrapper.table[name] else { return nil }
            return through(wrapper, arguments, stdin)
        }
    }

    private mutating func through(_ wrapper: Wrapper, _ arguments: [Value], _ stdin: Value) -> Value? {
        var rest = arguments[...]
        if !wrapper.verbs.isEmpty {
            while let text = rest.first?.text, text.hasPrefix("-") {
                rest = rest.dropFirst(wrapper.valued.contains(text) ? 2 : 1)
            }
            guard let verb = rest.first?.text, wrapper.verbs.contains(verb) else { return nil }
            rest = rest.dropFirst()
        }
        var leading = wrapper.leading
        let outer = scope
        defer { scope.variables = outer.variables }
        while let next = rest.first {
            let text = next.text ?? next.leadingText
            if wrapper.scripts.contains(text), rest.count > 1 {
                let script = rest[rest.startIndex + 1]
                return nested { $0.runScript(script, stdin: stdin) }
            }
            if let option = wrapper.scripts.first(where: { $0.hasPrefix("--") && text.hasPrefix($0 + "=") }) {
                let script = next.dropping(option.utf8.count + 1)
                return nested { $0.runScript(script, stdin: stdin) }
            }
            if let letter = text.last, text.hasPrefix("-"), !text.hasPrefix("--"), text.count > 2,
                wrapper.scripts.contains("-\(letter)"), rest.count > 1
            {
                // Options of one letter written together, such as `script -qc`.
                let script = rest[rest.startIndex + 1]
                return nested { $0.runScript(script, stdin: stdin) }
            }
            if text == "--" {
                rest = rest.dropFirst(1 + leading)
                break
            }
            if text.hasPrefix("-"), text.count > 1 {
                rest = rest.dropFirst(wrapper.valued.contains(text) ? 2 : 1)
            } else if wrapper.takesAssignments, assign(next) {
                rest = rest.dropFirst()
            } else if leading > 0 {
                leading -= 1
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        guard !rest.isEmpty else { return Value() }
        let command = Array(rest)
        guard wrapper.isJoined else { return nested { $0.invoke(command, stdin: stdin) } }
        return nested { $0.runScript(Value.joined(command), stdin: stdin) }
    }

    /// Takes a word `NAME=value` as an assignment.
    private mutating func assign(_ word: Value) -> Bool {
        let text = word.leadingText
        guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")), equals > text.startIndex else { return false }
        let name = text[..<equals]
        guard name.utf8.enumerated().allSatisfy({ ShellParser.isName($0.element, isFirst: $0.offset == 0) }) else {
            return false
        }
        scope.set(String(name), word.dropping(name.utf8.count + 1))
        return true
    }

    private mutating func throughEnv(_ word: Value, _ arguments: [Value], _ stdin: Value) -> Value {
        let outer = scope
        defer {
            scope.variables = outer.variables
            scope.isCleared = outer.isCleared
        }
        var rest = arguments[...]
        while let next = rest.first {
            let text = next.leadingText
            if text == "-" || text == "-i" || text == "--ignore-environment" {
                scope.isCleared = true
            } else if text == "-S" || text == "--split-string" {
                let script = Value.joined(rest.dropFirst())
                return nested { $0.runScript(script, stdin: stdin) }
            } else if text.hasPrefix("-S") || text.hasPrefix("--split-string=") {
                let script = Value.joined([next.dropping(text.hasPrefix("-S") ? 2 : 15)] + rest.dropFirst())
                return nested { $0.runScript(script, stdin: stdin) }
            } else if ["-u", "--unset", "-C", "--chdir"].contains(text) {
                if text == "-u" || text == "--unset", let name = rest.dropFirst().first?.text {
                    scope.variables[name] = Value()
                }
                rest = rest.dropFirst()
            } else if text.hasPrefix("-"), text.contains("i"), !text.hasPrefix("--") {
                scope.isCleared = true
            } else if !text.hasPrefix("-"), !assign(next) {
                break
            }
            rest = rest.dropFirst()
        }
        let command = Array(rest)
        guard !command.isEmpty else {
            // What was set here is printed, too.
            let assigned = scope.variables.filter { outer.variables[$0.key] == nil }
            return environment(at: word.place)
                + assigned.values.reduce(Value()) { $0 + Value($1.taints.map { .secret($0) }) }
        }
        return nested { $0.invoke(command, stdin: stdin) }
    }

    private mutating func throughXargs(_ arguments: [Value], _ stdin: Value) -> Value {
        let valued: Set = [
            "-n", "-P", "-L", "-d", "-s", "-E", "-a", "--max-args", "--max-procs", "--delimiter", "--arg-file",
        ]
        var rest = arguments[...]
        var mark: String?
        while let text = rest.first?.text, text.hasPrefix("-"), text.count > 1 {
            if text == "-I" || text == "--replace" {
                mark = rest.dropFirst().first?.text
                rest = rest.dropFirst(2)
            } else if text.hasPrefix("-I") {
                mark = String(text.dropFirst(2))
                rest = rest.dropFirst()
            } else {
                rest = rest.dropFirst(valued.contains(text) ? 2 : 1)
            }
        }
        let input = stdin.pieces.isEmpty ? Value([.unknown]) : stdin
        var command = Array(rest)
        if let mark, !mark.isEmpty {
            command = command.map { $0.replacing(Array(mark.utf8), by: input) }
        } else {
            if command.isEmpty {
                command = [Value(Array("echo".utf8), at: input.place ?? Place(argument: 0, range: 0..<0))]
            }
            let words = input.bytes?.split { " \n\t".utf8.contains($0) }
            if let words, let place = input.place {
                command += words.map { Value(Array($0), at: place) }
            } else {
                command.append(input)
            }
        }
        return nested { $0.invoke(command, stdin: Value()) }
    }

    private mutating func throughFind(_ arguments: [Value]) -> Value {
        let texts = arguments.map { $0.text ?? "" }
        if hasValues, texts.contains(where: { $0 == "/proc" || $0.hasPrefix("/proc/") }),
            let pattern = texts.firstIndex(where: { $0.contains("environ") }), let place = arguments[pattern].place
        {
            find(.readProcEnviron, place)
        }
        var output = Value()
        var index = 0
        while index < texts.count {
            defer { index += 1 }
            guard ["-exec", "-execdir", "-ok", "-okdir", "-x", "-X", "--exec"].contains(texts[index]) else { continue }
            let end = texts[(index + 1)...].firstIndex { $0 == ";" || $0 == "+" } ?? texts.count
            let command = arguments[(index + 1)..<end].map { $0.replacing(Array("{}".utf8), by: Value([.unknown])) }
            output = output + nested { $0.invoke(command, stdin: Value()) }
            index = end
        }
        return output
    }

    private mutating func throughGit(_ arguments: [Value], _ stdin: Value) -> Value {
        var verb: String?
        var output = Value()
        for (index, argument) in arguments.enumerated() {
            let text = argument.text ?? argument.leadingText
            if index > 0, arguments[index - 1].text == "-c", text.hasPrefix("alias."),
                let mark = text.firstRange(of: "=!")
            {
                let script = argument.dropping(text[..<mark.upperBound].utf8.count)
                output = output + nested { $0.runScript(script) }
            }
            if verb == nil, !text.hasPrefix("-"), index == 0 || !["-c", "-C"].contains(arguments[index - 1].text) {
                verb = text
            }
        }
        if verb == "commit" || verb == "tag" || verb == "notes" {
            for argument in arguments { find(.writeVariable, in: argument) }
        }
        return output
    }

    /// Clients of databases: `\!` gives a line to the shell.
    private mutating func throughClient(_ arguments: [Value]) -> Value? {
        var output = Value()
        for argument in arguments {
            guard let bytes = argument.bytes, let mark = bytes.firstRange(of: [0x5C, 0x21]) else { continue }
            output = output + nested { $0.runScript(argument.dropping(mark.upperBound)) }
        }
        return output
    }
}

extension Value {
    /// The value with each occurrence of a text replaced by another value.
    internal func replacing(_ mark: [UInt8], by other: Value) -> Value {
        var pieces: [Piece] = []
        for piece in self.pieces {
            guard case .text(var text, var place, let isQuoted) = piece else {
                pieces.append(piece)
                continue
            }
            while pieces.count < 256, let range = text.firstRange(of: mark) {
                if range.lowerBound > 0 {
                    pieces.append(.text(Array(text[..<range.lowerBound]), at: place, isQuoted: isQuoted))
                }
                pieces += other.pieces
                text = Array(text[range.upperBound...])
                let begin = min(place.range.lowerBound + range.upperBound, place.range.upperBound)
                place.range = begin..<place.range.upperBound
            }
            if !text.isEmpty { pieces.append(.text(text, at: place, isQuoted: isQuoted)) }
        }
        return Value(pieces)
    }
}
