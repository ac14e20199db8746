internal import Linux

/// A home of its own for runs of the built binary: nothing of the machine's user is read or written.
public struct TestHome: ~Copyable {
    /// The home folder.
    public let directory: TemporaryDirectory
    /// The user whose home it is; `nil` for the test process's own.
    public let user: UInt32?

    /// An ordinary user's number that no account of the machine has.
    public static let ordinaryUser: UInt32 = 61_234

    /// Makes a home; one for another user needs root.
    public init(user: UInt32? = nil) throws {
        directory = try TemporaryDirectory(owner: user)
        self.user = user
    }

    /// The path of something in the home.
    public func path(_ name: String) -> String { directory.path(name) }

    /// Makes a run of the binary with these arguments that starts in the home.
    public func request(_ arguments: [String]) throws -> ProgramRun {
        guard let binary = user == nil ? BuiltBinary.path : BuiltBinary.reachablePath else {
            throw MissingFacility(facility: .binary)
        }
        var request = ProgramRun(binary, arguments)
        request.environment["HOME"] = directory.path
        request.directory = directory.path
        request.user = user
        return request
    }

    /// Runs a shell script outside any sandbox, in which `$VS` is the binary.
    public func script(
        _ text: String, in directory: String? = nil, environment: [String: String] = [:]
    ) throws -> ProgramRun.Outcome {
        var request = try request([])
        request.environment["VS"] = request.program
        request.environment.merge(environment) { $1 }
        request.program = "/bin/sh"
        request.arguments = ["-c", text]
        if let directory { request.directory = directory }
        return try request.run()
    }

    /// Runs the binary with these arguments and waits for its end.
    ///
    /// - Parameter adjust: Changes the request before it starts: more environment, another folder, a shorter limit.
    @discardableResult
    public func run(
        _ arguments: String..., input: String = "", adjust: (inout ProgramRun) -> Void = { _ in }
    ) throws -> ProgramRun.Outcome {
        var request = try request(arguments)
        request.input = Array(input.utf8)
        adjust(&request)
        return try request.run()
    }
}
