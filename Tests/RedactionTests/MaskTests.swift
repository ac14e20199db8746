internal import Disguises
internal import Secrets
internal import Testing

@testable internal import Redaction

@Suite struct `Values that the text names` {
    @Test(arguments: [
        ("::add-mask::s3cr3t-value\nit is s3cr3t-value\n", "::add-mask::[redacted:masked]\nit is [redacted:masked]\n"),
        ("  ::ADD-Mask::s3cr3t-value\r\ns3cr3t-value", "  ::add-mask::[redacted:masked]\r\n[redacted:masked]"),
        ("::add-mask file=a,line=1::s3cr3t-value\ns3cr3t-value", "::add-mask::[redacted:masked]\n[redacted:masked]"),
        (
            "::add-mask::a%25b%0Asecond-line\na%b, second-line!",
            "::add-mask::[redacted:masked]\na%b, [redacted:masked]!"
        ),
        (
            "::add-mask::first-line%0D%0Asecond-line\nx second-line y first-line",
            "::add-mask::[redacted:masked]\nx [redacted:masked] y [redacted:masked]"
        ),
        // Without an end, it is still not shown.
        ("::add-mask::s3cr3t-value", "::add-mask::[redacted:masked]"),
        ("::add-mask::\nnothing named\n", "::add-mask::[redacted:masked]\nnothing named\n"),
        // No commands.
        ("a ::add-mask::s3cr3t-value\ns3cr3t-value", "a ::add-mask::s3cr3t-value\ns3cr3t-value"),
        ("::add-masks::s3cr3t-value\ns3cr3t-value", "::add-masks::s3cr3t-value\ns3cr3t-value"),
        ("::notice::hello\n::group::x\n::", "::notice::hello\n::group::x\n::"),
        ("::add-mask", "::add-mask"), ("::add-mask:\nx", "::add-mask:\nx"), (":", ":"), ("", ""),
    ])
    func `are replaced from the next line on`(text: String, expected: String) {
        #expect(masked([Array(text.utf8)]) == expected)
        #expect(masked(text.utf8.map { [$0] }) == expected, "byte by byte")
    }

    @Test func `join those that were given`() {
        let given = [
            RedactionSecret(name: "GIVEN", value: SharedSecret(SecretBytes(copying: Array("given-value-1".utf8).span)))
        ]
        let text = "given-value-1\n::add-mask::given-value-1-and-more\ngiven-value-1 given-value-1-and-more\n"
        var output: [UInt8] = []
        var stream = MaskingStream(secrets: given)
        stream.write(Array(text.utf8).span) { piece in piece.append(to: &output) }
        stream.finish { piece in piece.append(to: &output) }
        #expect(
            String(decoding: output, as: UTF8.self)
                == "[redacted:GIVEN]\n::add-mask::[redacted:masked]\n[redacted:GIVEN] [redacted:masked]\n")
        #expect(stream.counts == ["GIVEN": 2, "masked": 1])
    }

    @Test func `that are too short or too common are counted and their lines still hidden`() {
        var output: [UInt8] = []
        var stream = MaskingStream(secrets: [])
        stream.write(Array("::add-mask::abc\n::add-mask::password\nabc\n".utf8).span) { piece in
            piece.append(to: &output)
        }
        stream.finish { piece in piece.append(to: &output) }
        #expect(String(decoding: output, as: UTF8.self).hasSuffix("\n::add-mask::[redacted:masked]\nabc\n"))
        #expect(stream.passedOver == 2)
    }

    @Test func `without a bound end the stream and what follows is withheld`() {
        var output: [UInt8] = []
        var stream = MaskingStream(secrets: [])
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: MaskingStream.maximumLength + 1)
        stream.write((Array("before\n::add-mask::".utf8) + long + Array("\nafter\n".utf8)).span) { piece in
            piece.append(to: &output)
        }
        stream.finish { piece in piece.append(to: &output) }
        #expect(output == Array("before\n".utf8))
        #expect(stream.failure == .valueTooLong(limit: MaskingStream.maximumLength))

        output = []
        var many = MaskingStream(secrets: [])
        let lines = (0...MaskingStream.maximumCount).map { "::add-mask::value-number-\($0)\n" }.joined() + "after\n"
        many.write(Array(lines.utf8).span) { piece in piece.append(to: &output) }
        many.finish { piece in piece.append(to: &output) }
        #expect(many.failure == .tooManyValues(limit: MaskingStream.maximumCount))
        #expect(!String(decoding: output, as: UTF8.self).contains("after"))

        output = []
        var large = MaskingStream(secrets: [])
        let value = [UInt8](repeating: UInt8(ascii: "x"), count: MaskingStream.maximumLength - 1)
        let count = MaskingStream.maximumBytes / value.count + 1
        for number in 0..<count {
            large.write((Array("::add-mask::\(number)".utf8) + value + [0x0A]).span) { $0.append(to: &output) }
        }
        large.write(Array("after\n".utf8).span) { piece in piece.append(to: &output) }
        #expect(large.failure == .valuesTooLong(limit: MaskingStream.maximumBytes))
        #expect(!String(decoding: output, as: UTF8.self).contains("after"))
    }

    private func masked(_ pieces: [[UInt8]]) -> String {
        var output: [UInt8] = []
        var stream = MaskingStream(secrets: [])
        for piece in pieces { stream.write(piece.span) { bytes in bytes.append(to: &output) } }
        stream.finish { bytes in bytes.append(to: &output) }
        return String(decoding: output, as: UTF8.self)
    }
}
