internal import TestSupport
internal import Testing

@testable import Interceptor

/// Input that nobody would type: it must neither crash the interceptor nor make it run for long.
struct RandomInputTests {
    private static let pieces = [
        "echo", "$API_TOKEN", "${API_TOKEN", "}", "$(", ")", "`", "\"", "'", "\\", "|", "&&", ";", "\n", "<<EOF", "EOF",
        "<<<", ">", "((", "))",
        "$((", "{", "if", "then", "fi", "for", "in", "do", "done", "case", "esac", ";;", "[[", "]]", "function", "f()",
        "eval", "env", "sh -c",
        "python3 -c", "x=", "a=(", "$'\\x", "<(", ">(", "@(", "!", "#", "{a,b}", "/proc/*/environ", "*", "[", "&",
        "2>&1", " ", "\t", "é", "\u{1}0\u{1}",
        "print(", "os.environ", "process.env", "ENV", "f\"{", "://a:b", "@", "-----BEGIN ", "PRIVATE KEY-----", "eyJ",
        ".", "AKIA", "coproc", "select",
    ]

    private func judge(_ command: [[UInt8]]) -> Verdict {
        Interceptor.judge(command, injected: CorpusLine.injected)
    }

    private func check(_ command: [[UInt8]]) {
        for finding in judge(command).findings {
            #expect(command.indices.contains(finding.argument))
            #expect(finding.span.lowerBound >= 0 && finding.span.upperBound <= command[finding.argument].count)
        }
    }

    @Test(arguments: [UInt64(1), 2, 3, 4]) func `words in any order are judged`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            var script = ""
            for _ in 0..<Int.random(in: 1...40, using: &generator) {
                script += Self.pieces.randomElement(using: &generator) ?? ""
                if Bool.random(using: &generator) { script += " " }
            }
            let program =
                ["sh -c", "bash -lc", "python3 -c", "node -e", "ruby -e", "perl -e", "awk", "env sh -c", "jq"]
                .randomElement(using: &generator) ?? ""
            check(program.split(separator: " ").map { Array($0.utf8) } + [Array(script.utf8)])
        }
    }

    @Test(arguments: [UInt64(5), 6]) func `bytes in any order are judged`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            let bytes = (0..<Int.random(in: 0...200, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            check([Array("bash".utf8), Array("-c".utf8), bytes])
            check([Array("node".utf8), Array("-e".utf8), bytes])
            check([bytes, bytes])
            _ = TokenPatterns.replace(in: bytes)
        }
    }

    @Test func `every beginning of a script of the corpus is judged`() throws {
        for line in try CorpusLine.read("block.txt") where line.command.count == 3 {
            let script = Array(line.command[2].utf8)
            for count in 0..<script.count {
                check([Array(line.command[0].utf8), Array(line.command[1].utf8), Array(script[..<count])])
            }
        }
    }

    /// Texts as long as an argument can be, each made of one piece over and over.
    static let floods = [
        "$(", "${a:-", "`", "((", "$((", "(", "{ ", "if ", "case a in ", "\"$(", "<(", "f() ", "a=(", "<<E\n",
        "echo $API_TOKEN;", "eval ",
        "sh -c '", "{a,b}", "\\", "'", "$'\\x41", "`\\`", "x=$x$x;", "echo $API_TOKEN | base64 |", "@(", "[[ ",
        "for i in a; do ", "$API_TOKEN",
        "f() { f; f; }; f;", "((a)) ", "$((a))", "://a:b@", "eyJabcdefghijkl.", "-----BEGIN PRIVATE KEY-----", "a/",
        "AKIA", "a=", "process.env(", "print(",
    ]

    @Test(arguments: floods) func `a flood of one piece takes no more than a moment`(piece: String) {
        let clock = ContinuousClock()
        for (program, size) in [("sh -c", 127 << 10), ("node -e", 24 << 10), ("python3 -c", 24 << 10)] {
            let text = Array(String(repeating: piece, count: size / piece.utf8.count).utf8)
            let command = program.split(separator: " ").map { Array($0.utf8) } + [text]
            let elapsed = clock.measure { check(command) }
            // A debug build on a busy machine; what grows with the square of the length takes minutes.
            #expect(elapsed < .seconds(15), "\(program) \(piece)")
        }
    }
}
