import Testing

@testable import Runner

/// The plain values of a run.
@Suite struct RunnerValueTests {
    @Test func `a user is found in the password database by number`() {
        let text =
            "root:x:0:0:root:/root:/bin/sh\nbroken:x:7\napp:x:1000:1000::/home/app:/bin/sh\nodd:x:8:8::relative:\n"
        #expect(PasswordEntry.find(1000, in: Array(text.utf8)) == PasswordEntry(name: "app", home: "/home/app"))
        #expect(PasswordEntry.find(8, in: Array(text.utf8)) == PasswordEntry(name: "odd", home: "/"))
        #expect(PasswordEntry.find(7, in: Array(text.utf8)) == nil)
        #expect(PasswordEntry.find(100, in: Array(text.utf8)) == nil)
    }

    @Test func `a run's name is a ULID that sorts by time`() {
        let first = RunID(milliseconds: 1_469_918_176_385, random: (0, 0)).description
        #expect(first == "01ARYZ6S410000000000000000")
        #expect(first < RunID(milliseconds: 1_469_918_176_386, random: (0, 0)).description)
        let last = RunID(milliseconds: 0xFFFF_FFFF_FFFF, random: (.max, .max)).description
        #expect(last == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")
    }

    @Test(arguments: [
        ("A=env", SecretOrigin(name: "A", place: .variable("A"))),
        ("A=env:B", SecretOrigin(name: "A", place: .variable("B"))),
        ("A=file:/x:y=z", SecretOrigin(name: "A", place: .file("/x:y=z"))),
        ("A=fd:3", SecretOrigin(name: "A", place: .descriptor(3))),
    ]) func `an origin is read as it is written`(text: String, expected: SecretOrigin) {
        #expect(SecretOrigin(argument: text) == expected)
    }

    @Test(arguments: [
        "", "A", "=env", "A=", "A=env:", "A=file", "A=file:", "A=fd:", "A=fd:-1", "A=fd:x", "A=value", "A=envx",
    ])
    func `anything else is no origin`(text: String) {
        #expect(SecretOrigin(argument: text) == nil)
    }

    @Test(arguments: [
        "/", "/home", "/home/app", "/home/app/.ssh", "/home/app/.ssh/keys", "/usr", "/usr/lib/x", "/etc", "/proc/self",
        "/home/app/.local/share/vault-sandbox", "/var", "/root",
    ]) func `what is no working tree is refused`(path: String) {
        #expect(throws: RunError.self) { try WorkDirectory.check(path, places: Self.places, home: Self.places.home) }
    }

    @Test(arguments: [
        "/home/app/shop", "/srv/shop", "/tmp/build", "/var/lib/jenkins/job", "/home/other/x", "/opt/shop",
    ])
    func `a project is a working tree`(path: String) throws {
        try WorkDirectory.check(path, places: Self.places, home: Self.places.home)
        #expect(Self.places.hidden.allSatisfy { path != $0 })
    }

    private static let places = Places(
        home: "/home/app", user: "app", data: "/home/app/.local/share/vault-sandbox",
        policies: "/home/app/.config/vault-sandbox/policies", runtime: "/run/user/1000")

    @Test func `what must stay hidden is hidden wherever it lies`() {
        #expect(
            Self.places.hidden == [
                "/home/app/.local/share/vault-sandbox", "/home/app/.config/vault-sandbox/policies",
                "/etc/vault-sandbox/policies", "/run/user/1000/vault-sandbox", "/home/app/.vault-key",
            ])
        var moved = Self.places
        moved.data = "/elsewhere"
        moved.alternatives = ["/xdg/vault-sandbox"]
        #expect(Set(moved.hidden) == Set(Self.places.hidden + ["/elsewhere", "/xdg/vault-sandbox"]))
    }
}
