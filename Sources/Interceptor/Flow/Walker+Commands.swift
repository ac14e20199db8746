extension Walker {
    /// Looks at commands in order and gives what they print together.
    mutating func run(_ list: ShellList, stdin: Value) -> Value {
        var output = Value()
        for pipeline in list.pipelines {
            let wasConditional = scope.isConditional
            scope.isConditional = wasConditional || pipeline.isConditional
            output = output + run(pipeline, stdin: stdin)
            scope.isConditional = wasConditional
        }
        return output
    }

    private mutating func run(_ pipeline: ShellPipeline, stdin: Value) -> Value {
        guard pipeline.commands.count > 1 else {
            return pipeline.commands.first.map { run($0, stdin: stdin) } ?? Value()
        }
        var flow = stdin
        for command in pipeline.commands {
            // Each runs in a shell of its own.
            let outer = scope
            flow = run(command, stdin: flow)
            scope = outer
        }
        return flow
    }

    private mutating func run(_ command: ShellCommand, stdin: Value) -> Value {
        guard countsOn() else { return Value() }
        switch command {
        case .simple(let command): return run(command, stdin: stdin)
        case .group(let lists, let redirections, let isSubshell, let isConditional):
            return redirected(redirections, stdin: stdin) { walker, stdin in
                let outer = walker.scope
                if isConditional { walker.scope.isConditional = true }
                var output = Value()
                for list in lists { output = output + walker.run(list, stdin: stdin) }
                if isSubshell { walker.scope = outer } else { walker.scope.isConditional = outer.isConditional }
                return output
            }
        case .loop(let variable, let words, let body, let redirections):
            return redirected(redirections, stdin: stdin) { walker, stdin in
                let values = words.flatMap { walker.fields($0) }
                let outer = walker.scope.isConditional
                walker.scope.isConditional = true
                var output = Value()
                if variable.isEmpty {
                    output = walker.run(body, stdin: stdin)
                } else {
                    // Each word by itself, so that a word may be a variable's name; no more than matter.
                    for value in values.prefix(32) {
                        walker.scope.variables[String(decoding: variable, as: UTF8.self)] = value
                        output = output + walker.run(body, stdin: stdin)
                    }
                }
                walker.scope.isConditional = outer
                return output
            }
        case .branches(let word, let lists, let redirections):
            return redirected(redirections, stdin: stdin) { walker, stdin in
                _ = walker.value(word)
                let outer = walker.scope.isConditional
                walker.scope.isConditional = true
                var output = Value()
                for list in lists { output = output + walker.run(list, stdin: stdin) }
                walker.scope.isConditional = outer
                return output
            }
        case .function(let name, let body):
            if let script {
                scope.functions[String(decoding: name, as: UTF8.self)] = Scope.Function(body: body, script: script)
            }
            return Value()
        case .test(let words):
            for word in words { _ = value(word) }
            return Value()
        }
    }

    private mutating func run(_ command: ShellSimpleCommand, stdin: Value) -> Value {
        let words = command.words.flatMap { fields($0) }
        let assigned = command.assignments.map { assignment in
            (
                String(decoding: assignment.name, as: UTF8.self),
                assignment.words.reduce(Value()) { $0 + value($1) }, assignment.isAppended
            )
        }
        for (name, value, _) in assigned where name == "PS4" { find(.traceShell, in: value) }
        let outer = scope.variables
        for (name, value, isAppended) in assigned { scope.set(name, value, isAppended: isAppended) }
        defer {
            // In front of a command, they hold for that command.
            if !words.isEmpty { for (name, _, _) in assigned { scope.variables[name] = outer[name] } }
        }
        return redirected(command.redirections, stdin: stdin) { walker, stdin in
            // `$(< file)` reads the file.
            guard !words.isEmpty else { return command.assignments.isEmpty ? stdin.fileless : Value() }
            return walker.invoke(words, stdin: stdin)
        }
    }

    /// Carries out a function that the script defined.
    mutating func call(_ function: Scope.Function, _ words: [Value], stdin: Value) -> Value {
        nested { walker in
            let (positional, script) = (walker.scope.positional, walker.script)
            walker.scope.positional = words
            walker.script = function.script
            let value = walker.run(function.body, stdin: stdin)
            walker.scope.positional = positional
            walker.script = script
            return value
        }
    }
}

extension Value {
    /// What reading it as a stream gives: everything but the names of files.
    fileprivate var fileless: Value {
        Value(
            pieces.filter { piece in
                if case .file = piece { false } else { true }
            })
    }
}
