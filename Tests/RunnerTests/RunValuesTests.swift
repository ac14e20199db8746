import Testing

@testable import Runner

/// The plain values of a run: names of users and runs, origins of secrets, pinned policies.
struct RunValuesTests {
    static let passwords = """
        root:x:0:0:root:/root:/bin/bash
        # a comment
        broken:x:1000
        long:x:1000:1000:a:/home/long:/bin/sh:extra

        anna:x:1000:1000:Anna,,,:/home/anna:/bin/zsh
        twin:x:1000:1000::/home/twin:/bin/sh
        nowhere:x:1001:1001::relative:/bin/sh
        empty:x:1002:1002:::
        """

    static let users: [(UInt32, PasswordEntry?)] = [
        (0, PasswordEntry(name: "root", home: "/root")),
        (1000, PasswordEntry(name: "anna", home: "/home/anna")),
        (1001, PasswordEntry(name: "nowhere", home: "/")), (1002, PasswordEntry(name: "empty", home: "/")), (100, nil),
        (1, nil), (10000, nil), (.max, nil),
    ]

    @Test(arguments: users)
    func `a user's first whole line counts, and a home that is no path is the root`(
        user: UInt32, entry: PasswordEntry?
    ) {
        #expect(PasswordEntry.find(user, in: Array(Self.passwords.utf8)) == entry)
    }

    @Test func `a password database that is no text has no entry`() {
        #expect(PasswordEntry.find(0, in: []) == nil)
        #expect(PasswordEntry.find(0, in: [UInt8](repeating: 0xFF, count: 100) + [0x0A, 0x3A]) == nil)
    }

    @Test func `a run's name has 26 characters and sorts by time`() {
        let alphabet = Set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        var names: [String] = []
        for time: UInt64 in [0, 1, 31, 32, 1 << 20, 1_700_000_000_000, 1_700_000_000_001, (1 << 48) - 1] {
            // The random part runs against the time, and may not tip the order.
            names.append(RunID(milliseconds: time, random: (~time, .max - time)).description)
        }
        #expect(names == names.sorted())
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.count == 26 && $0.allSatisfy(alphabet.contains) })
    }

    @Test func `a run's name is the ULID of its bits`() {
        #expect(RunID(milliseconds: 0, random: (0, 0)).description == String(repeating: "0", count: 26))
        #expect(RunID(milliseconds: .max, random: (.max, .max)).description == "7" + String(repeating: "Z", count: 25))
        #expect(
            RunID(milliseconds: 1_469_918_176_385, random: (0, 31)).description == "01ARYZ6S410000000000000000"
                .dropLast() + "Z")
        let first = RunID(milliseconds: 5, random: (1, 0))
        #expect(first != RunID(milliseconds: 5, random: (0, 1)))
    }

    @Test(arguments: [
        ("N=env", SecretOrigin.Place.variable("N")), ("N=env:V", .variable("V")), ("N=env:a:b", .variable("a:b")),
        ("N=file:/a=b:c", .file("/a=b:c")), ("N=file: ", .file(" ")), ("N=fd:0", .descriptor(0)),
        ("N=fd:2147483647", .descriptor(.max)),
    ])
    func `an origin names a variable, a file or a descriptor`(argument: String, place: SecretOrigin.Place) {
        #expect(SecretOrigin(argument: argument) == SecretOrigin(name: "N", place: place))
    }

    @Test(arguments: [
        "", "N", "=", "=env", "N=", "N=value", "N=env:", "N=file", "N=file:", "N=fd", "N=fd:", "N=fd:-1", "N=fd:x",
        "N=ENV",
        "N=fd:2147483648", "N=env ", "N==env", "N= env",
    ])
    func `what is no origin is refused`(argument: String) {
        #expect(SecretOrigin(argument: argument) == nil)
    }
}
