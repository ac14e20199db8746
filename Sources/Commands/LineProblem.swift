internal import ArgumentParser
internal import Diagnostics

/// What is wrong with a line that the argument parser refuses, and how to write it.
///
/// A word that is out of place may be a value, so words are told by their place, and only commands and what looks like
/// an option are shown.
internal struct LineProblem {
    /// What the person is told.
    let report: ErrorReport

    /// Puts the parser's message and the line together.
    init(_ parserMessage: String, in words: [String]) {
        let place = CommandPlace(of: words)
        let message = parserMessage.split(separator: "\n").joined(separator: " ")
        if let unknown = place.unknown, !message.contains("nknown option") {
            report = ErrorReport(
                .argumentInvalid, "word \(unknown + 1) is no command of `\(place.path)`",
                hint: place.hint(for: words[unknown]))
        } else {
            report = ErrorReport(
                .argumentInvalid, Self.withoutValues(message, words),
                hint: Self.hint(message, words, place) ?? "see `\(place.path) --help`")
        }
    }

    /// What a common mistake asks for.
    private static func hint(_ message: String, _ words: [String], _ place: CommandPlace) -> String? {
        if message.hasPrefix("Missing value for '--") {
            // The parser takes what begins with a hyphen for an option.
            return words.contains { $0.hasPrefix("-") && !isOption($0) }
                ? "write a value that begins with - behind an equals sign, as in --option=-value" : nil
        }
        if let first = words.first, first.hasPrefix("-"), let command = place.firstCommand(in: words) {
            return "options stand behind their command: vault-sandbox \(command) \(isOption(first) ? first : "…")"
        }
        if place.path.hasSuffix(" secret set"), message.contains("nexpected argument") {
            return "the value comes from standard input: printf %s \"$VALUE\" | vault-sandbox secret set NAME"
        }
        return nil
    }

    /// The message with every word of the line that may be a value replaced by its place.
    private static func withoutValues(_ message: String, _ words: [String]) -> String {
        var text = message
        let hidden = words.enumerated().filter { !isOption($0.element) }
        for (index, word) in hidden.sorted(by: { $0.element.utf8.count > $1.element.utf8.count }) {
            text = text.replacing("'\(word)'", with: "(word \(index + 1))")
        }
        // Whatever else the parser says of a word must not hold it either.
        let parts = hidden.flatMap {
            [Substring($0.element)] + $0.element.split(separator: "=", maxSplits: 1).dropFirst()
        }
        let isClean = !parts.contains { $0.utf8.count >= 4 && text.contains($0) }
        return isClean ? text : "the arguments are not understood"
    }

    /// Whether a word is nothing but the name of an option: no digit, so that hardly a value looks like it.
    static func isOption(_ word: some StringProtocol) -> Bool {
        let letters: ClosedRange<UInt8> = UInt8(ascii: "a")...UInt8(ascii: "z")
        let bytes = Array(word.utf8)
        if bytes.count == 2, bytes[0] == UInt8(ascii: "-") { return letters.contains(bytes[1] | 0x20) }
        return bytes.count <= 24 && bytes.starts(with: "--".utf8)
            && bytes.dropFirst(2).allSatisfy { letters.contains($0) || $0 == UInt8(ascii: "-") }
    }
}

/// How far into the tree of commands a line leads.
internal struct CommandPlace {
    /// The commands so far, with the program's name.
    let path: String
    /// The index of the word that should be a command of the last one and is none.
    let unknown: Int?
    private let names: [String]

    /// Follows a line's words.
    init(of words: [String]) {
        var path = "vault-sandbox"
        var names = Self.names(below: RootCommand.self)
        var group: any ParsableCommand.Type = RootCommand.self
        var index = 0
        while index < words.count, let next = names.firstIndex(of: words[index]) {
            path += " " + words[index]
            group = group.configuration.subcommands[next]
            names = Self.names(below: group)
            index += 1
        }
        self.path = path
        self.names = names
        unknown = !names.isEmpty && index < words.count && !words[index].hasPrefix("-") ? index : nil
    }

    /// The names of a command's own commands.
    private static func names(below command: any ParsableCommand.Type) -> [String] {
        command.configuration.subcommands.map { $0._commandName }
    }

    /// The nearest command, or all there are.
    func hint(for word: String) -> String {
        if let nearest = nearestWord(to: word, in: names) { return "did you mean `\(path) \(nearest)`?" }
        let list = "the commands are \(names.joined(separator: ", "))"
        return path == "vault-sandbox" ? list + "; to run a program: vault-sandbox exec -- COMMAND" : list
    }

    /// The first word that is a command, where the line leads nowhere yet.
    func firstCommand(in words: [String]) -> String? {
        path == "vault-sandbox" ? words.first { names.contains($0) } : nil
    }
}
