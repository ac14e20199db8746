/// Why a value is not replaced in output; reads as in "NAME is … and will not be replaced".
public enum RedactionGap: Equatable, Sendable, CustomStringConvertible {
    /// The value has fewer bytes than the minimum, given here.
    case tooShort(minimum: Int)
    /// The value is a word that ordinary output contains.
    case tooCommon

    /// The reason in words that carry nothing of the value.
    public var description: String {
        switch self {
        case .tooShort(let minimum): "too short (under \(minimum) bytes)"
        case .tooCommon: "too common a word"
        }
    }

    /// Words of six bytes and more that programs print all the time, in lower case.
    fileprivate static let commonWords: [StaticString] = [
        "access", "account", "address", "admin123", "administrator", "application", "authorization", "backend",
        "bearer", "changeme", "client", "config", "content", "database", "default", "developer", "development",
        "disabled", "docker", "enabled", "environment", "example", "export", "failed", "github", "google",
        "hello world", "internal", "localhost", "master", "memory", "message", "mongodb", "mysecret", "network",
        "nothing", "object", "package", "passphrase", "password", "password1", "passwd", "postgres", "private",
        "production", "public", "qwerty", "readonly", "release", "request", "response", "return", "sandbox", "secret",
        "secrets", "server", "service", "session", "staging", "started", "status", "string", "success", "system",
        "testing", "undefined", "unknown", "update", "username", "version", "warning", "127.0.0.1", "0.0.0.0",
        "123456", "1234567", "12345678", "123456789", "1234567890", "000000", "00000000", "111111", "true", "false",
    ]
}

/// Tells why `value` would not be replaced, or `nil` where it would be.
///
/// White space at either end does not count. `secret set` asks this to warn, and a matcher to choose.
public func whyNotRedacted(_ value: Span<UInt8>, options: RedactionOptions = RedactionOptions()) -> RedactionGap? {
    let range = trimmedRange(of: value)
    if range.count < max(options.minimumLength, 1) { return .tooShort(minimum: max(options.minimumLength, 1)) }
    return RedactionGap.commonWords.contains { isSameWord($0, value.extracting(range)) } ? .tooCommon : nil
}

/// Whether `value` is `word` in any case of letters.
private func isSameWord(_ word: StaticString, _ value: Span<UInt8>) -> Bool {
    guard word.utf8CodeUnitCount == value.count else { return false }
    var index = 0
    for unit in word.description.utf8 {
        let byte = value[index]
        let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
        if unit != (isUpper ? byte | 0x20 : byte) { return false }
        index += 1
    }
    return true
}

/// What is left of `value` without the white space at its ends.
internal func trimmedRange(of value: Span<UInt8>) -> Range<Int> {
    var start = 0
    var end = value.count
    while start < end, isWhiteSpace(value[start]) { start += 1 }
    while end > start, isWhiteSpace(value[end - 1]) { end -= 1 }
    return start..<end
}

/// Space, tab, newline, vertical tab, form feed and carriage return.
private func isWhiteSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
}
