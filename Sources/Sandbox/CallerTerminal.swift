internal import Linux
public import SandboxPlan

/// The caller's terminal, while a program has one of its own: only this process touches it.
///
/// Letting go of it puts the former modes back, however the run ends.
public struct CallerTerminal: ~Copyable {
    /// Standard input, where it is a terminal.
    private let keyboard: BorrowedDescriptor?
    /// The first of the standard streams that is a terminal, whose window has the size.
    private let window: BorrowedDescriptor?
    /// The modes from before, while others are set.
    private var former: TerminalModes?

    /// Looks at the standard streams, or at none where the program has no terminal.
    internal init(isUsed: Bool) {
        let streams = isUsed ? Self.streams : []
        keyboard = streams.first { $0 == .standardInput }
        window = streams.first
    }

    private static var streams: [BorrowedDescriptor] {
        [.standardInput, .standardOutput, .standardError].filter(\.isTerminal)
    }

    /// How a terminal of the sandbox's own starts out, so that a program finds it as it would find the caller's.
    public static func plan() -> TerminalPlan {
        let terminal = CallerTerminal(isUsed: true)
        // In the background the modes are those of whoever is in the foreground, such as a shell's line editor.
        let modes = terminal.isForeground ? try? terminal.keyboard?.terminalModes() : nil
        return TerminalPlan(modes: modes, size: terminal.windowSize ?? .usual)
    }

    /// Whether somebody types here.
    internal var hasKeyboard: Bool { keyboard != nil }

    /// The size of the window; `nil` where it is not known.
    internal var windowSize: WindowSize? {
        guard let size = try? window?.windowSize(), size.rows > 0, size.columns > 0 else { return nil }
        return size
    }

    /// Whether this process may read what is typed; in the background that is the shell's, and to read would stop this
    /// process. A terminal that controls another session has no background for this one.
    internal var isForeground: Bool {
        guard let keyboard, let group = try? keyboard.foregroundGroup() else { return true }
        return group == Processes.ownGroup
    }

    /// Has each key handed over as it is pressed; what it means is for the program's own terminal to say.
    internal mutating func makeRaw() {
        guard former == nil, let keyboard, let modes = try? keyboard.terminalModes() else { return }
        former = modes
        try? keyboard.setTerminalModes(modes.raw)
    }

    /// Puts the former modes back, unless somebody else has the terminal now.
    internal mutating func restore() {
        Self.restore(former, of: keyboard, isForeground: isForeground)
        former = nil
    }

    private static func restore(_ modes: TerminalModes?, of keyboard: BorrowedDescriptor?, isForeground: Bool) {
        guard let modes, let keyboard, isForeground else { return }
        // Between the look and the act the foreground may have changed: then it fails, but never stops this process.
        let blocked = try? SignalSet([Signals.backgroundOutput]).block()
        try? keyboard.setTerminalModes(modes)
        try? blocked?.setBlocked()
    }

    deinit { Self.restore(former, of: keyboard, isForeground: isForeground) }
}
