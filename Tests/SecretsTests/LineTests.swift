internal import Secrets
internal import Testing

@Suite struct `The end of a line` {
    @Test(arguments: [UInt8(0x0A), 0x0D, 0x0B, 0x09, 0x8A, 0x8D, 0x00, 0x0C])
    func `is found at every place of a word, and nothing else is taken for it`(byte: UInt8) {
        for length in 0..<40 {
            // Bytes one above and below those looked for are what a borrow between bytes would be mistaken for.
            for filler: UInt8 in [0x61, 0x0B, 0x0E, 0x09, 0xFF] {
                for place in 0..<max(length, 1) {
                    var text = [UInt8](repeating: filler, count: length)
                    if length > 0 { text[place] = byte }
                    for start in [0, place / 2, place, min(place + 1, length)] {
                        let expected = text.indices.first { $0 >= start && (text[$0] == 0x0A || text[$0] == 0x0D) }
                        #expect(text.span.firstLineEnd(from: start) == expected ?? length)
                    }
                }
            }
        }
    }
}
