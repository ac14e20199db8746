import Linux
import Sandbox
import SandboxPlan
internal import TestSupport
import Testing

/// The messages between supervisor and init: what one side writes, the other reads, and nothing else is taken.
struct MessageTests {
    static let plan = LaunchPlan(
        workDirectory: "/home/u",
        limits: [ResourceLimit(.core, hard: 1), ResourceLimit(.openFiles, soft: 7, hard: .max)],
        filter: [UInt8](0...255), searchPath: ["/usr/bin", ""], arguments: [Array("sh".utf8), [], [0xff, 0xfe]],
        environment: [Array("A=b".utf8)], blockedSignals: SignalSet([Signals.interrupt, 64]),
        closedStreams: [false, true, false], processCeiling: 4096,
        memoryCeiling: 1 << 33, processorCeiling: 60_000, secretFilesCapacity: 4096,
        terminal: TerminalPlan(
            modes: TerminalModes(bytes: Array(1...36)), size: WindowSize(rows: 24, columns: .max, width: 7, height: 9)))

    static let root = RootPlan(steps: [
        .processes, .devices, .sharedMemory(size: 1 << 40), .directory(path: "/ä", mode: 0o755),
        .symbolicLink(path: "/bin", target: "usr/bin"),
        .bind(
            source: "/usr", identity: .init(device: .max, inode: 2, kind: .directory), path: "/usr",
            isWritable: false),
        .bind(
            source: "/home/u", identity: .init(device: 1, inode: .max, kind: .regular), path: "/home/u",
            isWritable: true),
        .mask(path: "/home/u/.ssh", identity: .init(device: 1, inode: 3, kind: .directory)),
        .temporary(path: "/tmp", size: 256 << 20, mode: 0o1777),
    ])

    static let manifest = SecretManifest(entries: [
        .init(name: "A", variable: "A", delivery: .environment, length: 0),
        .init(name: "B", variable: "B_FILE", delivery: .file, length: 65536),
        .init(name: "C", variable: "C_FD", delivery: .descriptor, length: 1),
    ])

    static let reports: [InitReport] =
        [
            .started(boundsProcesses: true), .started(boundsProcesses: false), .exceededMemory, .exceededProcessorTime,
            .continued, .madeTerminal, .stopped(signal: 19), .ended(.exited(255)), .ended(.signalled(9)),
        ]
        + LaunchStep.allCases.map { .failed(.init(step: $0, errno: .stale, subject: "/ö\u{0}")) }

    static let requests: [InitRequest] = [
        .signal(15, toGroup: true), .signal(64, toGroup: false), .end(afterMilliseconds: 1),
        .end(afterMilliseconds: nil),
    ]

    /// Reads bytes as each kind of message and says which kinds took them.
    private func kindsThatRead(_ bytes: [UInt8]) -> Set<String> {
        var kinds: Set<String> = []
        if (try? LaunchPlan(message: bytes)) != nil { kinds.insert("plan") }
        if (try? RootPlan(message: bytes)) != nil { kinds.insert("root") }
        if (try? SecretManifest(message: bytes)) != nil { kinds.insert("manifest") }
        if (try? InitReport(message: bytes)) != nil { kinds.insert("report") }
        if (try? InitRequest(message: bytes)) != nil { kinds.insert("request") }
        return kinds
    }

    @Test func `a plan comes back as it was`() throws {
        #expect(try LaunchPlan(message: Self.plan.message) == Self.plan)
    }

    @Test func `a plan comes back with a terminal of the usual modes, and without one`() throws {
        for terminal in [nil, TerminalPlan(modes: nil, size: .usual)] {
            var plan = Self.plan
            plan.terminal = terminal
            #expect(try LaunchPlan(message: plan.message) == plan)
        }
    }

    @Test func `the plan of a root comes back as it was`() throws {
        #expect(try RootPlan(message: Self.root.message) == Self.root)
    }

