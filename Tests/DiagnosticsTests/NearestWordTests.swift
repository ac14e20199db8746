import Diagnostics
import Testing

/// Suggestions for mistyped words.
struct NearestWordTests {
    @Test(arguments: [
        ("DATABSE_URL", "DATABASE_URL"),  // one letter missing
        ("DATABASEE_URL", "DATABASE_URL"),  // one too many
        ("DATABASE_UTL", "DATABASE_URL"),  // one wrong
        ("DATABASE_ULR", "DATABASE_URL"),  // two neighbours swapped
        ("database_url", "DATABASE_URL"),  // letter case
        ("API_KEI", "API_KEY"),
        ("tokn", "token"),
        ("a", "b"),
    ])
    func `a slip of the finger finds the word that was meant`(typed: String, meant: String) {
        let others = ["API_KEY", "DATABASE_URL", "STRIPE_SECRET", "token", "b"]
        #expect(nearestWord(to: typed, in: others) == meant)
    }

    @Test(arguments: ["", "NOTHING_LIKE_IT", "ab", "API"])
    func `a word that is like none finds none`(typed: String) {
        #expect(nearestWord(to: typed, in: ["API_KEY", "DATABASE_URL"]) == nil)
    }

    @Test func `no candidate, no word`() {
        #expect(nearestWord(to: "API_KEY", in: [String]()) == nil)
    }

    @Test func `the nearest of several wins, and among equals the first`() {
        #expect(nearestWord(to: "tests", in: ["texts", "test", "testing", "tests"]) == "tests")
        #expect(nearestWord(to: "teXt", in: ["test", "next"]) == "test")
    }

    @Test(arguments: [(3, 1), (4, 1), (5, 2), (8, 3), (11, 4), (30, 10)])
    func `at most a third of the word may differ`(length: Int, limit: Int) {
        let word = String(repeating: "a", count: length)
        let near = String(repeating: "b", count: limit) + String(repeating: "a", count: length - limit)
        let far = String(repeating: "b", count: limit + 1) + String(repeating: "a", count: length - limit - 1)
        #expect(nearestWord(to: word, in: [near]) == near)
        #expect(nearestWord(to: word, in: [far]) == nil)
    }

    @Test func `a swap counts once, so that two of them are within the limit of six letters`() {
        #expect(nearestWord(to: "badcef", in: ["abcdef"]) == "abcdef")
    }

    @Test func `text of other scripts is compared without harm`() {
        #expect(nearestWord(to: "schlüssl", in: ["schlüssel"]) == "schlüssel")
        #expect(nearestWord(to: "🔑", in: ["key"]) == nil)
    }
}
