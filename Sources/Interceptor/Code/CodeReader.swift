/// Looks for uses of injected variables in inline code, by its tokens.
///
/// An access is followed outward through calls that hand a value on, to one that prints, writes or sends it, and through
/// assignments; a call of any other name keeps what it is given.
internal struct CodeReader {
    let language: CodeLanguage
    let source: SourceText
    let secrets: [Value.Taint]
    private let printsValue: Bool
    private var accesses = 0
    /// How many tokens around an access are looked at, and how many accesses: more would take the time of an attack.
    static let farthest = 160
    private static let mostAccesses = 1000
    var tokens: [CodeToken]
    /// The opening bracket around each token; -1 for none.
    var openers: [Int] = []
    /// The closing bracket of each opening one.
    var closers: [Int: Int] = [:]
    /// Variables that hold a value, and those that hold the environment.
    var tainted: [String: Value.Taint] = [:]
    var aliases: Set<String> = []
    /// Uses of a loop's variable in front of the loop, as in Python's comprehensions.
    private var pending: [Access] = []

    /// What the code does with a value.
    enum Outcome {
        case prints, writes, sends
    }

    /// An access to the environment.
    struct Access {
        /// The first token and the one behind the last.
        var tokens: Range<Int>
        /// What is got.
        var taint: Value.Taint
    }

    /// Splits code into tokens.
    init(_ source: SourceText, secrets: [Value.Taint], language: CodeLanguage, printsValue: Bool) {
        self.language = language
        self.source = source
        self.secrets = secrets
        self.printsValue = printsValue
        tokens = CodeLexer.tokens(source.bytes, language)
        var open: [Int] = []
        openers = [Int](repeating: -1, count: tokens.count)
        for index in tokens.indices {
            let isSymbol = tokens[index].kind == .symbol
            if isSymbol, [")", "]", "}"].contains(tokens[index].text), let last = open.popLast() {
                closers[last] = index
            }
            openers[index] = open.last ?? -1
            tokens[index].level = open.count
            if isSymbol, ["(", "[", "{"].contains(tokens[index].text) { open.append(index) }
        }
    }

    /// Notes what the code does, and gives what it prints.
    mutating func read(_ walker: inout Walker) -> Value {
        var output = Value()
        checkStrings(&walker)
        readImports()
        var index = 0
        while index < tokens.count {
            if accesses < Self.mostAccesses, let access = access(at: index, walker) {
                accesses += 1
                if !isTested(access.tokens) { output = output + follow(access, &walker) }
                index = max(index + 1, access.tokens.upperBound)
                while let access = pending.popLast() { output = output + follow(access, &walker) }
            } else {
                output = output + command(at: index, &walker)
                index += 1
            }
        }
        return output
    }

    func text(_ index: Int) -> String { tokens.indices.contains(index) ? tokens[index].text : "" }

    func isString(_ index: Int) -> Bool { tokens.indices.contains(index) && tokens[index].kind == .string }

    func place(_ range: Range<Int>) -> Place {
        source.place(of: tokens[range.lowerBound].range.lowerBound..<tokens[range.upperBound - 1].range.upperBound)
    }

    // MARK: - Where a value goes

    /// Follows a value outward.
    private mutating func follow(_ access: Access, _ walker: inout Walker) -> Value {
        var taint = access.taint
        if isChanged(behind: access.tokens.upperBound), taint.form == .plain { taint.form = .changed }
        var index = access.tokens.lowerBound
        for _ in 0..<24 {
            let opener = openers[index]
            if let outcome = statement(around: index, above: opener, &taint, walker) {
                return conclude(outcome, taint, &walker)
            }
            // PHP's phpinfo prints by itself.
            if text(access.tokens.lowerBound) == "phpinfo" { return conclude(.prints, taint, &walker) }
            if isPrintedInParts(behind: index == access.tokens.lowerBound ? access.tokens.upperBound : closers[index]) {
                if taint.form == .plain { taint.form = .changed }
                return conclude(.prints, taint, &walker)
            }
            guard opener >= 0 else { break }
            if text(opener) == "(" {
                if language == .awk, text(opener - 1) == "split",
                    let comma = next(",", behind: access.tokens.upperBound)
                {
                    var part = taint
                    part.form = part.form == .plain ? .changed : part.form
                    tainted[text(comma + 1)] = part
                }
                switch call(at: opener, access.tokens) {
                case .some(.some(let outcome)): return conclude(outcome, taint, &walker)
                case .some(.none): return Value()
                case .none: break
                }
                if CodeNames.changing.contains(text(opener - 1)), taint.form == .plain { taint.form = .changed }
                if let close = closers[opener], isChanged(behind: close + 1), taint.form == .plain {
                    taint.form = .changed
                }
                loopVariables(opener, access.tokens.lowerBound, taint)
            }
            index = opener
        }
        return taint.form == .environment && isIterated(access.tokens) ? conclude(.prints, taint, &walker) : Value()
    }

