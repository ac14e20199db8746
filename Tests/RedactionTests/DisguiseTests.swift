internal import Disguises
internal import Testing

@Suite struct `A disguise made at random` {
    /// The release-built program `disguise-check` tries a million of the same cases.
    @Test(arguments: 0..<20)
    func `leaves no run of the value or of its form`(seed: Int) {
        var trial = DisguiseTrial(seed: seed)
        #expect(trial.run(cases: 500) == [])
    }

    /// Texts in lines with dumps, prefixes and line ends of every kind; `disguise-check` tries more.
    @Test(arguments: 0..<4)
    func `is replaced alike wherever the stream is cut`(seed: Int) {
        var trial = CutTrial(seed: seed)
        #expect(trial.run(cases: 4) == [])
    }
}
