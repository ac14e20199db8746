/// A list of commands, as in a script, a group or a substitution.
internal struct ShellList {
    /// The pipelines in order.
    var pipelines: [ShellPipeline] = []
}

/// Commands whose streams are joined by pipes.
internal struct ShellPipeline {
    /// The commands from left to right.
    var commands: [ShellCommand]
    /// Whether it runs only where the one before it succeeded or failed: it stands behind `&&` or `||`.
    var isConditional: Bool
}

/// One command of a pipeline.
internal indirect enum ShellCommand {
    /// Words with assignments and redirections.
    case simple(ShellSimpleCommand)
    /// A group, a subshell, or the parts of `if` and `while`, in order.
    case group([ShellList], redirections: [ShellRedirection], isSubshell: Bool, isConditional: Bool)
    /// `for` and `select`: the variable takes each word in turn.
    case loop(variable: [UInt8], words: [ShellWord], body: ShellList, redirections: [ShellRedirection])
    /// `case`: its word and its branches.
    case branches(ShellWord, [ShellList], redirections: [ShellRedirection])
    /// The definition of a function.
    case function(name: [UInt8], body: ShellCommand)
    /// `[[ … ]]` and `(( … ))`: nothing but words that are expanded.
    case test([ShellWord])
}

/// A command with its words.
internal struct ShellSimpleCommand {
    /// Variables that are set, for the command or, without one, for good.
    var assignments: [ShellAssignment] = []
    /// The name and the arguments.
    var words: [ShellWord] = []
    /// The redirections in order.
    var redirections: [ShellRedirection] = []
}

/// `NAME=word`, or `NAME=(word …)`.
internal struct ShellAssignment {
    /// The variable's name, without a subscript.
    var name: [UInt8]
    /// The new value, or the elements of an array.
    var words: [ShellWord]
    /// Whether it is added to what the variable holds.
    var isAppended: Bool
}

/// A redirection of one stream.
internal struct ShellRedirection {
    /// What is done.
    var kind: Kind
    /// The number in front; `nil` for the usual one.
    var descriptor: Int?
    /// A file, a descriptor, the word of a here-string, or the text of a here-document.
    var target: ShellWord

    /// Kinds of redirections.
    enum Kind {
        /// `<`.
        case read
        /// `>`, `>>`, `>|`, `<>`.
        case write
        /// `&>`, `&>>`, and `>&` with a file.
        case writeBoth
        /// `>&` with a number.
        case duplicate
        /// `<&`.
        case duplicateInput
        /// `<<` and `<<<`.
        case text
    }
}

/// One word, made of parts that are put together without a gap.
internal struct ShellWord {
    /// The parts in order.
    var parts: [ShellPart] = []
    /// The bytes of the script that it stands for.
    var range: Range<Int>

    /// The text where the word is one run of unquoted letters, as keywords are.
    var keyword: [UInt8]? {
        guard parts.count == 1, case .text(let bytes, _, false) = parts[0] else { return nil }
        return bytes
    }
}

/// A part of a word.
internal indirect enum ShellPart {
    /// Text after the removal of quotes, its first byte's place in the script, and whether it was quoted.
    case text([UInt8], at: Int, isQuoted: Bool)
    /// `$NAME`, `${NAME…}`.
    case parameter(ShellParameter, range: Range<Int>)
    /// `$( … )`, backticks.
    case command(ShellList, range: Range<Int>)
    /// `<( … )`, `>( … )`.
    case process(ShellList, isInput: Bool, range: Range<Int>)
    /// `$(( … ))`: a number, whatever is in it.
    case arithmetic([ShellPart], range: Range<Int>)
}

/// The expansion of a parameter.
internal struct ShellParameter {
    /// The name, or one of the special characters.
    var name: [UInt8]
    /// What is done to the value.
    var operation: Operation = .none
    /// The words behind the operator.
    var argument: [ShellPart] = []

    /// What is done to a value.
    enum Operation {
        /// Nothing.
        case none
        /// `#NAME`.
        case length
        /// `!NAME`: the value of the variable that is named by the value.
        case indirect
        /// `!NAME*`: names, and no value.
        case names
        /// `:-`, `-`, `:=`, `=`, `:?`, `?`: the value, or the argument.
        case fallback
        /// `:+`, `+`: the argument.
        case alternative
        /// A part of the value, or the value in another form.
        case change
    }
}

/// Why a script cannot be read.
internal enum ShellSyntaxError: Error {
    /// It ends within a quote, a bracket or a compound command, or something stands where it cannot.
    case malformed
    /// It is nested more deeply than is looked at.
    case tooDeep
    /// Reading it takes more steps than its size warrants.
    case tooComplex
}
