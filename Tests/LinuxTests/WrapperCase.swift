import Testing

@testable import Linux

/// One wrapper: how it is called, what the kernel answers, and which calls with which arguments must reach the kernel.
struct WrapperCase: Sendable, CustomTestStringConvertible {
    /// The wrapper's name.
    let name: String
    /// What the kernel answers, call by call; 0 after the last.
    let answers: [SystemCallRecorder.Result]
    /// The calls that must be made, in order, those that close what was opened included.
    let calls: [String]
    /// Whether the wrapper starts again when a signal interrupts its first call.
    let retries: Bool
    /// The call that the error names; by default the first.
    let failingCall: String
    /// Calls the wrapper.
    let run: @Sendable () throws -> Void

    init(
        _ name: String, _ answers: [SystemCallRecorder.Result], _ calls: [String], retries: Bool = true,
        failingCall: String? = nil, _ run: @escaping @Sendable () throws -> Void
    ) {
        self.name = name
        self.answers = answers
        self.calls = calls
        self.retries = retries
        self.failingCall = failingCall ?? String(calls.first?.prefix { $0 != "(" } ?? "")
        self.run = run
    }

    /// A wrapper whose calls are all answered with 0.
    init(
        _ name: String, _ calls: [String], retries: Bool = true, failingCall: String? = nil,
        _ run: @escaping @Sendable () throws -> Void
    ) {
        self.init(name, [], calls, retries: retries, failingCall: failingCall, run)
    }

    var testDescription: String { name }

    /// Calls the wrapper with these answers of the kernel.
    ///
    /// - Returns: The calls that were made, and what the wrapper threw.
    func record(_ answers: [SystemCallRecorder.Result]) -> (calls: [String], error: SystemCallError?) {
        let recorder = SystemCallRecorder(answers)
        let error = SystemCallRecorder.$current.withValue(recorder) { () -> SystemCallError? in
            do {
                try run()
                return nil
            } catch {
                return error as? SystemCallError
            }
        }
        return (recorder.calls, error)
    }
}

extension WrapperCase {
    /// Holds the calls against those that must be made.
    func expectExactCalls() {
        let (made, error) = record(answers)
        #expect(made == calls)
        #expect(error == nil)
    }

    /// Interrupts the first call: the wrapper starts again, or says so.
    func expectInterruption() {
        let (made, error) = record([.fails(.interrupted)] + answers)
        if retries {
            #expect(made == calls.prefix(1) + calls)
            #expect(error == nil)
        } else {
            #expect(error == SystemCallError(call: failingCall, errno: .interrupted))
        }
    }

    /// Fails the first call: the wrapper throws the kernel's error with the call's name.
    func expectFailure(_ errno: Errno) {
        let (made, error) = record([.fails(errno)])
        #expect(error?.call == failingCall)
        #expect(error?.errno == errno)
        #expect(made.first == calls.first)
    }
}

/// A descriptor that the recorder's calls may be made on; its end is recorded as `close(number)`.
func owned(_ number: Int32) -> FileDescriptor { FileDescriptor(owning: number) }

/// A descriptor that nobody owns.
let five = BorrowedDescriptor(rawValue: 5)
