internal import Diagnostics
internal import Linux

/// What stands where a policy is asked for: a name, or the path of a file.
internal enum PolicyName {
    private static let maximumLength = 64

    /// Whether the words mean a file.
    static func isFile(_ name: String) -> Bool { name.contains("/") || name.hasSuffix(".toml") }

    /// Refuses what can be neither, without showing it, and a file that is not there, with the kernel's reason.
    static func check(_ names: [String]) throws(RunError) {
        for (index, name) in names.enumerated() {
            if isFile(name) {
                do throws(SystemCallError) {
                    _ = try Files.status(name)
                } catch {
                    // A value in the wrong place may hold a slash, and hardly ends as the files do.
                    let shown = name.hasSuffix(".toml") ? name : "the file named as policy \(index + 1)"
                    throw .part(
                        ErrorReport(
                            .policyInvalid, "\(shown): \(error.errno.message)",
                            hint: "name a file, or a policy that `vault-sandbox policy list` lists"))
                }
            } else if !isWellFormed(name) {
                throw .part(
                    ErrorReport(
                        .policyInvalid, "policy \(index + 1): not a name for a policy",
                        hint: "name a file, or a policy that `vault-sandbox policy list` lists"))
            }
        }
    }

    private static func isWellFormed(_ name: String) -> Bool {
        (1...maximumLength).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
