extension Walker {
    /// Where what a command prints goes.
    private enum Sink {
        case onwards
        case nowhere
        case shown
        case file
        case network
        case command(ShellList)
    }

    /// Looks at a command with its redirections and gives what it prints to the pipe or the caller.
    mutating func redirected(
        _ redirections: [ShellRedirection], stdin: Value, _ body: (inout Walker, Value) -> Value
    ) -> Value {
        var input = stdin
        var sink = Sink.onwards
        for redirection in redirections {
            let target = target(of: redirection)
            switch redirection.kind {
            case .read:
                checkPath(target)
                if redirection.descriptor ?? 0 == 0 { input = target.fileContent + secretFiles(target) }
            case .text: if redirection.descriptor ?? 0 == 0 { input = target }
            case .duplicateInput: if redirection.descriptor ?? 0 == 0 { input = target.fileContent }
            case .write, .writeBoth:
                checkPath(target)
                if redirection.descriptor ?? 1 == 1 { sink = self.sink(target, redirection) }
            case .duplicate where redirection.descriptor ?? 1 == 1:
                let number = target.text ?? ""
                sink = number == "-" ? .nowhere : number == "1" ? sink : number == "2" ? .shown : .file
            case .duplicate: break
            }
        }
        let output = body(&self, input)
        switch sink {
        case .onwards: return output
        case .nowhere: break
        case .shown: show(output)
        case .file:
            for taint in output.taints {
                find(taint.form == .environment ? .printEnvironment : .writeVariable, taint.place, secret: taint.secret)
            }
        case .network: find(.sendVariable, in: output)
        case .command(let list): return run(list, stdin: output)
        }
        return Value()
    }

    private mutating func target(of redirection: ShellRedirection) -> Value {
        guard case .text = redirection.kind, redirection.target.parts.isEmpty, redirection.target.range.isEmpty else {
            return value(redirection.target)
        }
        guard let document = script?.documents[redirection.target.range.lowerBound] else { return Value() }
        return value(document)
    }

    private func sink(_ target: Value, _ redirection: ShellRedirection) -> Sink {
        if case .process(let list, false, _)? = redirection.target.parts.first { return .command(list) }
        let path = target.leadingText
        if path.hasPrefix("/dev/tcp/") || path.hasPrefix("/dev/udp/") { return .network }
        switch path {
        case "/dev/null", "/dev/full": return .nowhere
        case "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2", "/dev/tty":
            return .shown
        default: return .file
        }
    }
}
