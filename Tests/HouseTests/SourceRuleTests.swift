import TestSupport
import Testing

/// The sources against the house rules.
struct SourceRuleTests {
    /// The modules that may use unsafe constructs anywhere.
    private static let unsafeModules: Set = ["Linux", "Secrets"]
    /// The modules that may use them in a file that imports a C module.
    private static let unsafeWhereCFacing: Set = ["Vault", "Sandbox"]
    private static let cModules: Set = ["CLinux", "CSeccomp", "CCapability", "CSodium", "CSQLite", "Glibc"]

    /// Whether a file may use unsafe constructs.
    private func mayBeUnsafe(_ file: SourceTree.File) -> Bool {
        let module = String(file.path.split(separator: "/")[1])
        if Self.unsafeModules.contains(module) { return true }
        return Self.unsafeWhereCFacing.contains(module) && !file.imports.isDisjoint(with: Self.cModules)
    }

    /// Whether code uses the `unsafe` keyword or attribute, or a type or member whose name begins with it.
    private func usesUnsafe(_ code: String) -> Bool {
        code.firstMatch(of: /\bunsafe\b|\bUnsafe[A-Z]|\.unsafe[A-Z]/) != nil
    }

    @Test(arguments: [
        ("let x = unsafe y", true), ("f(UnsafeRawPointer(p))", true), ("@unsafe struct S {}", true),
        ("bytes.unsafeLoad()", true), ("case permissionsUnsafe = \"permissions_unsafe\"", false),
        ("return .permissionsUnsafe(path)", false),
    ])
    func `what counts as unsafe is told apart`(code: String, expected: Bool) {
        #expect(usesUnsafe(code) == expected)
    }

    @Test func `unsafe constructs stay in the files that may have them`() throws {
        let files = try SourceTree.files(under: "Sources")
        #expect(files.contains { usesUnsafe($0.code) }, "the search itself must find something")
        for file in files where usesUnsafe(file.code) {
            #expect(mayBeUnsafe(file), "\(file) uses unsafe constructs")
        }
    }

    @Test func `no file is longer than 400 lines`() throws {
        let files =
            try SourceTree.files(under: "Sources", endings: [".swift", ".c", ".h"])
            + SourceTree.files(under: "Tests")
        for file in files {
            #expect(file.lines.count <= 401, "\(file) has \(file.lines.count - 1) lines")
        }
    }

    @Test func `the project's own C stays under 300 lines of code`() throws {
        let files = try SourceTree.files(under: "Sources", endings: [".c", ".h"])
        var lines = 0
        for file in files { lines += file.code.split(separator: "\n").count { line in line.contains { $0 != " " } } }
        #expect(lines > 50, "the count itself must find something")
        #expect(lines < 300)
    }

    @Test func `the role is chosen in under 40 lines`() throws {
        #expect(try SourceTree.file("Sources/vault-sandbox/main.swift").lines.count <= 40)
    }

    @Test func `nothing is left to do`() throws {
        // The words are put together here, so that this file does not hold them.
        let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
        let files =
            try SourceTree.files(under: "Sources", endings: [".swift", ".c", ".h"])
            + SourceTree.files(under: "Tests") + SourceTree.files(under: "man", endings: [".1", ".5", ".7"])
        for file in files {
            for word in words { #expect(!file.text.contains(word), "\(file) holds \(word)") }
        }
    }

    @Test(arguments: ["try!", " as! ", "unowned(unsafe)", "nonisolated(unsafe)"])
    func `release code has no way around the type system`(construct: String) throws {
        for file in try SourceTree.files(under: "Sources") {
            #expect(!file.code.contains(construct), "\(file) holds \(construct)")
        }
    }
}
