internal import FoundationEssentials

/// Values as the text of JSON.
public enum JSONText {
    /// A value as one line, keys sorted; fit to be shown on a terminal: what would act there is escaped.
    public static func encode(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Every value that is encoded here is made of strings, finite numbers, lists and maps, which cannot fail.
        guard let data = try? encoder.encode(value) else { return "{}" }
        return String(decoding: escapingActiveCharacters(Array(data)), as: UTF8.self)
    }

    /// A moment in seconds since 1970 as people and programs read it: `2026-11-24T12:00:00Z`.
    public static func date(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }
}
