import Linux
import Sandbox
import TestSupport
import Testing

@testable import Runner

/// What a root run must not show of /etc.
struct PrivateSettingsTests {
    @Test func `what not everybody may read is masked, and what is known to hold secrets`() throws {
        let tree = try TemporaryDirectory()
        for (name, mode) in [("open", UInt32(0o755)), ("closed", 0o750), ("named", 0o751), ("letsencrypt", 0o755)] {
            try tree.makeDirectory(name)
            let folder = try Files.open(tree.path(name), [.readOnly, .directory])
            try BorrowedDescriptor(folder).setPermissions(mode)
        }
        for (name, mode) in [("public", UInt32(0o644)), ("token", 0o640), ("open/token", 0o600)] {
            try tree.write("", to: name, mode: mode)
        }
        try Files.makeSymbolicLink(to: "token", at: tree.path("link"))
        let masks = PrivateSettings.masks(in: tree.path)
        #expect(masks.allSatisfy { $0.access == .mask && $0.isOptional })
        let paths = Set(masks.map(\.path))
        for name in ["closed", "named", "token", "letsencrypt", "mysql/debian.cnf"] {
            #expect(paths.contains(tree.path(name)), "\(name)")
        }
        for name in ["open", "public", "link", "open/token"] { #expect(!paths.contains(tree.path(name)), "\(name)") }
    }

    @Test func `a folder that is missing hides nothing and fails nothing`() {
        #expect(!PrivateSettings.masks(in: "/no/such").isEmpty)
    }
}