    @Test func `the groundwork and the choice of network come back as they were`() throws {
        for hasTerminal in [false, true] {
            let groundwork = Groundwork(
                user: 1000, group: 4_294_967_294, hasTerminal: hasTerminal,
                isolation: hasTerminal ? .namespaces : .landlock)
            #expect(try Groundwork(message: groundwork.message) == groundwork)
        }
        for choice in NetworkChoice.allCases { #expect(try NetworkChoice(message: choice.message) == choice) }
    }

    @Test func `a manifest comes back as it was, and so does an empty one`() throws {
        #expect(try SecretManifest(message: Self.manifest.message) == Self.manifest)
        #expect(try SecretManifest(message: SecretManifest().message) == SecretManifest())
        #expect(Self.manifest.totalLength == 65537)
    }

    @Test(arguments: reports) func `a report comes back as it was`(report: InitReport) throws {
        #expect(try InitReport(message: report.message) == report)
    }

    @Test(arguments: requests) func `a request comes back as it was`(request: InitRequest) throws {
        #expect(try InitRequest(message: request.message) == request)
    }

    @Test func `a message cut anywhere is refused`() {
        let plan = Self.plan.message
        for length in 0..<plan.count {
            #expect(throws: MalformedMessage.self) { try LaunchPlan(message: Array(plan[..<length])) }
        }
        let root = Self.root.message
        for length in 0..<root.count {
            #expect(throws: MalformedMessage.self) { try RootPlan(message: Array(root[..<length])) }
        }
        let manifest = Self.manifest.message
        for length in 0..<manifest.count {
            #expect(throws: MalformedMessage.self) { try SecretManifest(message: Array(manifest[..<length])) }
        }
        for message in Self.reports.map(\.message) {
            for length in 0..<message.count {
                #expect(throws: MalformedMessage.self) { try InitReport(message: Array(message[..<length])) }
            }
        }
        for message in Self.requests.map(\.message) {
            for length in 0..<message.count {
                #expect(throws: MalformedMessage.self) { try InitRequest(message: Array(message[..<length])) }
            }
        }
    }

    @Test func `a message with a byte too many is refused`() {
        #expect(throws: MalformedMessage.self) { try LaunchPlan(message: Self.plan.message + [0]) }
        #expect(throws: MalformedMessage.self) { try RootPlan(message: Self.root.message + [0]) }
        #expect(throws: MalformedMessage.self) { try SecretManifest(message: Self.manifest.message + [0]) }
        for report in Self.reports {
            #expect(throws: MalformedMessage.self) { try InitReport(message: report.message + [0]) }
        }
        for request in Self.requests {
            #expect(throws: MalformedMessage.self) { try InitRequest(message: request.message + [0]) }
        }
    }

    @Test func `a count or length that lies reserves no memory and is refused`() {
        let lies: [UInt64] = [.max, 1 << 63, 1 << 40, 100]
        for lie in lies {
            let count = (0..<8).map { UInt8(truncatingIfNeeded: lie >> ($0 * 8)) }
            #expect(throws: MalformedMessage.self) { try SecretManifest(message: count) }
            #expect(throws: MalformedMessage.self) { try SecretManifest(message: count + count) }
        }
    }

    @Test func `a manifest cannot ask init for more than the channel carries`() {
        for length in [-1, ControlChannel.longestMessage + 1, Int.max] {
            let entry = SecretManifest.Entry(name: "A", variable: "A", delivery: .file, length: length)
            #expect(throws: MalformedMessage.self) {
                try SecretManifest(message: SecretManifest(entries: [entry]).message)
            }
        }
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `random bytes never crash a reader`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...200, using: &generator)).map { _ in
                // Small numbers reach further into a reader than large ones.
                Bool.random(using: &generator) ? UInt8.random(in: 0...8, using: &generator) : .random(in: 0...255)
            }
            _ = kindsThatRead(bytes)
        }
    }

    @Test(arguments: [UInt64(5), 6])
    func `a plan with changed bytes is refused or is another plan, and never crashes a reader`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let message = Self.plan.message
        for _ in 0..<2000 {
            var changed = message
            for _ in 0...Int.random(in: 0...3, using: &generator) {
                changed[Int.random(in: changed.indices, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            guard changed != message, let read = try? LaunchPlan(message: changed) else { continue }
            // A flag has one meaning for every byte but 1; all else must show in what was read.
            #expect(read != Self.plan || (try? LaunchPlan(message: read.message)) == read)
        }
    }

    @Test func `an end that is a stop cannot be reported`() async {
        await #expect(processExitsWith: .failure) { _ = InitReport.ended(.stopped(19)).message }
    }

    @Test func `frames arrive whole and in order over a socket`() throws {
        let pair = try SocketPair()
        let (near, far) = (BorrowedDescriptor(pair.near), BorrowedDescriptor(pair.far))
        for message in [[], [1], [UInt8](repeating: 7, count: 5000)] { try ControlChannel.send(message, on: near) }
        #expect(try ControlChannel.receive(on: far) == [])
        #expect(try ControlChannel.receive(on: far) == [1])
        #expect(try ControlChannel.receive(on: far).count == 5000)
    }

    /// Writes bytes and closes the writing end; what comes back is the other end.
    private func sendAndHangUp(_ bytes: [UInt8]) throws -> FileDescriptor {
        let pair = try SocketPair()
        try BorrowedDescriptor(pair.near).writeAll(bytes.span)
        return try pair.far.duplicate()
    }

    @Test(arguments: [[UInt8](), [1, 0], [4, 0, 0, 0], [4, 0, 0, 0, 1, 2, 3], [0xff, 0xff, 0xff, 0xff, 0]])
    func `a frame that breaks off, or claims too much, is a broken pipe`(bytes: [UInt8]) throws {
        let far = try sendAndHangUp(bytes)
        let error = #expect(throws: SystemCallError.self) { try ControlChannel.receive(on: BorrowedDescriptor(far)) }
        #expect(error?.errno == .brokenPipe)
    }
}
