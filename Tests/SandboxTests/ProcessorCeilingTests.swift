import Testing

@testable import SandboxInit

/// What PID 1 reads of the processor time of processes.
struct ProcessorCeilingTests {
    /// A line of /proc/PID/stat and the sum of its four times.
    static let lines: [(String, UInt64)] = [
        ("7 (sh) S 1 7 7 0 -1 4194560 1 2 3 4 10 20 300 4000 20 0 1 0 9 9 9\n", 4330),
        ("7 (a) S 9) (b) R 1 7 7 0 -1 4194560 1 2 3 4 1 2 3 4 20 0 1 0 9 9 9\n", 10),
        ("7 (sh) S 1 7 7 0 -1 4194560 1 2 3 4 10 20 300", 0), ("", 0), (")", 0),
    ]

    @Test(arguments: lines) func `a process's times are found whatever its name is`(line: String, ticks: UInt64) {
        #expect(ProcessorCeiling.ticks(Array(line.utf8)) == ticks)
    }

    @Test func `without a ceiling nothing is looked at`() {
        #expect(ProcessorCeiling(milliseconds: 0) == nil)
    }
}
