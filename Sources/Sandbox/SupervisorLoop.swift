internal import Linux
internal import Redaction
internal import SandboxPlan

extension Supervisor {
    /// The state of one supervision: a poll loop over everything that can happen.
    internal struct Loop: ~Copyable {
        private var sandbox: RunningSandbox
        private var output: OutputPump
        private var error: OutputPump
        private var input: InputPump
        private var terminal: TerminalPump
        private var buffer = ReadBuffer()
        private let timer: TimerDescriptor
        private let signals: SignalDescriptor
        private let options: Options
        private var processorTime: ProcessorTimeBound?

        /// How long a source is silent before a prompt is let out, in milliseconds.
        private static let pause: Int32 = 5
        /// How often a run in the background looks whether it is in the foreground, of which no signal tells, in
        /// milliseconds.
        private static let look: Int32 = 200

        private var hasStarted = false
        private var timedOut = false
        private var exceededMemory = false
        private var exceededProcessorTime = false
        /// Whether a decoy that ends the run came out.
        private var touchedDecoy = false
        private var boundsProcesses = false
        /// Whether another thread asked for the end.
        private var isStopping = false
        private var failure: LaunchFailure?
        private var programEnd: ProcessEvent?
        private var initEnd: ProcessEvent?
        private var isInitGone = false
        /// Whether the socket to init has ended, so that no more reports come and polling it says nothing new.
        private var isChannelBroken = false
        /// The signal that asked for an end before the program ran, or while only a slow reader was left.
        private var interruption: Int32?
        /// Whether a stop was asked for at the terminal, so that this process stops with its program.
        private var stopsWithProgram = false

        /// Takes everything over and starts the clock.
        init(
            _ sandbox: consuming RunningSandbox, matcher: Matcher, output: any OutputSink, error: any OutputSink,
            options: Options
        ) throws(SandboxError) {
            let timer = try Self.makeTimer(options.timeout)
            let signals = try Self.makeSignals(options.forwardedSignals)
            self.output = OutputPump(
                sandbox.takeOutput(), matcher: matcher, sink: output, isTerminal: options.hasTerminal)
            self.error = OutputPump(sandbox.takeError(), matcher: matcher, sink: error)
            input = InputPump(sandbox.takeInput())
            terminal = TerminalPump(CallerTerminal(isUsed: options.hasTerminal))
            self.sandbox = sandbox
            self.options = options
            processorTime = options.processorTime
            self.timer = timer
            self.signals = signals
        }

        private static func makeTimer(_ timeout: Duration?) throws(SandboxError) -> TimerDescriptor {
            do {
                let timer = try TimerDescriptor()
                if let timeout { try timer.arm(timeout) }
                return timer
            } catch {
                throw .system(error, during: "start the clock")
            }
        }

        private static func makeSignals(_ signals: [Int32]) throws(SandboxError) -> SignalDescriptor {
            do {
                return try SignalDescriptor(SignalSet(signals))
            } catch {
                throw .system(error, during: "listen for signals")
            }
        }

        /// Runs until PID 1 is gone and all output is passed on.
        mutating func run() throws(SandboxError) {
            while !isInitGone { try turn() }
            input.finish()
            output.drain(through: &buffer)
            error.drain(through: &buffer)
            if options.hasTerminal, !hasExited { output.undoModes() }
            // What a slow reader has not taken yet waits for it, until a signal says that nobody wants it.
            while output.isBlocked || error.isBlocked {
                try turn()
                if interruption != nil { break }
                output.drain(through: &buffer)
                error.drain(through: &buffer)
            }
        }

        /// Waits once and acts on everything that happened.
        private mutating func turn() throws(SandboxError) {
            let entries = [
                PollEntry(isInitGone ? nil : BorrowedDescriptor(sandbox.pidfd), .readable),
                PollEntry(isInitGone || isChannelBroken ? nil : BorrowedDescriptor(sandbox.control), .readable),
                PollEntry(BorrowedDescriptor(signals.descriptor), .readable),
                PollEntry(BorrowedDescriptor(timer.descriptor), .readable),
                output.sourceEntry, output.sinkEntry, error.sourceEntry, error.sinkEntry,
                input.sourceEntry, input.targetEntry, options.stop?.entry ?? PollEntry(nil, []),
                PollEntry(exceededMemory ? nil : options.fullness, .readable),
                terminal.sourceEntry, terminal.targetEntry,
            ]
            let events: [PollEntry.Events]
            do {
                let isPauseOfInterest = output.awaitsIdle || error.awaitsIdle
                let look: Int32 = terminal.isInBackground ? Self.look : -1
                let clock = isInitGone ? -1 : processorTime?.pause ?? -1
                let longest = look < 0 ? clock : clock < 0 ? look : min(look, clock)
                events = try Polling.wait(entries, milliseconds: isPauseOfInterest ? Self.pause : longest)
                if terminal.isInBackground { terminal.takeKeyboard() }
                if isPauseOfInterest, events.allSatisfy(\.isEmpty) {
                    output.idle()
                    error.idle()
                }
            } catch {
                throw .system(error, during: "wait for the program")
            }
            if !events[2].isEmpty { passSignals() }
            if !events[3].isEmpty { try runOutOfTime() }
            if !events[10].isEmpty { try obeyStop() }
            if !events[11].isEmpty { endForMemory() }
            if !isInitGone, processorTime?.isExceeded() == true { endForProcessorTime() }
            output.advance(source: events[4], sink: events[5], through: &buffer)
            error.advance(source: events[6], sink: events[7], through: &buffer)
            if !options.endingSecrets.isEmpty { watchDecoys() }
            input.advance(source: events[8], target: events[9])
            terminal.advance(source: events[12], target: events[13])
            if terminal.isConnected, output.isAbandoned || terminal.hasHungUp { hangUp() }
            if let failure = input.failure { throw .system(failure, during: "read standard input") }
            if !events[1].isEmpty { readReport() }
            if !events[0].isEmpty {
                // The last reports may have come together with the end.
                while programEnd == nil, failure == nil, !isChannelBroken, hasReport() { readReport() }
                initEnd = sandbox.reap()
                isInitGone = true
            }
        }

