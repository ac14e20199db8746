internal import Redaction

/// What is found in one file, and how far the look at it may go; shared by all of its layers.
internal final class ContentRecord {
    /// The names of secrets with the forms in which they stand, such as `base64` or `gzip+raw`.
    private(set) var found: [String: Set<String>] = [:]
    /// Why a part was not looked at.
    private(set) var gaps: Set<String> = []
    /// How many bytes may be unpacked, and how many of them may still be.
    private let most: Int
    private var left: Int
    /// What all files of the run have together.
    private let budget: ScanBudget
    /// How many streams are being unpacked.
    fileprivate var open = 0

    /// The most bytes that one file is unpacked to.
    static let mostUnpacked = 256 << 20
    /// The most streams that are unpacked beside each other.
    fileprivate static let mostOpen = 16
    /// The most layers of archives in archives.
    fileprivate static let deepest = 4

    /// Starts a record.
    init(budget: ScanBudget, mostUnpacked: Int = mostUnpacked) {
        self.budget = budget
        most = mostUnpacked
        left = mostUnpacked
    }

    fileprivate func add(_ counts: [String: [String: Int]], in containers: String) {
        for (secret, forms) in counts {
            for form in forms.keys { found[secret, default: []].insert(containers + form) }
        }
    }

    internal func miss(_ why: String) { gaps.insert(why) }

    /// Counts bytes that were unpacked; `false` where there are too many.
    fileprivate func unpack(_ count: Int) -> Bool {
        left -= count
        guard left < 0 else { return spend(count) }
        miss("it unpacks to more than \(most >> 20) MiB")
        return false
    }

    /// Counts work on packed parts that gives no bytes, in those that it takes as long as; `false` where it is too much.
    fileprivate func spend(_ bytes: Int) -> Bool {
        switch budget.spend(bytes) {
        case nil: return true
        // Whoever reads the file says so.
        case .stopped: break
        case .spent(let most):
            miss("the run's files unpack to more than \(most >> 20) MiB together, or take as long")
        }
        return false
    }
}

/// Looks for secrets in one stream of bytes: as it stands, and in what is packed in it by gzip, zip or zlib.
///
/// A packed part is found by how it begins, wherever that is, so that the parts of tar archives, of zip archives and of
/// any other kind that keeps them whole need no reader of their own.
internal final class ContentScan {
    private let matcher: Matcher
    private let record: ContentRecord
    /// What the stream is packed in, such as `gzip+`.
    private let containers: String
    private let depth: Int
    private var stream: RedactionStream
    private var parts: [PackedPart] = []
    /// The last eight bytes.
    private var recent: UInt64 = 0
    /// The first bytes, as many as a header of LZMA alone has.
    private var head: [UInt8] = []

    /// The last bytes of what packed parts begin with, a bit for each that is below 64; one more is above.
    private static let lastBytes: UInt64 = [0x00, 0x04, 0x08, 0x18, 0x1C, 0x26].reduce(0) { $0 | 1 << $1 }

    /// Starts a stream.
    init(matcher: Matcher, record: ContentRecord, containers: String = "", depth: Int = 0) {
        self.matcher = matcher
        self.record = record
        self.containers = containers
        self.depth = depth
        stream = RedactionStream(matcher: matcher)
    }

    /// Takes the next bytes.
    func write(_ bytes: Span<UInt8>) {
        stream.write(bytes) { _ in }
        for part in parts { part.write(bytes, record: record) }
        var last = recent
        for index in 0..<bytes.count {
            let byte = bytes[index]
            last = last << 8 | UInt64(byte)
            if byte < 64 ? Self.lastBytes >> UInt64(byte) & 1 != 0 : byte == 0xFD {
                meet(last, before: bytes.extracting((index + 1)...))
            }
        }
        recent = last
        if head.count < Self.lzmaHeader { lookAtHead(bytes) }
        parts.removeAll { part in
            guard part.isOver else { return false }
            record.open -= 1
            return true
        }
    }

    /// Ends the stream and notes what was found.
    func finish() {
        stream.finish { _ in }
        for part in parts where !part.isOver {
            part.finish(record: record)
            record.open -= 1
        }
        parts = []
        record.add(stream.formCounts, in: containers)
    }

    /// Begins what the last bytes begin, or says that it is not unpacked.
    private func meet(_ last: UInt64, before rest: Span<UInt8>) {
        switch (last & 0xFF_FFFF, last & 0xFFFF_FFFF, last & 0xFFFF_FFFF_FFFF, last & ~(0xFF << 32)) {
        case (0x1F_8B08, _, _, _): begin(.gzip, [0x1F, 0x8B, 0x08], rest)
        case (_, 0x504B_0304, _, _): begin(.zip, [0x50, 0x4B, 0x03, 0x04], rest)
        case (_, 0x28B5_2FFD, _, _): missForeign("zstd")
        case (_, 0x0422_4D18, _, _): missForeign("lz4")
        case (_, _, 0xFD37_7A58_5A00, _): missForeign("xz")
        case (_, _, 0x377A_BCAF_271C, _): missForeign("7-Zip")
        // Between these stands how well it is packed.
        case (_, _, _, 0x425A_6800_3141_5926): missForeign("bzip2")
        default: break
        }
    }

    private func missForeign(_ name: String) { record.miss("packed by \(name), which is not unpacked") }

    /// Looks at what has no magic number that would tell it anywhere: zlib, as objects of git's have it, and LZMA alone.
    private func lookAtHead(_ bytes: Span<UInt8>) {
        let before = head.count
        for index in 0..<min(Self.lzmaHeader - before, bytes.count) { head.append(bytes[index]) }
        if before < 2, head.count >= 2 {
            let check = Int(head[0]) << 8 | Int(head[1])
            if head[0] & 0x0F == 8, head[0] >> 4 <= 7, check % 31 == 0, head[1] & 0x20 == 0 {
                begin(.zlib, Array(head[..<2]), bytes.extracting((2 - before)...))
            }
        }
        if head.count == Self.lzmaHeader, Self.isLZMA(head) { missForeign("lzma") }
    }

