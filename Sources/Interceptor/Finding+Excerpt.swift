extension Finding.Excerpt {
    /// How many bytes are shown in front of a span and behind it, and of the span itself.
    private static let around = 40
    private static let most = 80

    /// Cuts an excerpt out of an argument.
    internal init(_ argument: [UInt8], span: Range<Int>, masks: [Mask]) {
        let span = span.clamped(to: 0..<argument.count)
        let start = max(0, span.lowerBound - Self.around)
        let end = min(argument.count, span.upperBound + Self.around)
        func piece(_ range: Range<Int>) -> String { Self.shown(argument, range, masks) }
        before = (start > 0 ? "…" : "") + piece(start..<span.lowerBound)
        if span.count > Self.most {
            let cut = span.lowerBound..<span.lowerBound + Self.most
            marked = piece(cut) + "…"
            after = ""
        } else {
            marked = piece(span)
            after = piece(span.upperBound..<end) + (end < argument.count ? "…" : "")
        }
    }

    /// A range as text: what a mask covers in part or in whole is shown as its label, control characters are written out.
    private static func shown(_ argument: [UInt8], _ range: Range<Int>, _ masks: [Mask]) -> String {
        var text = ""
        var plain: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            if let mask = masks.first(where: { $0.range.contains(index) }) {
                text += printable(plain) + mask.label
                plain = []
                index = mask.range.upperBound
            } else {
                plain.append(argument[index])
                index += 1
            }
        }
        return text + printable(plain)
    }

    private static func printable(_ bytes: [UInt8]) -> String {
        var text = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
