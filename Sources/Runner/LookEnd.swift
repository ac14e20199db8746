internal import Linux
internal import Sandbox

/// Tells whether the look at what a run left is to end, by whatever ends the run while its program is there.
internal final class LookEnd {
    /// How long a look has after a signal, in milliseconds: one that takes no longer is not worth to be cut short, and a
    /// terminal that is closed sends its signal twice.
    private static let grace: UInt64 = 1000

    /// What asks for the end of `exec`; `nil` where another thread does, or where nobody can listen.
    private let signals: SignalDescriptor?
    private let stop: StopSwitch?
    /// The signal that came, and when the look ends for it.
    private var request: (signal: Int32, deadline: UInt64)?
    /// The signal that ended the look, or `nil`.
    private(set) var signal: Int32?

    /// Listens from now on; signals that wait already count.
    ///
    /// - Parameters:
    ///   - stop: By which another thread ends the run; where there is one, signals end nothing.
    ///   - heedsStop: Whether that ends the look, too.
    init(stop: StopSwitch?, heedsStop: Bool) {
        self.stop = heedsStop ? stop : nil
        signals = stop == nil ? try? SignalDescriptor(SignalSet(ServiceStreams.endingSignals)) : nil
    }

    /// Whether the look is to end.
    var isDue: Bool {
        if let stop { return stop.isTurned }
        if request == nil, let signal = arrived {
            request = (signal, Clocks.monotonicMilliseconds + Self.grace)
        }
        guard let request, Clocks.monotonicMilliseconds >= request.deadline else { return false }
        signal = request.signal
        return true
    }

    private var arrived: Int32? {
        switch signals {
        case .some(let signals): ((try? signals.next()) ?? nil)?.signal
        case .none: nil
        }
    }
}

extension RunResult {
    /// Says that a signal ended the run after its program had ended.
    internal mutating func end(by signal: Int32) {
        self.signal = signal
        if !timedOut { exitStatus = 128 + signal }
    }
}
