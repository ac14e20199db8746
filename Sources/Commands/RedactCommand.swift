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
            Every known form of the app's secrets becomes [redacted:NAME]. With --env the
            values are those of environment variables instead, with --values those of a
            file, and no vault is opened. A value that the text itself names in a line
            ::add-mask::VALUE, as in GitHub's logs, is replaced from there on.

            Example: make deploy 2>&1 | vault-sandbox redact
            Example: ci-step 2>&1 | vault-sandbox redact --env '*_TOKEN' --check
            Example: tail -f app.log | vault-sandbox redact --values .env
            """)

    @Option(name: .customLong("secret"), parsing: .singleValue, help: "Look for the secret NAME only; repeat for more.")
    var secrets: [String] = []
    @Option(
        name: .customLong("env"), parsing: .singleValue,
        help: "Look for the values of variables whose names fit GLOB, in which * is any text; repeat for more.")
    var variables: [String] = []
    @Option(
        name: .customLong("values"), parsing: .singleValue,
        help: "Look for the values of FILE, dotenv or flat JSON; repeat for more.")
    var files: [String] = []
    @Flag(help: "Exit with 1 where a secret was found.") var check = false
    @OptionGroup var scope: SecretScope

    /// How much is read at once, in bytes.
    private static let readSize = 128 << 10
    @OptionGroup var output: OutputOptions

    func answer() throws -> Int32 {
        var stream = MaskingStream(secrets: try values())
        for name in stream.notRedacted.sorted() {
            output.note("warning: \(name) is too short or too common to be replaced")
        }
        do throws(SystemCallError) {
            try copy(through: &stream)
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
        if let failure = stream.failure { throw failure.report }
        if stream.passedOver > 0 {
            output.note(
                "warning: \(stream.passedOver) of the values of add-mask cannot be replaced: too short or too common")
        }
        return check && !stream.counts.isEmpty ? 1 : 0
    }

    /// What to look for: the secrets of the vault, unless only variables or files are named.
    private func values() throws -> [RedactionSecret] {
        var found: [RedactionSecret] = []
        if variables.isEmpty && files.isEmpty || !secrets.isEmpty {
            found = try SecretValues.read(
                secrets.isEmpty ? .all : .named(secrets), app: scope.app, key: try scope.key.choice(),
                places: .ofCaller())
        }
        for file in files {
            let source = SecretFile(path: file, isInputAllowed: false, purpose: "the file of values")
            found += try source.secrets().map { secret in RedactionSecret(name: secret.name, value: secret.value) }
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

    /// Copies to the end, or to where the stream fails.
    private func copy(through stream: inout MaskingStream) throws(SystemCallError) {
        var buffer = SecretBytes(count: Self.readSize) { _ in }
        var output = GatheredOutput()
        while stream.failure == nil {
            if try Polling.wait([PollEntry(.standardInput, .readable)], milliseconds: 0)[0].isEmpty {
                try stream.idle { piece throws(SystemCallError) in try output.write(piece) }
                try output.flush()
            }
            let count = try buffer.withMutableSpan { span throws(SystemCallError) in
                try BorrowedDescriptor.standardInput.read(into: &span)
            }
            guard count > 0 else { break }
            try buffer.withSpan { span throws(SystemCallError) in
                try stream.write(span.extracting(0..<count)) { piece throws(SystemCallError) in
                    try output.write(piece)
                }
            }
            try output.flush()
        }
        try stream.finish { piece throws(SystemCallError) in try output.write(piece) }
        try output.flush()
    }
}

/// Standard output, to which small pieces go together: a system call for each would cost more than they do.
private struct GatheredOutput {
    private var pending: [UInt8] = []

    /// A piece of so many bytes goes by itself.
    private static let largePiece = 4096
    /// The most bytes that wait.
    private static let mostPending = 64 << 10

    mutating func write(_ piece: Span<UInt8>) throws(SystemCallError) {
        guard piece.count < Self.largePiece else {
            try flush()
            return try BorrowedDescriptor.standardOutput.writeAll(piece)
        }
        for index in 0..<piece.count { pending.append(piece[index]) }
        if pending.count >= Self.mostPending { try flush() }
    }

    mutating func flush() throws(SystemCallError) {
        guard !pending.isEmpty else { return }
        try BorrowedDescriptor.standardOutput.writeAll(pending.span)
        pending.removeAll(keepingCapacity: true)
    }
}

extension MaskingStream.Failure {
    /// The failure in words.
    fileprivate var report: ErrorReport {
        switch self {
        case .tooManyValues(let limit):
            ErrorReport(
                .redactionFailed, "the text names more than \(limit) values by ::add-mask::",
                hint: "the rest of the input was withheld; give the values by --values")
        case .valuesTooLong(let limit):
            ErrorReport(
                .redactionFailed, "the text names values of more than \(limit) bytes together by ::add-mask::",
                hint: "the rest of the input was withheld; give the values by --values")
        case .valueTooLong(let limit):
            ErrorReport(
                .redactionFailed, "the text names a value of more than \(limit) bytes by ::add-mask::",
                hint: "the rest of the input was withheld; give the value by --values")
        }
    }
}
