/// Where the newlines of a text are, kept while the text grows at its end and loses bytes at its beginning.
public struct NewlineIndex: ~Copyable {
    private var places = SecretArray<UInt32>()
    /// How many bytes of the text were looked at.
    private var end = 0

    /// How many bytes are looked at before room is made for more newlines.
    private static let block = 4096

    /// Starts with an empty text.
    public init() {}

    /// How many newlines there are.
    public var count: Int { places.count }

    /// Where the newline of a number is.
    @inlinable
    public subscript(number: Int) -> Int {
        @inline(__always) get { Int(place(number)) }
    }

    @usableFromInline @inline(__always)
    internal func place(_ number: Int) -> UInt32 { places[number] }

    /// The number of the first newline from `start` on.
    ///
    /// - Parameter near: a number near that, at best one a little lower.
    public func first(from start: Int, near: Int = 0) -> Int {
        var low = near <= count && (near == 0 || self[near - 1] < start) ? near : 0
        var step = 1
        while low + step <= count, self[low + step - 1] < start {
            low += step
            step *= 2
        }
        var high = min(low + step, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < start { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Where the line starts in which `position` lies, and where the one before it starts and ends; `nil` for what lies more
    /// than `distance` bytes before it.
    ///
    /// - Parameter near: a number of a newline near `position`.
    public func line(at position: Int, near: Int, within distance: Int) -> (start: Int?, before: Range<Int>?) {
        let number = first(from: position, near: near)
        guard number > 0 else { return (position <= distance ? 0 : nil, nil) }
        let end = self[number - 1]
        guard position - end - 1 <= distance else { return (nil, nil) }
        let start = number > 1 ? self[number - 2] + 1 : 0
        return (end + 1, position - start <= distance ? start..<end : nil)
    }

    /// Takes in what `text` has more, or less, at its end than before.
    public mutating func extend(to text: Span<UInt8>) {
        if text.count < end { places.truncate(to: first(from: text.count)) }
        var start = min(end, text.count)
        while start < text.count {
            let stop = min(start + Self.block, text.count)
            text.appendNewlines(of: start..<stop, to: &places)
            start = stop
        }
        end = text.count
    }

    /// Takes `dropped` bytes away from the text's beginning.
    public mutating func rebase(by dropped: Int) {
        guard dropped > 0 else { return }
        places.removeFirst(first(from: dropped))
        let moved = UInt32(truncatingIfNeeded: dropped)
        places.withMutableSpan { places in
            for number in 0..<places.count { places[number] -= moved }
        }
        end = max(0, end - dropped)
    }
}