        private func hasReport() -> Bool {
            let events = try? Polling.wait(
                [PollEntry(BorrowedDescriptor(sandbox.control), .readable)], milliseconds: 0)
            return events?[0].contains(.readable) ?? false
        }

        /// Reads one report of init's.
        private mutating func readReport() {
            var descriptor: FileDescriptor?
            guard let message = try? receive(&descriptor), let report = try? InitReport(message: message) else {
                // Init is at its end, and its pidfd says so next; nothing inside may outlive a broken channel.
                isChannelBroken = true
                sandbox.kill()
                return
            }
            switch report {
            case .started(let boundsProcesses):
                hasStarted = true
                self.boundsProcesses = boundsProcesses
                if isStopping { askToEnd() }
                interruption = nil
            case .failed(let failure): self.failure = failure
            case .madeTerminal: begin(descriptor)
            case .ended(let event): programEnd = event
            case .exceededMemory: endForMemory()
            case .exceededProcessorTime: endForProcessorTime()
            case .continued: break
            case .stopped:
                // Without a person at a terminal only a stop that was asked for from outside stops this process, too.
                if terminal.isAttended || stopsWithProgram { stop() }
                stopsWithProgram = false
            }
        }

        /// Waits for a message, and for a descriptor where one may come with it.
        private func receive(_ descriptor: inout FileDescriptor?) throws(SystemCallError) -> [UInt8] {
            let control = BorrowedDescriptor(sandbox.control)
            guard options.hasTerminal, !hasStarted else { return try ControlChannel.receive(on: control) }
            return try ControlChannel.receive(on: control, descriptor: &descriptor)
        }

        /// Takes over the other end of the program's terminal.
        private mutating func begin(_ master: consuming FileDescriptor?) {
            guard let master, let reading = try? terminal.begin(master) else { return sandbox.kill() }
            output.begin(reading)
        }

        /// Stops this process and those that it was started with, as the key at their terminal does, and goes on with the
        /// program once the shell says so. Where there is no shell that could, nothing stops.
        ///
        /// What else runs inside must not outlast the time limit meanwhile: init takes the clock over.
        private mutating func stop() {
            if let left = try? timer.remaining(), left > .zero {
                sandbox.end(afterMilliseconds: UInt32(clamping: Int64(left / .milliseconds(1)) + 1))
            }
            if terminal.isAttended {
                output.absorb(through: &buffer)
                terminal.giveKeyboardBack()
                let signals = SignalSet([Signals.terminalStop])
                try? Processes.send(Signals.terminalStop, to: 0)
                try? signals.unblock()
                _ = try? signals.block()
                terminal.takeKeyboard()
                terminal.resize()
                sandbox.signal(Signals.resume, toGroup: true)
            } else {
                try? Processes.send(Signals.stop, to: Processes.current)
            }
            sandbox.end(afterMilliseconds: nil)
        }

        /// Takes the program's terminal away, as a window does that is closed.
        private mutating func hangUp() {
            // The kernel tells the session's leader only, and that is init; a stopped program could not act on it.
            sandbox.signal(Signals.hangUp, toGroup: true)
            sandbox.signal(Signals.resume, toGroup: true)
            output.abandon()
            terminal.hangUp()
        }

        /// Whether the program ended by itself.
        private var hasExited: Bool {
            if case .exited = programEnd { true } else { false }
        }

        /// Kills everything inside, behind what it has shown so far.
        private mutating func killAll() {
            if options.hasTerminal { output.absorb(through: &buffer) }
            sandbox.kill()
        }

