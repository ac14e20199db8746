internal import CSodium

/// Plain values derived from secrets, in guarded memory that grows, zeroed whenever it is given back.
///
/// Like `SecretBytes`, but for tables: elements of any plain type, appended one by one or made all at once. Growing
/// moves the elements and zeroes the place they leave.
@safe
public struct SecretArray<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    @usableFromInline internal var storage: UnsafeMutablePointer<Element>?
    @usableFromInline internal var capacity: Int
    @usableFromInline internal var used: Int
    /// How many elements there are.
    @inlinable public var count: Int { used }

    /// Makes an empty array with room for `capacity` elements; without any, no memory is taken yet.
    public init(capacity: Int = 0) {
        unsafe storage = capacity > 0 ? Self.allocate(capacity) : nil
        self.capacity = capacity
        used = 0
    }

    /// Makes `count` elements that all equal `element`.
    public init(repeating element: Element, count: Int) {
        self.init(capacity: count)
        if let storage = unsafe storage { unsafe storage.initialize(repeating: element, count: count) }
        used = count
    }

    /// The element at `index`, which must be there.
    @inlinable public subscript(index: Int) -> Element {
        @inline(__always) get {
            precondition(index >= 0 && index < count, "no such element")
            return unsafe storage.unsafelyUnwrapped[index]
        }
    }

    /// Adds one element at the end.
    @inlinable
    public mutating func append(_ element: Element) {
        if used == capacity { reserve(1) }
        guard let storage = unsafe storage else { return }
        unsafe (storage + count).initialize(to: element)
        used += 1
    }

    /// Adds a copy of `elements` at the end.
    public mutating func append(contentsOf elements: Span<Element>) {
        guard !elements.isEmpty else { return }
        reserve(elements.count)
        guard let storage = unsafe storage else { return }
        let end = unsafe storage + count
        unsafe elements.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            unsafe end.update(from: base, count: source.count)
        }
        used += elements.count
    }

    /// Takes away the first `removed` elements; the others move to the front.
    public mutating func removeFirst(_ removed: Int) {
        precondition(removed >= 0 && removed <= count, "more elements taken away than there are")
        guard removed > 0, let storage = unsafe storage else { return }
        unsafe storage.update(from: storage + removed, count: count - removed)
        used -= removed
    }

    /// Takes away what lies behind the first `kept` elements.
    public mutating func truncate(to kept: Int) {
        precondition(kept >= 0 && kept <= count, "an array cannot be cut to more than it has")
        used = kept
    }

    /// Lends the elements for reading.
    @inlinable @inline(__always)
    public borrowing func withSpan<R: ~Copyable, E: Error>(_ body: (Span<Element>) throws(E) -> R) throws(E) -> R {
        try body(unsafe Span(_unsafeElements: UnsafeBufferPointer(start: storage, count: count)))
    }

    /// Lends the elements for writing.
    @inlinable
    public mutating func withMutableSpan<R: ~Copyable, E: Error>(
        _ body: (inout MutableSpan<Element>) throws(E) -> R
    ) throws(E) -> R {
        var span = unsafe MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(start: storage, count: count))
        return try body(&span)
    }

    /// Puts `element` in place of the one at `index`.
    @inlinable
    public mutating func replace(at index: Int, with element: Element) {
        precondition(index >= 0 && index < count, "no such element")
        unsafe storage.unsafelyUnwrapped[index] = element
    }

    /// Makes room for `added` more elements, at least doubling what there is.
    @usableFromInline
    internal mutating func reserve(_ added: Int) {
        let needed = count + added
        guard needed > capacity else { return }
        let newCapacity = max(needed, capacity * 2, 256)
        let larger = unsafe Self.allocate(newCapacity)
        if let storage = unsafe storage {
            unsafe larger.update(from: storage, count: count)
            unsafe sodium_free(storage)
        }
        unsafe storage = larger
        capacity = newCapacity
    }

    /// Takes guarded memory; traps where the machine has none left, as `SecretBytes` does.
    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Element> {
        let size = capacity.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        // sodium_malloc ends a block at its guard page, so that only sizes of whole strides are aligned.
        guard !size.overflow, sodium_init() >= 0, let memory = unsafe sodium_malloc(size.partialValue) else {
            GuardedMemory.exhausted()
        }
        return unsafe memory.bindMemory(to: Element.self, capacity: capacity)
    }

    deinit { unsafe sodium_free(storage) }
}

extension SecretArray where Element: Comparable {
    /// Puts the elements in ascending order, without a copy outside guarded memory.
    public mutating func sort() {
        guard let storage = unsafe storage else { return }
        var elements = unsafe UnsafeMutableBufferPointer(start: storage, count: count)
        unsafe elements.sort()
    }
}

extension SecretArray<UInt8> {
    /// Adds the bytes of a text that is no secret at the end.
    public mutating func append(_ text: StaticString) {
        let start = unsafe text.utf8Start
        for index in 0..<text.utf8CodeUnitCount { append(unsafe start[index]) }
    }
}
