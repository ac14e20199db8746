import TestSupport
import Testing

/// The release binary as `make build` leaves it.
@Suite(.requires(.releaseBinary)) struct ReleaseBinaryTests {
    private let bytes: [UInt8]

    init() throws { bytes = try BinaryFile.contents(of: #require(BuiltBinary.path)) }

    @Test func `it is fully static: no interpreter and no dynamic section`() throws {
        let kinds = try #require(BinaryFile.segmentKinds(bytes))
        #expect(kinds.contains(BinaryFile.loadSegment))
        #expect(!kinds.contains(BinaryFile.interpreterSegment))
        #expect(!kinds.contains(BinaryFile.dynamicSegment))
    }

    @Test func `the look at segments finds the interpreter of a dynamic program`() throws {
        let shell = try BinaryFile.contents(of: "/bin/sh")
        #expect(try #require(BinaryFile.segmentKinds(shell)).contains(BinaryFile.interpreterSegment))
    }

    @Test func `it is at most 25 MB`() {
        #expect(bytes.count <= 25_000_000)
    }

    /// What every copy of full Foundation holds and nothing else does: the name of its run loop's default mode.
    private static let foundationMark = "kCFRunLoopDefaultMode"

    @Test func `it is free of full Foundation`() {
        #expect(!BinaryFile.holds(bytes, Self.foundationMark))
    }

    @Test(.requires(.command("swift")))
    func `the mark of full Foundation is in the toolchain's own copy`() throws {
        let swift = try #require(findCommand("swift"))
        let toolchain = swift.split(separator: "/").dropLast(2).joined(separator: "/")
        let library = "/\(toolchain)/lib/swift/linux/libFoundation.so"
        #expect(BinaryFile.holds(try BinaryFile.contents(of: library), Self.foundationMark))
    }

    @Test func `it has no hook that stands in for the kernel`() throws {
        #expect(!BinaryFile.holds(bytes, "SystemCallRecorder"))
        #expect(BinaryFile.holds(bytes, "SystemCallError"), "the search itself must find something")
    }

    @Test func `it cannot leave a layer out`() {
        #expect(!BinaryFile.holds(bytes, "VAULT_SANDBOX_TEST_WITHOUT"))
        #expect(BinaryFile.holds(bytes, "VAULT_SANDBOX_KEY_FILE"), "the search itself must find something")
    }

    @Test func `it does not name the folder it was built in`() {
        #expect(!BinaryFile.holds(bytes, SourceTree.root + "/Sources"))
    }
}
