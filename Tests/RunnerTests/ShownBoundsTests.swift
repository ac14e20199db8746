import Interceptor
import JSON
import Testing

@testable import Runner
@testable import WrittenFiles

/// How much of a result a program can fill by the names and the number of what it leaves.
struct ShownBoundsTests {
    static let long: [String] = [
        String(repeating: "x", count: 300_000),
        String(repeating: String(repeating: "d", count: 200) + "/", count: 1500),
        String(repeating: "ä", count: 400), String(repeating: "😀", count: 200), String(repeating: "\u{1}", count: 300),
        String(repeating: "\"\\", count: 200), String(repeating: "\u{85}\u{202E}", count: 200),
        "e" + String(repeating: "\u{301}", count: 1000), String(repeating: "👩‍👩‍👧‍👦", count: 60),
    ]

    @Test(arguments: long) func `a path that is too long loses its middle, in JSON too`(path: String) throws {
        let shown = ShownBounds.shown(path)
        #expect(JSONText.encode(JSONValue.string(shown)).utf8.count <= ShownBounds.path + 2)
        let parts = shown.split(separator: "…", omittingEmptySubsequences: false)
        try #require(parts.count == 2)
        #expect(path.hasPrefix(String(parts[0])) && path.hasSuffix(String(parts[1])))
    }

    @Test(arguments: [
        "", "a/b", String(repeating: "x", count: 512), String(repeating: "ä", count: 256), "a…b",
        String(repeating: "\u{1}", count: 85),
    ])
    func `any other path stays as it is`(path: String) {
        #expect(ShownBounds.shown(path) == path)
    }

    @Test func `a path is cut where a character ends, and shows more of its end than of its beginning`() {
        let shown = ShownBounds.shown(String(repeating: "ä", count: 500) + "/end")
        #expect(shown.hasSuffix("ä/end") && shown.hasPrefix("ä") && !shown.contains("\u{FFFD}"))
        #expect(shown.split(separator: "…").map(\.count) == [84, 172])
    }

    /// A result of a run that left as much as one can, under names as long as they can be.
    private static func result(
        _ path: String, secrets: Int = 0, failed: Int = 0, unscanned: Int = 0, traps: Int = 0, findings: Int = 0
    ) -> RunResult {
        var result = RunResult(
            exitStatus: 0, timedOut: false, timeout: .seconds(1), secretsInjected: [], redactions: [:],
            notRedacted: [],
            warnings: Interceptor.judge(
                [Array("curl".utf8)]
                    + (0..<findings).map { _ in Array("ghp_\(String(repeating: "a1B2c3", count: 6))".utf8) },
                injected: []),
            runID: RunID(milliseconds: 0, random: (0, 0)), milliseconds: 0, policy: "default",
            isolation: .init(memory: "none", processes: "none", cpu: "none"), hasNetwork: false)
        func secret(_ number: Int, _ action: WrittenSecret.Action) -> WrittenSecret {
            WrittenSecret(
                path: path + "\(number)", secret: "KEY", form: "raw", place: .content, action: action,
                reason: action == .failed ? "No space left on device" : nil)
        }
        for number in 0..<secrets { result.written.add(secret(number, .quarantined)) }
        for number in 0..<failed { result.written.add(secret(number, .failed)) }
        for number in 0..<unscanned { result.written.miss(path + "\(number)", "Permission denied") }
        result.writtenTraps = (0..<traps).map { path + "/\($0)/.git" }
        return result
    }

    private func encode(_ result: RunResult) throws -> (bytes: Int, value: JSONValue) {
        let text = JSONText.encode(ResultRecord(result, error: result.trouble(timeoutHint: "")))
        return (text.utf8.count, try JSONParser.parse(text))
    }

    private func count(_ value: JSONValue?) -> Int? {
        if case .array(let elements)? = value { elements.count } else { nil }
    }

    @Test(arguments: long)
    func `whatever a run leaves, its result stays small and says how much is not in it`(path: String) throws {
        let result = Self.result(path, secrets: 70, failed: 200, unscanned: 60, traps: 90, findings: 80)
        let (bytes, value) = try encode(result)
        #expect(bytes < 128 << 10)
        for list in ["written_secrets", "written_not_scanned", "written_traps", "warnings"] {
            #expect(count(value[list]) == 50, "\(list)")
        }
        #expect(value["written_omitted"] == .integer(70 + 200 + 60 + 90 - 150))
        #expect(value["warnings_omitted"] == 30)
        let message = try #require(value["error"]?["message"]?.text)
        #expect(message.utf8.count < 4096 && message.hasSuffix(" (and 199 more)"), "\(message)")
        #expect(result.writtenNotes.joined().utf8.count + result.trapNames.utf8.count < 16 << 10)
        #expect(result.trapNames.hasSuffix(" and 80 more"))
    }

    @Test func `what could not be moved away is shown before what was`() throws {
        let value = try encode(Self.result("p", secrets: 50, failed: 3)).value
        guard case .array(let secrets)? = value["written_secrets"] else { return #expect(Bool(false)) }
        #expect(secrets.prefix(4).map { $0["action"] } == ["failed", "failed", "failed", "quarantined"])
        #expect(value["written_omitted"] == 3)
    }

    @Test func `what fits is shown as it is, and nothing is said of the rest`() throws {
        let value = try encode(Self.result("p", secrets: 50, unscanned: 50, traps: 50, findings: 50)).value
        #expect(value["written_omitted"] == nil && value["warnings_omitted"] == nil)
        #expect(count(value["written_traps"]) == 50)
        #expect(Self.result("p", traps: 2).trapNames == "p/0/.git, p/1/.git")
    }

    @Test func `paths are cut only where they are shown`() {
        let path = Self.long[0]
        let result = Self.result(path, secrets: 1, traps: 1)
        #expect(result.written.secrets[0].path == path + "0" && result.writtenTraps == [path + "/0/.git"])
    }

    @Test(arguments: [(0, RunResult.FateOfTraps.moved), (1, .someMoved), (2, .kept)])
    func `nothing is called moved away that is still there`(left: Int, fate: RunResult.FateOfTraps) {
        var result = Self.result("p", traps: 2)
        #expect(result.fateOfTraps == .kept)
        result.movesTraps = true
        result.keptTraps = (0..<left).map { RunResult.KeptTrap(path: "p/\($0)/.git", reason: "Permission denied") }
        #expect(result.fateOfTraps == fate)
    }
}
