/// How a terminal treats what is typed and what is shown, as `struct termios` of the kernel has it; see termios(3).
public struct TerminalModes: Equatable, Sendable {
    /// The kernel's structure: four words of flags for input, output, control and the local side, the line discipline,
    /// and 19 special characters.
    public private(set) var bytes: [UInt8]

    /// The size of the structure, in bytes.
    public static let size = 36

    /// The bits of termios(3), by the word they are in.
    private enum Flag {
        static let input = 0
        static let output = 4
        static let control = 8
        static let local = 12
        /// IGNBRK, BRKINT, PARMRK, ISTRIP, INLCR, IGNCR, ICRNL and IXON.
        static let translatesInput: UInt32 = 0o2753
        /// OPOST.
        static let translatesOutput: UInt32 = 0o1
        /// CSIZE and PARENB.
        static let characterSize: UInt32 = 0o460
        /// CS8.
        static let eightBits: UInt32 = 0o60
        /// ISIG, ICANON, ECHO, ECHONL and IEXTEN.
        static let interprets: UInt32 = 0o100113
        /// ICANON.
        static let readsLines: UInt32 = 0o2
    }

    /// Where the special characters start.
    private static let characters = 17

    /// Wraps the kernel's structure; `nil` where the size is another.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.size else { return nil }
        self.bytes = bytes
    }

    /// The character that ends the input at the start of a line; `nil` where lines are not read.
    public var endOfInput: UInt8? {
        guard self[Flag.local] & Flag.readsLines != 0 else { return nil }
        return bytes[Self.characters + 4]
    }

    /// The same terminal with nothing translated and nothing interpreted, each byte as it comes, as of cfmakeraw(3).
    public var raw: TerminalModes {
        var modes = self
        modes[Flag.input] &= ~Flag.translatesInput
        modes[Flag.output] &= ~Flag.translatesOutput
        modes[Flag.local] &= ~Flag.interprets
        modes[Flag.control] = modes[Flag.control] & ~Flag.characterSize | Flag.eightBits
        // VMIN and VTIME: a read gives what there is, one byte at least.
        modes.bytes[Self.characters + 6] = 1
        modes.bytes[Self.characters + 5] = 0
        return modes
    }

    /// The word of flags at `place`.
    private subscript(place: Int) -> UInt32 {
        get { (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) } }
        set { for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: newValue >> UInt32(8 * index)) } }
    }
}

/// The size of a terminal's window.
public struct WindowSize: Equatable, Sendable {
    /// How many lines it has.
    public var rows: UInt16
    /// How many characters a line has.
    public var columns: UInt16
    /// Its width and height in pixels; 0 where that is not known.
    public var width: UInt16 = 0, height: UInt16 = 0

    /// Makes a size.
    public init(rows: UInt16, columns: UInt16, width: UInt16 = 0, height: UInt16 = 0) {
        self.rows = rows
        self.columns = columns
        self.width = width
        self.height = height
    }

    /// What a terminal has had since the first ones: 24 lines of 80 characters.
    public static let usual = WindowSize(rows: 24, columns: 80)
}
