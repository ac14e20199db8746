internal import Glibc
public import Linux

/// One run of a program with everything it sees said by the test: arguments, environment, input and folder.
public struct ProgramRun {
    /// The program's absolute path.
    public var program: String
    /// The arguments after its name.
    public var arguments: [String]
    /// The whole environment; nothing is passed on from the test process.
    public var environment: [String: String] = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"]
    /// What it reads from standard input.
    public var input: [UInt8] = []
    /// Where it starts; `nil` for the test process's folder.
    public var directory: String?
    /// The ordinary user that it runs as; `nil` for the test process's own.
    public var user: UInt32?
    /// After this long it and its process group are killed.
    public var timeLimit: Duration = .seconds(60)
    /// How many bytes of each stream are kept; more fails the run.
    public var outputLimit = 64 << 20

    /// What came of a run.
    public struct Outcome: Sendable {
        /// How it ended.
        public let status: ProcessEvent
        /// What it wrote to standard output.
        public let output: [UInt8]
        /// What it wrote to standard error.
        public let error: [UInt8]
        /// Whether the time limit ended it.
        public let timedOut: Bool

        /// Standard output as text.
        public var outputText: String { String(decoding: output, as: UTF8.self) }
        /// Standard error as text.
        public var errorText: String { String(decoding: error, as: UTF8.self) }
        /// The exit status, or 128 and the signal's number, as a shell has it.
        public var exitStatus: Int32 {
            switch status {
            case .exited(let status): status
            case .signalled(let signal): 128 + signal
            case .stopped, .continued: -1
            }
        }
    }

    /// Why a run could not be made.
    public enum Failure: Error {
        /// The program could not be started.
        case notStarted(String, Errno)
        /// It wrote more than is kept.
        case tooMuchOutput
        /// Its end was not reported.
        case lost
    }

    /// Makes a run.
    public init(_ program: String, _ arguments: [String]) {
        self.program = program
        self.arguments = arguments
    }

    /// Starts the program, feeds and drains it, and waits for its end and for the end of its streams.
    public func run() throws -> Outcome {
        var running = try start()
        return try running.finish()
    }

    /// Starts the program; the caller ends it with `finish`.
    public func start() throws -> RunningProgram {
        // A program that ends without reading its input must fail no more than the write.
        ignoreBrokenPipes()
        let input = try Pipe(atLeast: 16)
        let output = try Pipe(atLeast: 16)
        let error = try Pipe(atLeast: 16)
        let process = try spawn(input: input.reading.rawValue, output: output.writing.rawValue, error.writing.rawValue)
        let pidfd = try Processes.open(process)
        let into = input.writing
        let out = output.reading
        let errorOut = error.reading
        return RunningProgram(
            process: process, pidfd: pidfd, input: into, output: out, error: errorOut, request: self)
    }

    /// The program and its arguments, behind what changes user and folder.
    private var commandLine: [String] {
        var line = [program] + arguments
        if let directory { line = ["/usr/bin/env", "-C", directory, "--"] + line }
        if let user {
            line =
                [
                    "/usr/bin/setpriv", "--reuid", "\(user)", "--regid", "\(user)", "--clear-groups",
                    "--inh-caps=-all", "--",
                ] + line
        }
        return line
    }

    private func spawn(input: Int32, output: Int32, _ error: Int32) throws(Failure) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in [input, output, error].enumerated() {
            unsafe posix_spawn_file_actions_adddup2(&actions, source, Int32(target))
        }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // A group of its own, so that a time limit reaches everything; default signals, whatever the test runner has.
        var signals = sigset_t()
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let line = commandLine
        var process: pid_t = 0
        let result = unsafe withStrings(line) { arguments in
            unsafe withStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                unsafe posix_spawn(&process, line[0], &actions, &attributes, arguments, environment)
            }
        }
        guard result == 0 else { throw .notStarted(line[0], Errno(rawValue: result)) }
        return process
    }

    /// Lends C copies of the strings, ended by a null pointer.
    private func withStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = unsafe strings.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("an array with an element has an address") }
            return unsafe body(base)
        }
    }
}
