internal import Linux
internal import TestSupport
internal import Testing

/// A home with a vault, a project folder to run in, and the binary under test.
struct Workplace: ~Copyable {
    let home: TestHome
    /// The project's absolute path.
    let project: String

    /// Makes home and project, without a vault.
    init(user: UInt32? = nil) throws {
        let home = try TestHome(user: user)
        let project = home.path("project")
        try Files.makeDirectory(project, mode: 0o755)
        if let user { try changeOwner(of: project, to: user) }
        self.home = home
        self.project = project
    }

    /// Runs the binary in the project.
    @discardableResult
    func run(
        _ arguments: [String], input: String = "", adjust: (inout ProgramRun) -> Void = { _ in }
    ) throws -> ProgramRun.Outcome {
        var request = try home.request(arguments)
        request.directory = project
        request.environment["VAULT_SANDBOX_KEY_FILE"] = home.path(".vault-key")
        request.input = Array(input.utf8)
        adjust(&request)
        return try request.run()
    }

    /// Runs a shell script inside a sandbox.
    @discardableResult
    func shell(
        _ script: String, options: [String] = [], input: String = "", adjust: (inout ProgramRun) -> Void = { _ in }
    ) throws -> ProgramRun.Outcome {
        try run(["exec"] + options + ["--", "sh", "-c", script], input: input, adjust: adjust)
    }

    /// Makes a vault with a key file.
    func makeVault() throws {
        let outcome = try run(["init", "--key-file", home.path(".vault-key")])
        try #require(outcome.status == .exited(0), "\(outcome.errorText)")
    }

    /// Stores a secret.
    func store(_ name: String, _ value: String, options: [String] = []) throws {
        let outcome = try run(["secret", "set", name] + options, input: value)
        try #require(outcome.status == .exited(0), "\(outcome.errorText)")
    }

    /// Writes a file of the project, owned by its user.
    func write(_ text: String, to name: String, mode: UInt32 = 0o644) throws {
        try home.directory.write(text, to: "project/" + name, mode: mode)
        if let user = home.user { try changeOwner(of: project + "/" + name, to: user) }
    }
}

extension Workplace {
    /// Runs a script of the user's, outside.
    @discardableResult
    func outside(_ script: String) throws -> ProgramRun.Outcome {
        var request = try home.request([])
        request.program = "/bin/sh"
        request.arguments = ["-ec", script]
        request.directory = project
        return try request.run()
    }

    /// A place whose project is a repository with one commit.
    static func repository(user: UInt32? = nil) throws -> Workplace {
        let place = try Workplace(user: user)
        let made = try place.outside(
            """
            git config --global user.email a@b.c; git config --global user.name A
            git config --global init.defaultBranch main
            git init -q .; echo text > file; git add file; git commit -q -m first
            """)
        try #require(made.status == .exited(0), "\(made.errorText)")
        return place
    }
}

/// The users that every promise must hold for: root and an ordinary one.
let everyUser: [UInt32?] = [nil, TestHome.ordinaryUser]