    /// Whether code that prints is carried out for each element of the environment.
    private func isIterated(_ access: Range<Int>) -> Bool {
        let behind = tokens[access.upperBound...].prefix(4).map(\.text)
        let iterating: Set = [
            "forEach", "each", "each_pair", "map", "each_with_index", "reduce", "each_key", "each_value",
        ]
        guard behind.contains(where: iterating.contains) else { return false }
        return tokens[access.upperBound...].prefix(Self.farthest).contains { token in
            token.kind == .word && (CodeNames.printing.contains(token.text) || CodeNames.logging.contains(token.text))
        }
    }

    /// What a call does with its arguments; `nil` where it hands them on, `.some(nil)` where it keeps them.
    private func call(at opener: Int, _ access: Range<Int>) -> Outcome?? {
        let name = text(opener - 1)
        guard opener > 0, tokens[opener - 1].kind == .word else { return .none }
        let chain = chain(before: opener)
        if CodeNames.logging.contains(name), chain.contains(where: CodeNames.loggers.contains) { return .some(.prints) }
        if CodeNames.writing.contains(name) {
            let isStream = chain.contains { $0.lowercased().hasPrefix("std") }
            return .some(isStream ? .prints : .writes)
        }
        if CodeNames.sending.contains(name)
            || (CodeNames.requesting.contains(name) && chain.contains(where: CodeNames.clients.contains))
        {
            return isCredential(opener, access) ? .some(nil) : .some(.sends)
        }
        if CodeNames.printing.contains(name) { return .some(.prints) }
        if CodeNames.passing.contains(name) || name.hasSuffix("Error") || name.hasSuffix("Exception")
            || name == "SystemExit"
            || ["if", "while", "in", "return", "and", "or", "not", "print", "elif", "switch"].contains(name)
        {
            return .none
        }
        return .some(nil)
    }

    /// The words that are joined by dots in front of a bracket.
    private func chain(before opener: Int) -> [String] {
        var words: [String] = []
        var index = opener - 1
        while index >= 0, words.count < 8 {
            guard tokens[index].kind == .word else { break }
            words.append(text(index))
            guard [".", "?.", "::", "->"].contains(text(index - 1)) else { break }
            index -= 2
            // A call in between, such as open(…).write: its brackets are passed over.
            while index >= 0, text(index) == ")" {
                let level = tokens[index].level
                repeat {
                    index -= 1
                } while index >= 0 && opener - index < Self.farthest
                    && !(text(index) == "(" && tokens[index].level == level)
                index -= 1
            }
        }
        return words
    }

    /// Whether the value is a header, a user, or the whole address of a request.
    private func isCredential(_ opener: Int, _ access: Range<Int>) -> Bool {
        if access.lowerBound <= opener + 3, [",", ")"].contains(text(access.upperBound)),
            !tokens[opener + 1..<access.lowerBound].contains(where: { $0.kind == .string })
        {
            return true
        }
        var colon = access.lowerBound - 1
        while [".", "os"].contains(text(colon)) { colon -= 1 }
        if text(colon) == ":", Credentials.names.contains(text(colon - 1)) {
            let call = tokens[opener..<min(closers[opener] ?? tokens.count, opener + Self.farthest)]
            if call.contains(where: { $0.kind == .string && $0.text.hasPrefix("https://") }),
                !call.contains(where: { $0.text == "params" })
            {
                return true
            }
        }
        return tokens[opener..<access.lowerBound].suffix(Self.farthest).contains { token in
            let text = token.text.lowercased()
            return token.kind != .symbol
                && (text.contains("header") || text.contains("auth") || text.contains("api-key")
                    || text.contains("api_key"))
        }
    }

