internal import Disguises

/// How many cases to try, and the seed of the first.
let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let cases = arguments.first ?? 1_000_000
let seed = arguments.dropFirst().first ?? 0

/// How many trials run beside each other, each with a seed of its own.
let trials = 2
let failures = await withTaskGroup(of: [String].self) { group in
    for number in 0..<trials {
        let share = cases / trials + (number < cases % trials ? 1 : 0)
        group.addTask {
            var trial = DisguiseTrial(seed: seed * trials + number)
            return trial.run(cases: share)
        }
    }
    var all: [String] = []
    for await some in group { all += some }
    return all
}
guard failures.isEmpty else { fatalError(failures.joined(separator: "\n")) }
print("\(cases) disguises: nothing left")
