/// What a shell knows at one moment: variables, functions, positional parameters, the directory.
internal struct Scope {
    /// The variables that were set, by name.
    var variables: [String: Value] = [:]
    /// The functions, with the script that each is from.
    var functions: [String: Function] = [:]
    /// `$0`, `$1` and so on.
    var positional: [Value] = []
    /// Where `cd` went, as far as that matters.
    var directory: Value?
    /// Whether the environment was emptied.
    var isCleared = false
    /// Whether what is set may be skipped, so that it adds to what a variable holds.
    var isConditional = false

    /// A function of a script.
    struct Function {
        let body: ShellCommand
        let script: ScriptContext
    }

    /// Sets a variable.
    mutating func set(_ name: String, _ value: Value, isAppended: Bool = false) {
        let old = variables[name]
        variables[name] = (isAppended || isConditional) && old != nil ? (old ?? Value()) + value : value
    }
}

/// A script that is being looked at.
internal struct ScriptContext {
    /// Where its text came from.
    let source: SourceText
    /// The texts of its here-documents.
    let documents: [Int: ShellWord]
}
