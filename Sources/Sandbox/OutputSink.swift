public import Linux

/// Where redacted output goes.
public protocol OutputSink: AnyObject {
    /// Takes as many of the bytes as it can without waiting, and says how many; fails where nobody will read them.
    func accept(_ bytes: Span<UInt8>) throws(OutputGone) -> Int

    /// The descriptor that says when more can be taken, or whose reader may go away; `nil` for one that always takes all.
    var pollNumber: Int32? { get }

    /// Whether somebody may be reading along, who waits for a prompt.
    var isReadAlong: Bool { get }
}

/// A stream can be passed on no more.
public struct OutputGone: Error, Equatable, Sendable {
    /// Why not; `nil` where merely nobody reads it any more, which ends a program as in any pipeline.
    public let cause: SystemCallError?

    /// Makes an error.
    public init(cause: SystemCallError?) { self.cause = cause }
}

/// Passes output on to one of the caller's descriptors, never waiting for a slow reader.
///
/// The caller's open file is shared with others, so that it must not be made non-blocking. A pipe or terminal is opened
/// a second time for that; a socket is written without waiting call by call; a regular file never waits.
public final class DescriptorSink: OutputSink {
    private let target: BorrowedDescriptor
    private let reopened: FileDescriptor?
    private let piece: Int
    /// A pipe, a socket or a terminal is read along; a regular file is not.
    public let isReadAlong: Bool

    /// The most that a pipe is sure to take at once when poll(2) calls it writable; PIPE_BUF in pipe(7).
    private static let atomicPiece = 4096

    /// Makes a sink for a descriptor that stays open as long as the sink lives.
    public init(descriptor: Int32) {
        target = BorrowedDescriptor(rawValue: descriptor)
        let kind = (try? Files.status(of: target))?.kind
        let waits = kind == .pipe || kind == .socket || (kind == .characterDevice && target.isTerminal)
        isReadAlong = waits
        if waits, let own = try? Files.open("/proc/self/fd/\(descriptor)", [.writeOnly, .nonBlocking]) {
            reopened = .some(own)
            piece = Int.max
        } else {
            reopened = nil
            piece = waits ? Self.atomicPiece : Int.max
        }
    }

    /// The descriptor to poll.
    public var pollNumber: Int32? { target.rawValue }

    /// Writes once.
    public func accept(_ bytes: Span<UInt8>) throws(OutputGone) -> Int {
        do throws(SystemCallError) {
            switch reopened {
            case .some(let own): return try BorrowedDescriptor(own).write(bytes)
            case .none:
                if piece != Int.max {
                    let isReady = try Polling.wait([PollEntry(target, .writable)], milliseconds: 0)[0]
                    guard isReady.contains(.writable) else { return 0 }
                }
                return try target.write(bytes.extracting(0..<min(piece, bytes.count)))
            }
        } catch {
            if error.errno == .wouldBlock { return 0 }
            // A terminal that has hung up says EIO.
            let readerErrors: [Errno] = [.brokenPipe, .connectionReset, .inputOutput]
            throw OutputGone(cause: isReadAlong && readerErrors.contains(error.errno) ? nil : error)
        }
    }
}

/// Keeps the start and the end of what comes, up to a limit, and counts what lies between.
public final class CaptureSink: OutputSink {
    private let headLimit: Int
    private let tailLimit: Int
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    /// Where the oldest byte of a full tail lies.
    private var tailStart = 0
    /// How many bytes were left out between head and tail.
    public private(set) var missing = 0

    /// Makes a sink that keeps at most `limit` bytes: a quarter from the start, the rest from the end.
    public init(limit: Int) {
        headLimit = limit / 4
        tailLimit = limit - limit / 4
    }

    /// A capture is read at the end.
    public var isReadAlong: Bool { false }

    /// A capture never waits.
    public var pollNumber: Int32? { nil }

    /// Takes everything.
    public func accept(_ bytes: Span<UInt8>) -> Int {
        var index = 0
        while head.count < headLimit, index < bytes.count {
            head.append(bytes[index])
            index += 1
        }
        // Only the last `tailLimit` bytes can stay: what would be overwritten at once is not even looked at.
        let skipped = max(0, bytes.count - index - tailLimit)
        if skipped > 0 {
            missing += tail.count + skipped
            tail.removeAll(keepingCapacity: true)
            tailStart = 0
            index += skipped
        }
        while index < bytes.count {
            if tail.count < tailLimit {
                tail.append(bytes[index])
            } else {
                tail[tailStart] = bytes[index]
                tailStart = (tailStart + 1) % tailLimit
                missing += 1
            }
            index += 1
        }
        return bytes.count
    }

    /// What was kept from the start.
    public var start: [UInt8] { head }

    /// What was kept from the end, in order.
    public var end: [UInt8] { Array(tail[tailStart...] + tail[..<tailStart]) }
}
