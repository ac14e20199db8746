/// The short path of `exec`: reads a plain, well-formed line without the argument parser, which takes longer than the
/// rest of a launch.
///
/// It knows the same options as `ExecCommand`, each written in full with its value behind a space or `=`. Whatever it
/// is not sure about is left to the argument parser, which has the last word and all the messages.
internal enum ExecLine {
    /// Reads the arguments behind `exec`, or gives `nil` where the argument parser must look at them.
    static func parse(_ arguments: some RandomAccessCollection<String>) -> ExecOptions? {
        var options = ExecOptions()
        var rest = arguments[...]
        while let word = rest.first {
            if word == "--" {
                rest = rest.dropFirst()
                break
            }
            guard word.hasPrefix("-") else { break }
            rest = rest.dropFirst()
            if let isNew = setFlag(word, in: &options) {
                guard isNew else { return nil }
                continue
            }
            let name: String
            let value: String
            if let equals = word.firstIndex(of: "=") {
                name = String(word[..<equals])
                value = String(word[word.index(after: equals)...])
            } else {
                guard let next = rest.first, !next.hasPrefix("-") else { return nil }
                name = word
                value = next
                rest = rest.dropFirst()
            }
            guard !value.isEmpty, setValue(name, value, in: &options) else { return nil }
        }
        guard !rest.isEmpty else { return nil }
        options.commandCount = rest.count
        return options
    }

    /// Sets a flag and says whether it was not set before; `nil` where the word is none.
    private static func setFlag(_ word: String, in options: inout ExecOptions) -> Bool? {
        switch word {
        case "--json": return set(&options.json)
        case "--no-secrets": return set(&options.noSecrets)
        case "--dry-run": return set(&options.dryRun)
        case "--allow-empty": return set(&options.allowEmpty)
        case "--quiet": return set(&options.quiet)
        case "--tty": return set(&options.tty)
        case "--no-tty": return set(&options.noTTY)
        default: return nil
        }
    }

    private static func set(_ flag: inout Bool) -> Bool {
        defer { flag = true }
        return !flag
    }

    /// Takes an option's value; `false` where there is no such option, or it was given already and takes one value.
    private static func setValue(_ name: String, _ value: String, in options: inout ExecOptions) -> Bool {
        switch name {
        case "--policy": options.policies.append(value)
        case "--read": options.reads.append(value)
        case "--write": options.writes.append(value)
        case "--secret": options.secrets.append(value)
        case "--secret-from": options.origins.append(value)
        case "--env": options.variables.append(value)
        case "--app": return set(&options.app, value)
        case "--work-dir": return set(&options.workDirectory, value)
        case "--isolation": return set(&options.isolation, value)
        case "--timeout": return set(&options.timeout, value)
        case "--key-file": return set(&options.keyFile, value)
        case "--passphrase-fd": return set(&options.passphraseDescriptor, value)
        default: return false
        }
        return true
    }

    private static func set(_ option: inout String?, _ value: String) -> Bool {
        guard option == nil else { return false }
        option = value
        return true
    }
}
