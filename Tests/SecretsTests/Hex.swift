import Secrets

/// The bytes that hexadecimal digits name.
func bytes(hex text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

/// Guarded bytes with a known content.
func secret(_ bytes: [UInt8]) -> SecretBytes { SecretBytes(copying: bytes.span) }

/// The content of guarded bytes.
func content(_ secret: borrowing SecretBytes) -> [UInt8] {
    secret.withSpan { bytes in (0..<bytes.count).map { bytes[$0] } }
}
