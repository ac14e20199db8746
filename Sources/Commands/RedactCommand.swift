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
            Every known form of the app's secrets becomes [redacted:NAME].

            Example: make deploy 2>&1 | vault-sandbox redact
            """)

    @Option(name: .customLong("secret"), parsing: .singleValue, help: "Look for the secret NAME only; repeat for more.")
    var secrets: [String] = []
    @OptionGroup var scope: SecretScope

    /// How much is read at once, in bytes.
    private static let readSize = 128 << 10
    @OptionGroup var output: OutputOptions

    func answer() throws -> Int32 {
        let choice: SecretChoice = secrets.isEmpty ? .all : .named(secrets)
        let found = try SecretValues.read(
            choice, app: scope.app, key: try scope.key.choice(), places: .ofCaller())
        let matcher = Matcher(secrets: found, options: RedactionOptions())
        for name in matcher.notRedacted.sorted() {
            output.note("warning: \(name) is too short or too common to be replaced")
        }
        do throws(SystemCallError) {
            try copy(through: matcher)
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
        return 0
    }

    private func copy(through matcher: Matcher) throws(SystemCallError) {
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
    }
}
