internal import Testing

@testable internal import Redaction

@Suite struct `The parts of a value` {
    @Test(arguments: [
        ("postgres://shop:s3cr3t-pw9@db:5432/shop", ["s3cr3t-pw9", "shop:s3cr3t-pw9"]),
        ("postgres://shop:p@ss/w0rd-9@db", []),
        ("redis://:a@b:c9d8e7f6@cache/0", ["a@b:c9d8e7f6", ":a@b:c9d8e7f6"]),
        ("https://example.org/path", []),
        (#"{"user": "shop", "password": "pw-12\"45678", "port": "54321000"}"#, [#"pw-12\"45678"#]),
        ("USER=shop\nPASSWORD=\"pw-12345678\"\n", ["pw-12345678"]),
        ("user: shop\npassword: pw-12345678", ["pw-12345678"]),
        ("Server=db;Password=pw-12345678;Timeout=30", ["pw-12345678"]),
        (
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlMQ",
            [
                "eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxIn0", "c2lnbmF0dXJlMQ",
            ]
        ),
        (
            "-----BEGIN KEY-----\nMIIB/x+1aaaa\nQQ+/2bbbb\n-----END KEY-----\n",
            [
                "MIIB/x+1aaaa\nQQ+/2bbbb", "MIIB/x+1aaaa", "QQ+/2bbbb",
            ]
        ),
        ("tr0ub4dor&3=x", []),
    ])
    func `are found and replaced by themselves`(value: String, parts: [String]) {
        let bytes = Array(value.utf8)
        let ranges = ValueParts.ranges(of: bytes.span, minimum: 6)
        #expect(ranges.map { range in String(decoding: bytes[range], as: UTF8.self) } == parts)
        for part in parts { #expect(redact(makeMatcher(value), "<\(part)>") == "<[redacted:S0]>") }
    }
}
