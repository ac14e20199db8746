import Diagnostics
import Runner
import Testing

@testable import Commands

/// From the options of `exec` to the request: what is taken, and what is refused with which words.
struct ExecOptionsTests {
    /// The request of options, over a command of two words behind the program's own name.
    private func request(_ change: (inout ExecOptions) -> Void) throws(RunError) -> RunRequest {
        var options = ExecOptions()
        options.commandCount = 2
        change(&options)
        return try options.request(arguments: ["vault-sandbox", "exec", "sh", "x"].map { Array($0.utf8) })
    }

    /// The message with which options are refused; `nil` where they are taken.
    private func refusal(_ change: (inout ExecOptions) -> Void) -> String? {
        do throws(RunError) {
            _ = try request(change)
            return nil
        } catch {
            guard case .argument(let message, _) = error else { return "another kind of error" }
            return message
        }
    }

    /// The flags `--tty`, `--no-tty` and `--json`, whether the streams are terminals, and where the output goes.
    @Test(
        arguments: [
            (false, false, false, false, Runner.Output.streamed), (false, false, false, true, .terminal),
            (true, false, false, false, .terminal), (true, false, false, true, .terminal),
            (false, true, false, true, .streamed), (false, true, false, false, .streamed),
            (false, false, true, true, .captured), (false, true, true, true, .captured), (true, true, false, true, nil),
            (true, false, true, true, nil), (true, false, true, false, nil),
        ] as [(Bool, Bool, Bool, Bool, Runner.Output?)])
    func `a program gets a terminal where that was asked for, or where everything is one`(
        row: (tty: Bool, noTTY: Bool, json: Bool, areTerminals: Bool, output: Runner.Output?)
    ) {
        var options = ExecOptions()
        (options.tty, options.noTTY, options.json) = (row.tty, row.noTTY, row.json)
        #expect((try? options.output { row.areTerminals }) == row.output)
    }

    @Test func `no option gives the defaults`() throws {
        #expect(try request { _ in } == RunRequest(command: [Array("sh".utf8), Array("x".utf8)]))
    }

    @Test func `the command is taken byte by byte, even where it is not UTF-8`() throws {
        var options = ExecOptions()
        options.commandCount = 1
        #expect(try options.request(arguments: [[0x65], [0xff, 0xfe]]).command == [[0xff, 0xfe]])
    }

    @Test func `every option reaches the request`() throws {
        let request = try request { options in
            options.policies = ["p"]
            options.reads = ["r"]
            options.writes = ["w"]
            options.app = "a"
            options.secrets = ["S"]
            options.origins = ["N=fd:4"]
            options.workDirectory = "d"
            options.timeout = "5m"
            options.variables = ["A=b=c", "B", "C="]
            options.keyFile = "k"
        }
        var wanted = RunRequest(command: [Array("sh".utf8), Array("x".utf8)])
        wanted.policies = ["p"]
        wanted.reads = ["r"]
        wanted.writes = ["w"]
        wanted.app = "a"
        wanted.secrets = .named(["S"])
        wanted.origins = [SecretOrigin(name: "N", place: .descriptor(4))]
        wanted.workDirectory = "d"
        wanted.timeout = .seconds(300)
        wanted.variables = [
            .init(name: "A", value: Array("b=c".utf8)), .init(name: "B", value: nil), .init(name: "C", value: []),
        ]
        wanted.key = KeyChoice(file: "k")
        #expect(request == wanted)
    }

    @Test func `no secrets is a choice of its own`() throws {
        #expect(try request { $0.noSecrets = true }.secrets == .none)
    }

    @Test func `options that contradict each other are refused`() {
        let secrets = refusal {
            $0.noSecrets = true
            $0.secrets = ["S"]
        }
        #expect(secrets == "--no-secrets and --secret contradict each other")
        let keys = refusal {
            $0.keyFile = "k"
            $0.passphraseDescriptor = "3"
        }
        #expect(keys == "--key-file and --passphrase-fd contradict each other")
    }

    @Test(arguments: ["hunter2", "N=hunter2", "N=file:", "N=env:", "N=fd:x", "N=fd:-1", "=env", ""])
    func `an origin that is not understood is refused and not repeated`(origin: String) {
        do throws(RunError) {
            _ = try request { $0.origins = [origin] }
            Issue.record("the origin was taken")
        } catch {
            #expect(error.report.message == "--secret-from: not understood")
            #expect(!"\(error.report)".contains("hunter2"))
        }
    }

    @Test(arguments: ["", "0", "-1", "1d", "soon"])
    func `a time limit that is no duration is refused and not repeated`(text: String) {
        #expect(refusal { $0.timeout = text } == "--timeout: not a duration")
    }

    @Test(
        arguments: zip(
            ["1", "90", "90s", "5m", "1h", "007", "315360000", "315360000s", "5256000m", "87600h"],
            [1, 90, 90, 300, 3600, 7, 315_360_000, 315_360_000, 315_360_000, 315_360_000]))
    func `a duration is read in its unit`(text: String, seconds: Int) {
        #expect(DurationText.parse(text) == .seconds(seconds))
    }

    @Test(arguments: [
        "", "s", "m", "0", "0s", "-1", "+1", "1.5", "1 s", " 1", "1S", "1ms", "1h30m", "315360001", "5256001m",
        "87601h",
        "9223372036854775807h", "99999999999999999999", "١", "0x10", "1s ", "1\u{301}", "5\u{2009}",
    ])
    func `what is no duration, or a longer one than ten years, is refused`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test func `a passphrase's descriptor is read as a number`() throws {
        #expect(try KeyOptions.choice(file: nil, descriptor: nil) == KeyChoice())
        #expect(try KeyOptions.choice(file: nil, descriptor: "0") == KeyChoice(passphraseDescriptor: 0))
        #expect(try KeyOptions.choice(file: nil, descriptor: "17") == KeyChoice(passphraseDescriptor: 17))
        #expect(try KeyOptions.choice(file: "k", descriptor: nil) == KeyChoice(file: "k"))
    }

    @Test(arguments: ["", "-1", "x", "3x", "2147483648", "3 "])
    func `what is no descriptor's number is refused, and not repeated, for it may be the passphrase`(text: String) {
        let error = #expect(throws: RunError.self) { try KeyOptions.choice(file: nil, descriptor: text) }
        #expect(error?.report.message == "--passphrase-fd: not a descriptor's number")
    }
}
