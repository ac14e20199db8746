internal import Testing

@testable internal import Commands

@Suite struct `A pattern for names` {
    @Test(arguments: [
        ("API_TOKEN", "API_TOKEN", true), ("API_TOKEN", "API_TOKENS", false), ("*_TOKEN", "API_TOKEN", true),
        ("*_TOKEN", "_TOKEN", true), ("*_TOKEN", "TOKEN", false), ("API_*", "API_", true), ("*", "", true),
        ("A*B*C", "AxBxC", true), ("A*B*C", "AxCxB", false), ("AB*BA", "ABA", false), ("**", "A", true),
    ])
    func `fits`(pattern: String, name: String, fits: Bool) {
        #expect(NameGlob(pattern).matches(name) == fits)
    }
}
