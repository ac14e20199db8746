internal import Secrets

/// The sequences as an automaton that reads each byte once (Aho and Corasick, 1975), in guarded memory.
///
/// A node stands for the longest end of what was read that is the beginning of a sequence; the root, node 0, for none.
internal struct Automaton: ~Copyable, Sendable {
    /// A node's words: its first child, its next sibling, the node to fall back to, its byte and depth, and its match.
    internal enum Field {
        static let child = 0
        static let sibling = 1
        static let fallback = 2
        static let byteAndDepth = 3
        static let match = 4
        static let count = 5
    }

    /// The nodes, `Field.count` words each, after 256 words with the root's child for each byte.
    internal let words: SecretWords
    /// How many nodes there are, the root counted.
    internal let nodeCount: Int

    /// Where node 0 begins.
    internal static let firstNode = 256

    /// Builds the automaton of `patterns`.
    init(_ patterns: borrowing PatternSet) {
        let entries = patterns.entries
        var used = 1
        let capacity = Self.firstNode + (patterns.byteCount + 1) * Field.count
        words = patterns.withBytes { bytes in
            SecretWords(count: capacity) { words in
                for index in 0..<entries.count {
                    Self.insert(bytes, entries[index], number: index, used: &used, into: &words)
                }
                Self.link(used, &words)
            }
        }
        nodeCount = used
    }

    /// The first word of a node.
    @inline(__always)
    static func place(_ node: Int) -> Int { firstNode &+ node &* Field.count }

    /// The child of `node` by `byte`, or 0.
    @inline(__always)
    static func child(of node: Int, by byte: UInt8, in words: Span<UInt32>) -> Int {
        if node == 0 { return Int(words[Int(byte)]) }
        var child = Int(words[place(node) &+ Field.child])
        while child != 0 {
            let place = place(child)
            if UInt8(truncatingIfNeeded: words[place &+ Field.byteAndDepth]) == byte { return child }
            child = Int(words[place &+ Field.sibling])
        }
        return 0
    }

    /// The node after `byte`, and adds to `work` the number of nodes looked at.
    @inline(__always)
    static func next(after node: Int, by byte: UInt8, in words: Span<UInt32>, work: inout Int) -> Int {
        var node = node
        while true {
            work &+= 1
            let child = child(of: node, by: byte, in: words)
            if child != 0 || node == 0 { return child }
            node = Int(words[place(node) &+ Field.fallback])
        }
    }

    /// How many bytes lead to `node`.
    @inline(__always)
    static func depth(of node: Int, in words: Span<UInt32>) -> Int {
        Int(words[place(node) &+ Field.byteAndDepth] &>> 8)
    }

    private static func insert(
        _ bytes: Span<UInt8>, _ entry: PatternSet.Entry, number: Int, used: inout Int,
        into words: inout MutableSpan<UInt32>
    ) {
        var node = 0
        for depth in 0..<entry.count {
            let byte = bytes[entry.start + depth]
            var child = child(of: node, by: byte, in: words.span)
            if child == 0 {
                child = used
                used += 1
                let place = place(child)
                words[place + Field.byteAndDepth] = UInt32(byte) | UInt32(depth + 1) << 8
                if node == 0 {
                    words[Int(byte)] = UInt32(child)
                }
                words[place + Field.sibling] = words[Self.place(node) + Field.child]
                words[Self.place(node) + Field.child] = UInt32(child)
            }
            node = child
        }
        // Of equal sequences the first counts.
        let match = place(node) + Field.match
        if words[match] == 0 { words[match] = UInt32(number + 1) }
    }

    /// Sets every node's fallback and, where it ends no sequence itself, the match of its fallback: nearest the root first.
    private static func link(_ used: Int, _ words: inout MutableSpan<UInt32>) {
        var queue: [Int] = []
        queue.reserveCapacity(used)
        queue.append(0)
        var head = 0
        var work = 0
        while head < queue.count {
            let parent = queue[head]
            head += 1
            var node = Int(words[place(parent) + Field.child])
            while node != 0 {
                let place = place(node)
                if parent != 0 {
                    let byte = UInt8(truncatingIfNeeded: words[place + Field.byteAndDepth])
                    let above = Int(words[Self.place(parent) + Field.fallback])
                    let fallback = next(after: above, by: byte, in: words.span, work: &work)
                    words[place + Field.fallback] = UInt32(fallback)
                    if words[place + Field.match] == 0 {
                        words[place + Field.match] = words[Self.place(fallback) + Field.match]
                    }
                }
                queue.append(node)
                node = Int(words[place + Field.sibling])
            }
        }
    }
}
