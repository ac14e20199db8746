internal import ArgumentParser

/// The option that says how much a command says beside its answer.
internal struct OutputOptions: ParsableArguments {
    @Flag(help: "Print no notes or warnings; errors are still told.") var quiet = false

    /// Prints a note or warning to standard error, unless it is not wanted.
    func note(_ text: String) {
        if !quiet { Console.note(text) }
    }
}
