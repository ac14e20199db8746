/// Percent encoding with digits of either case: every byte, all but the unreserved ones, and as URL paths, URL queries
/// and forms write it. See RFC 3986, section 2, and the URL standard's percent-encode sets.
internal enum PercentForm: RedactionForm {
    /// Which bytes an encoder leaves alone, besides letters and digits.
    private static let plainSets: [StaticString?] = [
        // Every byte is encoded.
        nil,
        // RFC 3986's unreserved characters, as Python's quote(safe="") and Go's PathEscape keep them.
        "-._~",
        // Python's quote and quote of a path.
        "-._~/",
        // encodeURIComponent.
        "-._~!*'()",
        // encodeURI.
        "-._~!*'();/?:@&=+$,#",
        // application/x-www-form-urlencoded.
        "-._*",
        // A user name or password within a URL, as Go and many drivers write it.
        "-._~!$&'()*+,;=",
    ]

    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        for upper in [true, false] {
            for plain in plainSets {
                addEncoded(value, plain: plain, spaceAsPlus: false, upper: upper, secret: secret, to: &set)
            }
            addEncoded(value, plain: "-._*", spaceAsPlus: true, upper: upper, secret: secret, to: &set)
            addEncoded(value, plain: "-._~", spaceAsPlus: true, upper: upper, secret: secret, to: &set)
        }
    }

    private static func addEncoded(
        _ value: Span<UInt8>, plain: StaticString?, spaceAsPlus: Bool, upper: Bool, secret: Int,
        to set: inout PatternSet
    ) {
        let kept = plain.map { text in Array(text.description.utf8) }
        var isChanged = false
        for index in 0..<value.count {
            let byte = value[index]
            if let kept, ByteClass.isAlphanumeric(byte) || kept.contains(byte) {
                set.append(byte)
                continue
            }
            isChanged = true
            if spaceAsPlus, byte == 0x20 {
                set.append(UInt8(ascii: "+"))
            } else {
                set.append(UInt8(ascii: "%"))
                set.append(ByteClass.hexDigit(byte >> 4, upper: upper))
                set.append(ByteClass.hexDigit(byte, upper: upper))
            }
        }
        isChanged ? set.end(secret: secret) : set.drop()
    }
}
