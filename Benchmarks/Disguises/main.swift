internal import Disguises

/// How many cases to try, and the seed of the first.
let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let cases = arguments.first ?? 1_000_000
let seed = arguments.dropFirst().first ?? 0
var trial = DisguiseTrial(seed: seed)
var cuts = CutTrial(seed: seed)
/// Texts that are cut are long: a thousandth of them takes about as long.
let failures = trial.run(cases: cases) + cuts.run(cases: cases / 1000)
guard failures.isEmpty else { fatalError(failures.joined(separator: "\n")) }
print("\(cases) disguises: nothing left")
