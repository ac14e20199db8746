public import Linux
public import Secrets
internal import Vault

/// Reads values of secrets from where people and machines keep them.
public enum SecretReader {
    /// The longest value, in bytes.
    public static let longestValue = Vault.maximumValueLength

    /// Why a value cannot be read.
    public enum Failure: Error, Equatable, Sendable {
        /// More than the longest value.
        case tooLong
        /// The kernel refused.
        case system(SystemCallError)
    }

    /// Reads a descriptor to its end.
    ///
    /// - Parameter dropsNewline: Whether one final newline, LF or CRLF, is left out.
    public static func read(
        _ descriptor: BorrowedDescriptor, limit: Int = longestValue, dropsNewline: Bool
    ) throws(Failure) -> SecretBytes {
        var length = 0
        let whole = try SecretBytes(count: limit + 1) { span throws(Failure) in
            while length < span.count {
                let count: Int
                do throws(SystemCallError) {
                    count = try descriptor.read(into: &span, from: length)
                } catch {
                    throw .system(error)
                }
                guard count > 0 else { return }
                length += count
            }
            throw .tooLong
        }
        return whole.withSpan { span in
            let end = dropsNewline ? lengthWithoutNewline(span, length) : length
            return SecretBytes(copying: span.extracting(0..<end))
        }
    }

    internal static func lengthWithoutNewline(_ bytes: Span<UInt8>, _ length: Int) -> Int {
        guard length > 0, bytes[length - 1] == UInt8(ascii: "\n") else { return length }
        return length > 1 && bytes[length - 2] == UInt8(ascii: "\r") ? length - 2 : length - 1
    }
}