    /// How many bytes the header of LZMA alone has.
    private static let lzmaHeader = 13

    /// The usual properties, a dictionary of a power of two or one and a half of it, and a size that is unknown or that disks
    /// have; as liblzma tells them (lzma/alone_decoder.c).
    private static func isLZMA(_ head: [UInt8]) -> Bool {
        let dictionary = head[1..<5].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let size = head[5...].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let isPower =
            dictionary.nonzeroBitCount == 1
            || (dictionary.nonzeroBitCount == 2 && dictionary & dictionary << 1 != 0)
        return head[0] == 0x5D && dictionary >= 4096 && isPower && (size == .max || size < 1 << 38)
    }

    private func begin(_ kind: PackedPart.Kind, _ start: [UInt8], _ rest: Span<UInt8>) {
        guard depth < ContentRecord.deepest else {
            return record.miss("archives lie in it more than \(ContentRecord.deepest) deep")
        }
        guard record.open < ContentRecord.mostOpen else {
            return record.miss("more than \(ContentRecord.mostOpen) packed parts begin in it before one ends")
        }
        guard record.spend(PackedPart.cost) else { return }
        let part = PackedPart(
            kind,
            content: ContentScan(
                matcher: matcher, record: record, containers: containers + kind.rawValue + "+", depth: depth + 1))
        record.open += 1
        part.write(start.span, record: record)
        part.write(rest, record: record)
        parts.append(part)
    }
}

/// One packed part of a stream: its header, then DEFLATE.
internal final class PackedPart {
    /// What kind of header it has.
    enum Kind: String {
        case gzip, zip, zlib
    }

    private let kind: Kind
    private let content: ContentScan
    private var header: [UInt8]? = []
    private var inflater = Inflater()
    /// Whether it ended, or is none.
    private(set) var isOver = false

    /// No header is longer: names are.
    private static let longestHeader = 140 << 10
    private static let firstStep = 64
    /// To begin one takes as long as to unpack and search so many bytes.
    static let cost = 1 << 10

    init(_ kind: Kind, content: ContentScan) {
        self.kind = kind
        self.content = content
    }

    /// Takes the next bytes of the stream that the part lies in.
    func write(_ bytes: Span<UInt8>, record: ContentRecord) {
        guard !isOver else { return }
        guard var header else { return inflate(bytes, record) }
        var position = 0
        while position < bytes.count {
            // In steps that double: most headers are short, and much may follow.
            let end = min(position + max(Self.firstStep, header.count), bytes.count)
            for index in position..<end { header.append(bytes[index]) }
            position = end
            guard record.spend(header.count) else { return isOver = true }
            switch headerLength(header, record) {
            case .complete(let length):
                self.header = nil
                inflate(Array(header[length...]).span, record)
                if !isOver { inflate(bytes.extracting(position...), record) }
                return
            case .short where header.count < Self.longestHeader: continue
            case .short, .none: return isOver = true
            }
        }
        self.header = header
    }

    /// Notes what was found in a part that did not end.
    func finish(record: ContentRecord) {
        guard !isOver else { return }
        isOver = true
        content.finish()
    }

    private func inflate(_ bytes: Span<UInt8>, _ record: ContentRecord) {
        let status = inflater.write(bytes, charge: { record.spend($0) }) { unpacked in
            guard record.unpack(unpacked.count) else { return false }
            content.write(unpacked)
            return true
        }
        if case .open = status { return }
        finish(record: record)
    }

    /// Where a header ends.
    private enum Header {
        case complete(Int)
        case short
        /// It is none, or nothing behind it can be unpacked.
        case none
    }

    private func headerLength(_ bytes: [UInt8], _ record: ContentRecord) -> Header {
        switch kind {
        case .zlib: return bytes.count >= 2 ? .complete(2) : .short
        case .zip: return zipHeader(bytes, record)
        case .gzip: return gzipHeader(bytes)
        }
    }

    /// A local file header; see APPNOTE.TXT, section 4.3.7.
    private func zipHeader(_ bytes: [UInt8], _ record: ContentRecord) -> Header {
        guard bytes.count >= 30 else { return .short }
        func number(_ offset: Int) -> Int { Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 }
        let (version, flags, method) = (number(4) & 0xFF, number(6), number(8))
        guard version < 100, method < 100, number(26) > 0 else { return .none }
        guard flags & 1 == 0 else {
            record.miss("a file in the zip archive is encrypted")
            return .none
        }
        // What is stored as it is was looked at as it is.
        guard method != 0 else { return .none }
        guard method == 8 else {
            record.miss("a file in the zip archive is packed by method \(method), which is not unpacked")
            return .none
        }
        let length = 30 + number(26) + number(28)
        return bytes.count >= length ? .complete(length) : .short
    }

    /// The header of a member; see RFC 1952, section 2.3.
    private func gzipHeader(_ bytes: [UInt8]) -> Header {
        guard bytes.count >= 10 else { return .short }
        let flags = bytes[3]
        guard flags & 0xE0 == 0 else { return .none }
        var end = 10
        if flags & 4 != 0 {
            guard bytes.count >= end + 2 else { return .short }
            end += 2 + Int(bytes[end]) + Int(bytes[end + 1]) << 8
        }
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            guard end < bytes.count, let zero = bytes[end...].firstIndex(of: 0) else { return .short }
            end = zero + 1
        }
        if flags & 2 != 0 { end += 2 }
        return bytes.count >= end ? .complete(end) : .short
    }
}
