internal import Disguises
internal import Testing

@Suite struct `A disguise made at random` {
    /// The release-built program `disguise-check` tries a million of the same cases.
    @Test(arguments: 0..<20)
    func `leaves no run of the value or of its form`(seed: Int) {
        var trial = DisguiseTrial(seed: seed)
        #expect(trial.run(cases: 500) == [])
    }
}
