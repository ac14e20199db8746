/// Follows the values of secrets through a command: from the variables through words, pipes and substitutions to where
/// they are printed, written or sent.
///
/// It is generous where it cannot know: a program that it has never heard of may have any argument, since giving secrets
/// to programs is what a run is for.
internal struct Walker {
    /// The variables with secrets, by name.
    let injected: [String: InjectedVariable]
    /// What was found.
    private(set) var found: [Found] = []
    /// What the shell knows.
    var scope = Scope()
    /// The script that is being looked at; `nil` for the arguments themselves.
    var script: ScriptContext?
    /// Whether the shell is one whose `set` means something else.
    var isFish = false
    /// Whether it gave up on a part of the command, which is said once.
    private var hasGivenUp = false
    /// How many commands stand around this one.
    private(set) var depth = 0
    private var work = 0

    /// What a rule found, without an excerpt.
    struct Found: Hashable {
        let rule: RuleID
        let place: Place
        let secret: String?
        var isSuspicion = false
    }

    private static let deepest = 12
    private static let mostWork = 10_000

    /// Makes a walker.
    init(injected: [InjectedVariable]) {
        self.injected = Dictionary(injected.map { ($0.variable, $0) }) { first, _ in first }
    }

    /// Whether any injected variable holds a value.
    var hasValues: Bool { injected.values.contains { $0.content == .value } }

    /// Notes what a rule found.
    mutating func find(_ rule: RuleID, _ place: Place, secret: String? = nil) {
        let new = Found(rule: rule, place: place, secret: secret)
        if !found.contains(new), found.count < 64 { found.append(new) }
    }

    /// Notes a rule for each secret in a value.
    mutating func find(_ rule: RuleID, in value: Value) {
        for taint in value.taints { find(rule, taint.place, secret: taint.secret) }
    }

    /// Notes what is printed where the caller sees it.
    mutating func show(_ value: Value) {
        for taint in value.taints {
            let rule: RuleID =
                switch taint.form {
                case .plain: .echoVariable
                case .changed: .transformVariable
                case .environment: .printEnvironment
                }
            find(rule, taint.place, secret: taint.secret)
        }
    }

    /// The whole environment, as a program prints it.
    func environment(at place: Place?) -> Value {
        guard hasValues, !scope.isCleared, let place else { return Value() }
        return Value([.secret(Value.Taint(secret: nil, form: .environment, place: place))])
    }

    /// The value of a variable; `nil` where nothing is known.
    func lookup(_ name: String, at place: Place) -> Value? {
        if let value = scope.variables[name] { return value.spoken(at: place) }
        guard !scope.isCleared, let variable = injected[name] else { return nil }
        let secret = Value([.secret(Value.Taint(secret: variable.secret, form: .plain, place: place))])
        return variable.content == .value ? secret : Value([.file(secret, at: place)])
    }

    /// Does something one level further down; nothing where that is too deep or too much.
    mutating func nested(_ body: (inout Walker) -> Value) -> Value {
        work += 1
        guard depth < Self.deepest, work < Self.mostWork else {
            giveUp()
            return Value()
        }
        depth += 1
        let value = body(&self)
        depth -= 1
        return value
    }

    /// Counts a command.
    mutating func countsOn() -> Bool {
        work += 1
        if work >= Self.mostWork { giveUp() }
        return work < Self.mostWork
    }

    /// Notes that a part of the command was not looked at, where it names an injected variable.
    private mutating func giveUp() {
        guard let script, !hasGivenUp else { return }
        hasGivenUp = true
        refuseUnread(script.source)
    }

    private mutating func refuseUnread(_ source: SourceText) {
        for name in injected.keys.sorted() {
            guard let range = source.bytes.firstRange(of: Array(name.utf8)) else { continue }
            return find(.unparsableShell, source.place(of: range), secret: injected[name]?.secret)
        }
    }

    /// Looks at the text of a script and gives what it prints.
    mutating func runScript(_ text: Value, positional: [Value]? = nil, stdin: Value = Value()) -> Value {
        var source = SourceText()
        var inner = scope
        for (index, piece) in text.pieces.enumerated() {
            switch piece {
            case .text(let bytes, let place, _): source.append(bytes, from: place)
            case .names(let place):
                // A name that is put behind a dollar sign may be that of any variable.
                let name = "__\(depth)_\(index)"
                let isVariable = source.bytes.last == UInt8(ascii: "$")
                inner.variables[name] = isVariable ? environment(at: place) : Value([piece])
                source.append(Array((isVariable ? name : "${\(name)}").utf8), from: place, asWhole: true)
            case .unknown:
                source.append(Array("${_}".utf8), from: text.place ?? Place(argument: 0, range: 0..<0), asWhole: true)
            case .secret(let taint):
                // The value stands in the script's text; a name that no script has stands for it here.
                let name = "__\(depth)_\(index)"
                inner.variables[name] = Value([piece])
                source.append(Array("${\(name)}".utf8), from: taint.place, asWhole: true)
            case .file(_, let place):
                let name = "__\(depth)_\(index)"
                inner.variables[name] = Value([piece])
                source.append(Array("${\(name)}".utf8), from: place, asWhole: true)
            }
        }
        guard !source.bytes.isEmpty else { return Value() }
        let parsed: ShellScript
        do {
            parsed = try ShellParser.parse(source.bytes)
        } catch {
            refuseUnread(source)
            return Value()
        }
        if let positional { inner.positional = positional }
        return nested { walker in
            let (outerScope, outerScript) = (walker.scope, walker.script)
            walker.scope = inner
            walker.script = ScriptContext(source: source, documents: parsed.documents)
            let value = walker.run(parsed.list, stdin: stdin)
            walker.scope = outerScope
            walker.script = outerScript
            return value
        }
    }
}

extension Array where Element == UInt8 {
    /// The first place of some bytes.
    internal func firstRange(of needle: [UInt8]) -> Range<Int>? {
        guard let first = needle.first, count >= needle.count else { return nil }
        var start = 0
        while start <= count - needle.count {
            if self[start] == first {
                var length = 1
                while length < needle.count, self[start + length] == needle[length] { length += 1 }
                if length == needle.count { return start..<start + length }
            }
            start += 1
        }
        return nil
    }
}
