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

    /// The parts that a value has.
    private func parts(of value: String, minimum: Int = 6) -> [String] {
        let bytes = Array(value.utf8)
        return ValueParts.ranges(of: bytes.span, minimum: minimum).map { range in
            String(decoding: bytes[range], as: UTF8.self)
        }
    }

    @Test(arguments: [
        "code-9fk2-Qx71-aa", "kx7Qm2Zr9Lw4TnB8vY3cR5pHkx7Qm2Zr9L", "correct-horse-battery", "4839-20174",
        "hotel pencil quarter lantern", "Sunflowers99", "sunflowers!",
    ])
    func `are lines of many`(line: String) {
        // Longer than values of which pieces are searched for, which would reach over the line's start.
        let comment = "# " + String(repeating: "Made on Tuesday. ", count: 8)
        for written in [line, "  - \(line) ", "\"\(line)\",", "1. \(line)\r"] {
            let value = "\(comment)\n\(written)\nand the others:\n"
            #expect(parts(of: value) == [line])
            let matcher = makeMatcher(value)
            for before in ["     1\t", "> ", "+", "\""] {
                let text = "first\n\(before)\(line)\" \n\(before)\(line)\n"
                let expected = "first\n\(before)[redacted:S0]\" \n\(before)[redacted:S0]\n"
                #expect(redact(matcher, text) == expected)
            }
        }
    }

    @Test(arguments: [
        "{", "version: 1", "-----BEGIN NOTHING", "=========", "[database]", "</settings>", "Permission denied",
        "# The keys of the shop, as of 2026-11-25.", "set -euo pipefail", "#!/usr/bin/env bash", "services:",
        "db.example.org", "/var/lib/shop/data", "https://example.org/path", "10.0.0.12", "2026-11-25", "Permission",
        "the quick brown fox jumps", "aaaaaaaaaaaa", "12345678", "localhost", "if true; then", "use strict;",
        "enabled = true",
    ])
    func `are no lines that any text might have`(line: String) {
        let value = "kx7Qm2Zr9Lw4\n\(line)\n"
        #expect(parts(of: value) == ["kx7Qm2Zr9Lw4"])
        #expect(redact(makeMatcher(value), "a\n\(line)\n") == "a\n\(line)\n")
    }

    @Test func `are the lines of every block of PEM, those of private keys first`() {
        let blocks =
            "-----BEGIN CERTIFICATE-----\nMIIBcertA1aa\nMIIBcertB2bb\n-----END CERTIFICATE-----\n"
            + "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIEkeyA1aaa\n-----END RSA PRIVATE KEY-----\n"
        let found = [
            "MIIEkeyA1aaa", "MIIBcertA1aa\nMIIBcertB2bb", "MIIBcertA1aa", "MIIBcertB2bb",
        ]
        #expect(parts(of: blocks) == found)
        let escaped = blocks.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: #"\n"#)
        let json = #"{"type": "service_account", "private_key": "\#(escaped)", "id": 5}"#
        for value in [json, "KEY=\"\(escaped)\"\nUSER=shop\n", "key: |\n  " + blocks, "[\n" + json + "]"] {
            let all = parts(of: value)
            #expect(["MIIEkeyA1aaa", "MIIBcertA1aa", "MIIBcertB2bb"].allSatisfy(all.contains))
            #expect(!all.contains { $0.hasPrefix("-----") && !$0.contains(#"\n"#) })
            let text = "> MIIBcertB2bb\n> MIIEkeyA1aaa\n"
            #expect(redact(makeMatcher(value), text) == "> [redacted:S0]\n> [redacted:S0]\n")
        }
    }

    @Test(arguments: [
        "postgres://app:@@@db/x", "A=1\nURL='postgres://app:@@@db/x'\n", "DB_PASSWORD=@@\nPORT=5\n",
        #"{"user": "app", "apiKey": "@@"}"#, #"{"tokens": ["none", "@@"], "port": "5432"}"#,
        "user: app\nclient-secret: '@@'",
        "Server=db;Pwd=@@", "api_key: @@ # of the shop\nport: 1", "tokens:\n  - @@\n  - none",
        "passphrase: >-\n  @@\n", "jdbc:postgresql://db/x?user=app&password=@@&ssl=true",
        "https://example.org/?token=@@", "host=db.example.org port=5432 password=@@ sslmode=require",
        "host=db password='@@' user=app", "machine example.org login app password @@\n",
        "machine example.org\n  login app\n  password @@\n", "default login app password @@",
        "db.example.org:5432:*:app:@@",
    ])
    func `that are told by their position may be short and plain`(template: String) {
        for password in ["sunflowers", "qx7-pw", "4839201", "ZQVXKJW"] {
            let value = template.split(separator: "@@", maxSplits: 1, omittingEmptySubsequences: false)
                .joined(separator: password)
            let text = #"FATAL: password "\#(password)" of app at db.example.org"#
            #expect(parts(of: value).contains(password))
            #expect(redact(makeMatcher(value), text) == #"FATAL: password "[redacted:S0]" of app at db.example.org"#)
        }
        for common in ["enabled", "none", "short", "******", "password"] {
            let value = template.split(separator: "@@", maxSplits: 1, omittingEmptySubsequences: false)
                .joined(separator: common)
            #expect(!parts(of: value).contains(common))
        }
    }

    @Test(arguments: [
        ("app:pw-1234", ["pw-1234"]), ("app:sunflowers", []), ("nginx:latest", []), ("Bearer kx7-Qm2Zr", ["kx7-Qm2Zr"]),
        ("Authorization: Basic YXBwOnB3LTEy", ["YXBwOnB3LTEy", "Basic YXBwOnB3LTEy"]),
        ("- kx7Qm2Zr9Lw4", ["kx7Qm2Zr9Lw4"]), ("https://ghp_kx7Qm2Zr9@example.org", ["ghp_kx7Qm2Zr9"]),
        ("https://sk_kx7Qm2Zr9:@example.org", ["sk_kx7Qm2Zr9"]), ("https://git@example.org/a", []),
        ("password policy: strict", []), ("key_type: ecdsa\nkey_id: 123456", []), ("monkey=business", []),
        ("SECRET=kx7;Qm2Zr9Lw4", ["kx7;Qm2Zr9Lw4"]), ("a1b2c3d4e5f6==\nQx==", ["a1b2c3d4e5f6=="]),
        ("password:\n  - sunflowers\n  # of the shop, not of db\nenabled\n", ["sunflowers"]),
        ("A=verify-full B=kx7Qm2Zr9Lw4 C=db.example.org", ["kx7Qm2Zr9Lw4"]),
        (
            #"SA='{"private_key": "-----BEGIN PRIVATE KEY-----\nMIIEkeyA1aaa\n-----END KEY-----", "token": "daisies", "id": ""}'"#,
            ["MIIEkeyA1aaa", #"-----BEGIN PRIVATE KEY-----\nMIIEkeyA1aaa\n-----END KEY-----"#, "daisies"]
        ),
        ("[db]\npassword = pw-123456\n", ["pw-123456"]),
        ("1. a1b2c-3d4e5\n2) f6g7h-8i9j0\n", ["a1b2c-3d4e5", "f6g7h-8i9j0"]),
        ("CONFIG='{\"port\": 5, \"password\": \"sunflowers\"}'", ["sunflowers"]),
        ("{\"pin_token\": 483920, \"port\": 543210}", ["483920"]), ("{no JSON\nkx7Qm2Zr9Lw4", ["kx7Qm2Zr9Lw4"]),
    ])
    func `are told apart`(value: String, found: [String]) {
        #expect(parts(of: value) == found)
    }

    @Test(arguments: ["kx7Qm2Zr9Lw4TnB8vY3c", "tr0ub4dor&3", "correct horse battery staple", "a1-b2_c3!d4$e5"])
    func `are not in a value without structure`(value: String) {
        #expect(parts(of: value).isEmpty)
    }

    @Test func `are so many at most`() {
        let lines = (0..<4000).map { number in "code-\(number)-Qx7" }
        let value = lines.joined(separator: "\n") + "\npassword=sunflowers\n"
        let found = parts(of: value)
        #expect(found.count == ValueParts.limit)
        #expect(found.first == "sunflowers")
        #expect(found.contains("code-100-Qx7"))
        // Of each of 51 forms, and the value's own.
        #expect(makeMatcher(value).patternCount < ValueParts.limit * 60)
        for unit in ["://", "-----BEGIN ", "{\"", "a=", "?token=", "x:", "'\n", "-----BEGIN A-----"] {
            #expect(parts(of: String(repeating: unit, count: 65_536 / unit.utf8.count)).count <= ValueParts.limit)
        }
    }
}
