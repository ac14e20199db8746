import Linux
import TestSupport
import Testing

/// Who closes what, seen in a process of its own, where no other test opens descriptors.
struct OwnershipTests {
    /// How many descriptors this process has open, the one that looks included.
    private static func openDescriptors() throws -> Int { try Files.names(in: "/proc/self/fd").count }

    /// How often each thing is done: one leak of any of them shows this many times, and so stands out from the few
    /// descriptors that the test runner opens and closes beside it.
    private static let rounds = 50
    private static let noise = 10

    @Test func `nothing that has an owner stays open when the owner lets go`() async {
        await #expect(processExitsWith: .success) {
            let before = try Self.openDescriptors()

            // The counter must work before its silence means anything.
            var leaked: [Int32] = []
            for _ in 0..<Self.rounds { leaked.append(try Files.open("/", .path).release()) }
            try #require(try Self.openDescriptors() >= before + Self.rounds - Self.noise)
            for number in leaked { BorrowedDescriptor(rawValue: number).closeUnowned() }
            try #require(try Self.openDescriptors() <= before + Self.noise)

            for _ in 0..<Self.rounds {
                _ = try Files.open("/", .path)
                _ = try Pipe(atLeast: 16)
                _ = try SocketPair(atLeast: 16)
                _ = try MemoryFile.make(name: "test", atLeast: 16)
                _ = try TimerDescriptor()
                _ = try SignalDescriptor(SignalSet([Signals.user1]))
                _ = try Processes.open(Processes.current)
                _ = try Files.contents(of: "/proc/self/stat", limit: 4096)
                _ = try? Files.contents(of: "/proc/self/status", limit: 1)
                _ = try? Files.open("/nonexistent", .readOnly)
                _ = try Files.canonicalPath("/usr/bin")
                _ = try Files.names(in: "/")
                try Files.open("/", .path).close()
            }
            try #require(try Self.openDescriptors() <= before + Self.noise)
        }
    }

    @Test func `what fails half-made closes what it had`() async {
        await #expect(processExitsWith: .success) {
            let before = try Self.openDescriptors()
            // No number of 900 or more may be opened, so the second half of each of these fails.
            try ResourceLimit(.openFiles, hard: 900).apply()
            for _ in 0..<Self.rounds {
                #expect(throws: SystemCallError.self) { _ = try Pipe(atLeast: 900) }
                #expect(throws: SystemCallError.self) { _ = try SocketPair(atLeast: 900) }
                #expect(throws: SystemCallError.self) { _ = try MemoryFile.make(name: "test", atLeast: 900) }
            }
            try #require(try Self.openDescriptors() <= before + Self.noise)
        }
    }

    @Test func `closing twice what nobody owns is told by the kernel`() async {
        await #expect(processExitsWith: .success) {
            let descriptor = try Files.open("/", .path)
            BorrowedDescriptor(descriptor).closeUnowned()
            do throws(SystemCallError) {
                try descriptor.close()
                Issue.record("closing twice went unnoticed")
            } catch {
                try #require(error.errno == .badDescriptor)
            }
        }
    }

    @Test func `a descriptor cannot be negative`() async {
        await #expect(processExitsWith: .failure) { _ = FileDescriptor(owning: -1) }
    }

    @Test func `a string of the kernel's cannot hold a zero`() async {
        await #expect(processExitsWith: .failure) { _ = StringBlock([[97, 0, 98]]) }
    }

    @Test func `a source below the targets of a clone is refused`() async {
        await #expect(processExitsWith: .failure) {
            let request = CloneExec(
                namespaces: [], arguments: StringBlock([[97]]), descriptors: [BorrowedDescriptor(rawValue: 15)])
            _ = try request.start(try Files.open("/bin/true", .path))
        }
    }

    @Test func `a clone into a time namespace is refused, which clone(2) would take for a signal`() async {
        await #expect(processExitsWith: .failure) {
            let request = CloneExec(namespaces: [.time], arguments: StringBlock([[97]]), descriptors: [])
            _ = try request.start(try Files.open("/bin/true", .path))
        }
    }

    @Test func `a source below the targets of a spawn is refused`() async {
        await #expect(processExitsWith: .failure) {
            let descriptors = [16, 1].map { BorrowedDescriptor(rawValue: $0) }
            let request = Spawn(
                candidates: StringBlock([]), arguments: StringBlock([]), descriptors: descriptors,
                blockedSignals: SignalSet([]), filter: [])
            _ = try request.start(environment: [UInt8]().span)
        }
    }
}
