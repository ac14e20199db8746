internal import ArgumentParser
internal import Diagnostics
internal import Policy
internal import Runner

/// `vault-sandbox policy`: looks at policies.
internal struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "List, show, check and explain policies.",
        subcommands: [List.self, Show.self, Check.self, Explain.self])

    /// Lists the policies that a name can mean.
    struct List: AnsweringCommand {
        static let configuration = CommandConfiguration(abstract: "List the policies by name.")
        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var output: OutputOptions

        func answer() throws -> Int32 {
            let entries = PolicyChoice.listing(places: .ofCaller())
            if json {
                Console.print(json: ["policies": entries.map(Entry.init)])
            } else {
                Console.print(
                    table: ["NAME", "FROM", "DESCRIPTION"],
                    rows: entries.map { [$0.name, $0.origin, $0.description] })
            }
            return 0
        }

        /// A policy as JSON has it.
        private struct Entry: Encodable {
            let name: String
            let from: String
            let description: String

            init(_ listed: PolicyChoice.Listed) {
                name = listed.name
                from = listed.origin
                description = listed.description
            }
        }
    }

    /// Shows a policy with everything that it extends.
    struct Show: AnsweringCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a policy fully resolved, each line with the file it came from.")
        @Argument(help: "The policies, by name or file, composed in order.") var names: [String] = ["default"]
        @OptionGroup var output: OutputOptions

        func answer() throws -> Int32 {
            Console.print(try PolicyChoice.resolve(names: names, places: .ofCaller()).show())
            return 0
        }
    }

    /// Finds every problem of policies.
    struct Check: AnsweringCommand {
        static let configuration = CommandConfiguration(
            abstract: "Report every problem of policies at once; the exit status is 1 where there is one.")
        @Argument(help: "The policies, by name or file.") var names: [String]
        @OptionGroup var output: OutputOptions

        func answer() throws -> Int32 {
            var status: Int32 = 0
            for name in names {
                do throws(RunError) {
                    _ = try PolicyChoice.resolve(names: [name], places: .ofCaller())
                    Console.print("\(printable(name)): ok")
                } catch {
                    Console.fail(error.report, json: false)
                    status = 1
                }
            }
            return status
        }
    }
}
