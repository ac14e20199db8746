import TestSupport
import Testing

/// The modules against the table in ARCHITECTURE.md.
struct ModuleTests {
    private let table: ModuleTable

    init() throws { table = ModuleTable(page: try SourceTree.file("ARCHITECTURE.md").text) }

    @Test func `the table is read with its names and imports`() {
        let page = """
            | Module | Holds | Does not | Imports |
            | --- | --- | --- | --- |
            | `Top` | a thing | other | `Middle` `Glibc` |
            | `CA` `CB` | maps | code | |
            """
        #expect(
            ModuleTable(page: page).rows == [
                .init(module: "Top", imports: ["Middle", "Glibc"]), .init(module: "CA", imports: []),
                .init(module: "CB", imports: []),
            ])
    }

    @Test func `imports are read with every access level and attribute, and not from comments`() {
        let text = """
            public import A
            import B
                internal import struct C.D
            // import E
            @testable import F
            """
        let file = SourceTree.File(path: "a", text: text)
        #expect(file.imports == ["A", "B", "C", "F"])
    }

    @Test func `every folder of Sources is a module of the table, and the reverse`() throws {
        #expect(Set(try SourceTree.folders(in: "Sources")) == Set(table.rows.map(\.module)))
    }

    @Test(arguments: try SourceTree.folders(in: "Sources"))
    func `a module imports only what the table lists for it`(module: String) throws {
        let row = try #require(table[module])
        for file in try SourceTree.files(under: "Sources/\(module)") {
            let unlisted = file.imports.subtracting(row.imports)
            #expect(unlisted.isEmpty, "\(file) imports \(unlisted.sorted().joined(separator: ", "))")
        }
    }

    @Test func `imports point down only`() {
        let order = table.rows.map(\.module)
        for (index, row) in table.rows.enumerated() {
            for name in row.imports {
                guard let place = order.firstIndex(of: name) else { continue }
                #expect(place > index, "\(row.module) imports \(name), which stands above it")
            }
        }
    }

    @Test(arguments: [
        "Commands", "MCPServer", "Runner", "Sandbox", "Vault", "Policy", "Interceptor", "Redaction", "JSON", "Secrets",
        "Linux",
        "Diagnostics",
    ])
    func `a module has a folder of tests that holds tests`(module: String) throws {
        let tests = try SourceTree.files(under: "Tests/\(module)Tests")
        #expect(tests.contains { $0.code.contains("@Test") })
    }
}
