internal import Disguises

/// How many cases to try, and the seed of the first.
let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let cases = arguments.first ?? 1_000_000
var trial = DisguiseTrial(seed: arguments.dropFirst().first ?? 0)
let failures = trial.run(cases: cases)
guard failures.isEmpty else { fatalError(failures.joined(separator: "\n")) }
print("\(cases) disguises: nothing left")
