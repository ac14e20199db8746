internal import ArgumentParser
internal import Diagnostics
internal import Linux
internal import Redaction
internal import Runner
internal import Secrets

/// `vault-sandbox redact`: a filter from standard input to standard output.
internal struct RedactCommand: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "redact", abstract: "Copy standard input to standard output with secrets replaced.",
        discussion: """
            Every known form of the app's secrets becomes [redacted:NAME]. With --env the values are those of environment
            variables instead, and no vault is opened.

            Example: make deploy 2>&1 | vault-sandbox redact
            Example: ci-step 2>&1 | vault-sandbox redact --env '*_TOKEN' --check
            """)

    @Option(name: .customLong("secret"), parsing: .singleValue, help: "Look for the secret NAME only; repeat for more.")
    var secrets: [String] = []
    @Option(
        name: .customLong("env"), parsing: .singleValue,
        help: "Look for the values of variables whose names fit GLOB, in which * is any text; repeat for more.")
    var variables: [String] = []
    @Flag(help: "Exit with 1 where a secret was found.") var check = false
    @OptionGroup var scope: SecretScope

    /// How much is read at once, in bytes.
    private static let readSize = 128 << 10
    @OptionGroup var output: OutputOptions

    func answer() throws -> Int32 {
        let matcher = Matcher(secrets: try values(), options: RedactionOptions())
        for name in matcher.notRedacted.sorted() {
            output.note("warning: \(name) is too short or too common to be replaced")
        }
        let isFound: Bool
        do throws(SystemCallError) {
            isFound = try copy(through: matcher)
        } catch {
            // The reader is gone: a filter ends then, and what is held back stays held back.
            guard error.errno != .brokenPipe else { return 125 }
            guard error.call != "read" else {
                throw ErrorReport(
                    .argumentInvalid, "standard input cannot be read: \(error.errno.message)",
                    hint: "redirect it from a file or a pipe; what was read was passed on")
            }
            throw ErrorReport(
                error.errno == .noSpace ? .storageFull : .redactionFailed,
                "standard output cannot be written: \(error.errno.message)",
                hint: "the rest of the input was not passed on")
        }
        return check && isFound ? 1 : 0
    }

    /// What to look for: the secrets of the vault, unless only variables are named.
    private func values() throws -> [RedactionSecret] {
        var found: [RedactionSecret] = []
        if variables.isEmpty || !secrets.isEmpty {
            found = try SecretValues.read(
                secrets.isEmpty ? .all : .named(secrets), app: scope.app, key: try scope.key.choice(),
                places: .ofCaller())
        }
        let globs = variables.map { glob in NameGlob(glob) }
        for entry in ProcessEnvironment.entries() {
            let name = String(decoding: entry.prefix { byte in byte != UInt8(ascii: "=") }, as: UTF8.self)
            guard globs.contains(where: { glob in glob.matches(name) }) else { continue }
            let value = ProcessEnvironment.withValue(of: name) { value in SecretBytes(copying: value) }
            if let value { found.append(RedactionSecret(name: name, value: SharedSecret(value))) }
        }
        return found
    }

    /// Copies to the end; says whether anything was replaced.
    private func copy(through matcher: Matcher) throws(SystemCallError) -> Bool {
        var stream = RedactionStream(matcher: matcher)
        var buffer = SecretBytes(count: Self.readSize) { _ in }
        while true {
            let count = try buffer.withMutableSpan { span throws(SystemCallError) in
                try BorrowedDescriptor.standardInput.read(into: &span)
            }
            guard count > 0 else { break }
            try buffer.withSpan { span throws(SystemCallError) in
                try stream.write(span.extracting(0..<count)) { piece throws(SystemCallError) in
                    try BorrowedDescriptor.standardOutput.writeAll(piece)
                }
            }
        }
        try stream.finish { piece throws(SystemCallError) in
            try BorrowedDescriptor.standardOutput.writeAll(piece)
        }
        return !stream.counts.isEmpty
    }
}
