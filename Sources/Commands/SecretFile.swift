internal import Diagnostics
internal import Linux
internal import Runner
internal import Secrets
internal import Vault

/// A file of names and values, dotenv or flat JSON, that a command line names.
internal struct SecretFile {
    /// The operand: a path, or `-`.
    let path: String
    /// Whether `-` means standard input.
    let isInputAllowed: Bool
    /// What the file is, at the beginning of an error.
    let purpose: String

    /// The largest file that is read, in bytes.
    private static let sizeLimit = 64 << 20

    /// The secrets in the order of the file, at least one.
    func secrets() throws -> [(name: String, value: SharedSecret)] {
        let secrets = try ImportFile.parse(try read())
        guard !secrets.isEmpty else {
            throw ErrorReport(
                .argumentInvalid, "\(purpose) holds no secret",
                hint: "write NAME=VALUE lines, or one JSON object of strings")
        }
        return secrets
    }

    private func read() throws -> SecretBytes {
        do {
            if isInputAllowed, path == "-" {
                return try SecretReader.read(.standardInput, limit: Self.sizeLimit, dropsNewline: false)
            }
            let opened = try Files.open(path, .readOnly)
            return try SecretReader.read(BorrowedDescriptor(opened), limit: Self.sizeLimit, dropsNewline: false)
        } catch let error as SystemCallError {
            // The operand may be a secret that was meant for standard input.
            throw ErrorReport(.argumentInvalid, "\(purpose): \(error.errno.message)", hint: "name a readable file")
        } catch {
            throw ErrorReport(
                .argumentInvalid, "\(purpose) cannot be read, or is larger than 64 MiB", hint: "name a readable file")
        }
    }
}
