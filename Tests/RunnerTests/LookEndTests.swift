internal import Sandbox
internal import Testing

@testable internal import Runner

/// What ends the look behind a run that another thread may end.
struct LookEndTests {
    @Test func `a run that was ended from elsewhere is looked at no further, where that is to be heeded`() throws {
        let stop = try StopSwitch()
        let (heeding, going) = (LookEnd(stop: stop, heedsStop: true), LookEnd(stop: stop, heedsStop: false))
        #expect(!heeding.isDue && !going.isDue)
        stop.turn(.gently)
        #expect(heeding.isDue && !going.isDue)
        #expect(heeding.signal == nil)
    }
}