        /// Passes waiting signals on: from the terminal to the program's whole group, from a process to the program.
        private mutating func passSignals() {
            while let arrival = (try? signals.next()) ?? nil {
                let asksForEnd = [Signals.hangUp, Signals.interrupt, Signals.quit, Signals.terminate]
                    .contains(arrival.signal)
                if isInitGone || (!hasStarted && interruption != nil) {
                    // Only a slow reader is left, or a launch that hangs was asked to end twice.
                    if asksForEnd {
                        interruption = arrival.signal
                        if !isInitGone { sandbox.kill() }
                    }
                    continue
                }
                // The program may run and its start not be reported yet: init reads requests once it runs.
                if !hasStarted, asksForEnd { interruption = arrival.signal }
                if arrival.signal == Signals.terminalStop { stopsWithProgram = true }
                if options.hasTerminal, arrival.signal == Signals.windowSize {
                    terminal.resize()
                    // A change of the size is passed on by the program's own terminal.
                    if arrival.isFromKernel { continue }
                }
                let toGroup = arrival.isFromKernel || arrival.signal == Signals.resume
                sandbox.signal(arrival.signal, toGroup: toGroup || arrival.signal == Signals.terminalStop)
            }
        }

        /// Ends everything, as nothing else gives the memory back.
        private mutating func endForMemory() {
            exceededMemory = true
            end()
        }

        private mutating func endForProcessorTime() {
            exceededProcessorTime = true
            end()
        }

        /// Ends everything at once.
        private mutating func end() {
            if programEnd == nil { programEnd = .signalled(Signals.kill) }
            if !isInitGone { killAll() }
        }

        /// Ends everything once a secret that must not come out was taken out of the output.
        private mutating func watchDecoys() {
            guard !touchedDecoy,
                !options.endingSecrets.isDisjoint(with: output.counts.keys)
                    || !options.endingSecrets.isDisjoint(with: error.counts.keys)
            else { return }
            touchedDecoy = true
            end()
        }

        /// At the limit the program is asked to end; after the grace everything is killed.
        private mutating func runOutOfTime() throws(SandboxError) {
            guard !isInitGone else { return try arm(.zero) }
            if isStopping {
                killAll()
                return try arm(.zero)
            }
            if timedOut || !hasStarted {
                timedOut = true
                killAll()
                return try arm(.zero)
            }
            timedOut = true
            askToEnd()
            try arm(options.grace)
        }

        /// Ends the run as another thread asked for it: at once, or as at the time limit with a shorter grace.
        private mutating func obeyStop() throws(SandboxError) {
            guard let wish = options.stop?.take(), !isInitGone else { return }
            let isAgain = isStopping
            isStopping = true
            guard wish == .gently else { return killAll() }
            guard !isAgain else { return }
            // The program may run and its start not be reported yet: then the report finds the wish.
            if hasStarted { askToEnd() }
            try arm(StopSwitch.grace)
        }

        private func askToEnd() {
            sandbox.signal(Signals.terminate, toGroup: true)
            // A stopped program cannot act on it.
            sandbox.signal(Signals.resume, toGroup: true)
        }

        private func arm(_ duration: Duration) throws(SandboxError) {
            do {
                try timer.arm(duration)
            } catch {
                throw .system(error, during: "set the clock")
            }
        }

        /// What came of it.
        func outcome(_ plan: LaunchPlan) throws(SandboxError) -> Outcome {
            if let failure { throw .launch(failure, plan) }
            if let failure = output.failure ?? error.failure { throw .output(failure) }
            var outcome = Outcome(
                timedOut: timedOut, exceededMemory: exceededMemory,
                exceededProcessorTime: exceededProcessorTime, boundsProcesses: boundsProcesses,
                redactions: output.counts.merging(error.counts) { $0 + $1 },
                redactionForms: output.formCounts.merging(error.formCounts) { $0.merging($1) { $0 + $1 } })
            switch programEnd {
            case .exited(let status): outcome.exitStatus = status
            case .signalled(let signal): outcome.signal = signal
            case .stopped, .continued, nil:
                if timedOut || isStopping {
                    outcome.signal = Signals.kill
                } else if let interruption {
                    outcome.signal = interruption
                } else {
                    throw .initVanished(initEnd)
                }
            }
            return outcome
        }
    }
}

extension SandboxError {
    /// Tells the caller's mistakes about the program apart from failures of the sandbox.
    fileprivate static func launch(_ failure: LaunchFailure, _ plan: LaunchPlan) -> SandboxError {
        guard failure.step == .execute else { return .step(failure) }
        let name = plan.arguments.first ?? []
        let command = String(decoding: name, as: UTF8.self)
        switch failure.errno {
        case .noSuchFile where !failure.subject.isEmpty: return .interpreterMissing(command: failure.subject)
        case .noSuchFile, .notDirectory:
            return .commandNotFound(
                command: command, searched: name.contains(UInt8(ascii: "/")) ? [] : plan.searchPath)
        case .argumentsTooLong: return .argumentsTooLong
        default: return .commandNotExecutable(command: command, failure.errno)
        }
    }
}
