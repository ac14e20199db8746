import Diagnostics
import Secrets
import Testing

@testable import Vault

@Suite struct ImportTests {
    private static let accepted: [(String, [String])] = [
        ("", []), ("# nothing\n\n", []), ("A=1", ["A=1"]), ("A=1\nB=2\n", ["A=1", "B=2"]),
        ("A=1\r\nB=2\r\n", ["A=1", "B=2"]), ("export A=1", ["A=1"]), ("export=1", ["export=1"]),
        ("  A = b c  # note", ["A=b c"]), ("A=b#c", ["A=b#c"]), ("A=#c", ["A="]), ("A=", ["A="]),
        ("A='b # $c \\n'", ["A=b # $c \\n"]), ("A=\"b\\n\\\"c\\\" \\$d \\w\" # e", ["A=b\n\"c\" $d \\w"]),
        ("A='x\ny'\nB=2", ["A=x\ny", "B=2"]), ("A=${HOME}$(id)`id`", ["A=${HOME}$(id)`id`"]),
        ("A=a=b==", ["A=a=b=="]), ("\u{feff}A=1", ["A=1"]), ("A=ä", ["A=ä"]), ("A=\"\"", ["A="]),
        ("{}", []), ("{\"A\":\"1\"}", ["A=1"]), (" { \"A\" : \"1\" ,\n\"B\":\"\" } \n", ["A=1", "B="]),
        (#"{"A":"\"\\\/\b\f\n\r\t\u0041\u00e4\u20ac\ud83d\ude00"}"#, ["A=\"\\/\u{8}\u{c}\n\r\tAä€😀"]),
    ]

    @Test(arguments: accepted)
    func `dotenv and JSON are read without expansion`(source: String, expected: [String]) throws {
        let found = try ImportFile.parse(secret(source)).map { "\($0.name)=\(text($0.value.bytes))" }
        #expect(found == expected)
    }

    private static let refused: [(String, Int)] = [
        ("A", 1), ("A=1\nB", 2), ("A=1\n\n=2", 3), ("A=1\nB C=2", 2), ("A='x\ny", 1), ("A=\"x\\", 1), ("A='x'y", 1),
        ("A=1\nA=2", 2), ("-----BEGIN KEY-----", 1), ("{\"A\":1}", 1), ("{\"A\":null}", 1), ("{\n\"A\":{}}", 2),
        ("{\"A\":\"1\",}", 1), ("{\"A\":\"1\"", 1), ("{\"A\":\"1\"}x", 1), ("{\"A\":\"1\"\n\"B\":\"2\"}", 2), ("{", 1),
        (#"{"A":"\ud800"}"#, 1), (#"{"A":"\ud800\u0041"}"#, 1), (#"{"A":"\x"}"#, 1), (#"{"A":"\u00g0"}"#, 1),
        ("{\"A\":\"a\nb\"}", 1), ("{\"a b\":\"1\"}", 1), ("{\"A\":\"1\",\"A\":\"2\"}", 1), ("[\"A\"]", 1),
    ]

    @Test(arguments: refused)
    func `what cannot be read is refused with its line, and is not shown`(source: String, line: Int) throws {
        do {
            _ = try ImportFile.parse(secret(source))
            Issue.record("accepted \(source)")
        } catch .importInvalid(let found, _) {
            #expect(found == line)
        }
    }

    @Test func `an error never shows what the file holds`() {
        let sources = ["hunter2hunter2 x", "A='hunter2", "{\"A\":\"hunter2", "{\"hunter2 x\":\"1\"}", "A=1\nhunter2"]
        for source in sources {
            do throws(VaultError) {
                _ = try ImportFile.parse(secret(source))
                Issue.record("accepted")
            } catch {
                #expect(!"\(error.report)".contains("hunter2"))
            }
        }
    }

    @Test func `a value longer than 64 KiB is refused`() {
        let source = "A=1\nB=" + String(repeating: "x", count: Vault.maximumValueLength + 1)
        #expect(throws: VaultError.importInvalid(line: 2, why: "the value is longer than 64 KiB")) {
            _ = try ImportFile.parse(secret(source))
        }
    }

    @Test(arguments: 0..<20)
    func `random bytes are read or refused, and nothing else happens`(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        let alphabet = Array("{}[]\",:='#\\ \nuAdb0189_$\r\t\u{0}export".utf8) + [0xff, 0xc3]
        for _ in 0..<500 {
            var bytes: [UInt8] = seed % 2 == 0 ? [UInt8(ascii: "{")] : []
            for _ in 0..<(state % 40) {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                bytes.append(alphabet[Int(state % UInt64(alphabet.count))])
            }
            state &+= 0x1234_5678_9ABC_DEF1
            do throws(VaultError) {
                let found = try ImportFile.parse(SecretBytes(copying: bytes.span))
                #expect(found.allSatisfy { !$0.name.isEmpty })
            } catch {
                #expect(error.report.code == .argumentInvalid)
            }
        }
    }

    @Test(arguments: ["A", "_", "a1", "DATABASE_URL", "STRIPE_KEY", "GITHUB_TOKEN", "ENVIRONMENT", "PATHS", "APP_PATH"])
    func `an ordinary name may be used`(name: String) {
        #expect(code { try SecretName.validate(name) } == nil)
    }

    @Test(
        arguments: [
            "", "1A", "A-B", "A B", "A=B", "Ä", "A\n", String(repeating: "A", count: 129), "LD_PRELOAD", "LD_AUDIT",
            "PATH",
            "HOME", "BASH_ENV", "ENV", "IFS", "NODE_OPTIONS", "PYTHONSTARTUP", "PYTHONPATH", "PERL5LIB", "RUBYOPT",
            "JAVA_TOOL_OPTIONS", "GIT_SSH_COMMAND", "GIT_CONFIG_COUNT", "http_proxy", "HTTPS_PROXY", "ALL_PROXY",
            "no_proxy",
            "VAULT_SANDBOX_HOME", "VAULT_SANDBOX_X",
        ])
    func `a name that is malformed or steers a program is refused`(name: String) {
        #expect(code { try SecretName.validate(name) } == .nameInvalid)
    }
}
