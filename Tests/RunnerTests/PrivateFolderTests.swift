internal import Linux
internal import TestSupport
internal import Testing

@testable internal import Runner

/// The folder of a program without file systems of its own.
struct PrivateFolderTests {
    @Test(arguments: [0, 0o200, 0o700] as [UInt32])
    func `what killed runs left goes, whatever rights its owner has, and what a run holds stays`(mode: UInt32) throws {
        let place = try TemporaryDirectory()
        for path in ["vault-sandbox-run-left", "vault-sandbox-run-held", "other"] { try place.makeDirectory(path) }
        try place.makeDirectory("vault-sandbox-run-left/home")
        try place.write("value", to: "vault-sandbox-run-left/home/file")
        try Files.makeSymbolicLink(to: place.path("other"), at: place.path("vault-sandbox-run-link"))
        let held = try Files.open(place.path("vault-sandbox-run-held"), [.readOnly, .directory])
        try BorrowedDescriptor(held).lock(waiting: false)
        for path in ["home", ""] {
            let folder = try Files.open(place.path("vault-sandbox-run-left/" + path), [.readOnly, .directory])
            try BorrowedDescriptor(folder).setPermissions(mode)
        }
        PrivateFolder.removeLeftOvers(in: place.path, age: 3_600_000_000_000)
        #expect(try Files.names(in: place.path).count == 4)
        // The clock of changes may be finer than the one it is held against.
        PrivateFolder.removeLeftOvers(in: place.path, age: -1_000_000_000)
        #expect(
            try Files.names(in: place.path).sorted() == ["other", "vault-sandbox-run-held", "vault-sandbox-run-link"])
    }
}