    /// What the words in front of a value, in the same brackets, do with it: print it, or keep it in a variable.
    private mutating func statement(around index: Int, above opener: Int, _ taint: inout Value.Taint, _ walker: Walker)
        -> Outcome?
    {
        var first = index - 1
        var equals: Int?
        while first > opener, index - first < Self.farthest {
            let text = text(first)
            if openers[first] == opener {
                if tokens[first].kind == .newline || text == ";" { break }
                if text == "}" && openers[first] == opener && language != .perl { break }
                if tokens[first].kind == .word {
                    if language.hasPrintingWords, CodeNames.printing.contains(text), self.text(first + 1) != "(" {
                        return .prints
                    }
                    if ["throw", "raise", "abort"].contains(text), self.text(first - 1) != "." { return .prints }
                    if text == "in", self.text(first - 1) != ")" { loopVariables(first, taint) }
                }
                if tokens[first].kind == .symbol,
                    text == "=" || text == "+=" || (text == ":" && self.text(first + 1) == "=")
                {
                    equals = first
                }
            }
            first -= 1
        }
        if let equals, opener < 0 || text(opener) == "{" {
            assign(equals, taint, walker)
            return nil
        }
        guard opener < 0, printsValue else { return nil }
        return .prints
    }

    /// Remembers the variables in front of `=`.
    private mutating func assign(_ equals: Int, _ taint: Value.Taint, _ walker: Walker) {
        let last = equals - 1
        if text(last) == "}" {
            // A pattern: each name in it is a variable of the environment, perhaps under another name behind a colon.
            let first = openingOf(last)
            for index in first..<last where tokens[index].kind == .word && text(index - 1) != ":" {
                guard let variable = walker.injected[text(index)], variable.content == .value else { continue }
                let name = text(index + 1) == ":" ? text(index + 2) : text(index)
                tainted[name] = Value.Taint(secret: variable.secret, form: .plain, place: place(index..<index + 1))
            }
            return
        }
        guard last >= 0, tokens[last].kind == .word else { return }
        if taint.form == .environment { aliases.insert(text(last)) } else { tainted[text(last)] = taint }
    }

    private func openingOf(_ close: Int) -> Int {
        closers.first { $0.value == close }?.key ?? close
    }

    /// Remembers the variables of a loop over a value, in front of `in`.
    private mutating func loopVariables(_ word: Int, _ taint: Value.Taint) {
        var index = word - 1
        while index >= 0, word - index < 8, text(index) != "for",
            tokens[index].kind == .word || [",", "(", ")"].contains(text(index))
        {
            if tokens[index].kind == .word, !["const", "let", "var"].contains(text(index)) {
                tainted[text(index)] = taint
            }
            index -= 1
        }
        guard language == .python, index > 0, text(index) == "for", openers[index] >= 0, pending.isEmpty else { return }
        let names = Set(tokens[index + 1..<word].filter { $0.kind == .word }.map(\.text))
        var part = taint
        if part.form == .plain { part.form = .changed }
        for use in max(openers[index] + 1, index - 16)..<index where names.contains(text(use)) && text(use - 1) != "." {
            pending.append(Access(tokens: use..<use + 1, taint: part))
        }
    }

    private mutating func loopVariables(_ opener: Int, _ access: Int, _ taint: Value.Taint) {
        guard text(opener - 1) == "for" || text(opener - 1) == "foreach" else { return }
        for index in opener + 1..<max(opener + 1, min(access, opener + 16)) where tokens[index].kind == .word {
            if ["in", "of"].contains(text(index)) { return loopVariables(index, taint) }
        }
    }

    private func isChanged(behind index: Int) -> Bool {
        if text(index) == "[" { return true }
        var index = index
        while text(index) == "." || text(index) == "?.", index + 1 < tokens.count {
            if CodeNames.changing.contains(text(index + 1)) { return true }
            // JavaScript's toString("base64").
            if text(index + 1) == "toString", isString(index + 3) { return true }
            guard text(index + 2) == "(" else { return false }
            guard let close = tokens[(index + 3)...].prefix(Self.farthest).firstIndex(where: { $0.text == ")" }) else {
                return false
            }
            index = close + 1
            if text(index) == "[" { return true }
        }
        return false
    }

    private func conclude(_ outcome: Outcome, _ taint: Value.Taint, _ walker: inout Walker) -> Value {
        switch outcome {
        case .prints: return Value([.secret(taint)])
        case .writes:
            walker.find(
                taint.form == .environment ? .printEnvironment : .writeVariable, taint.place, secret: taint.secret)
        case .sends: walker.find(.sendVariable, taint.place, secret: taint.secret)
        }
        return Value()
    }
}
