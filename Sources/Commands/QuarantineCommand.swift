internal import ArgumentParser
internal import Diagnostics
internal import JSON
internal import Linux
internal import Runner
internal import WrittenFiles

/// `vault-sandbox quarantine`: files that runs left with a secret in them and that were moved away.
internal struct QuarantineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine", abstract: "List, put back and remove files that a run left with a secret in them.",
        discussion: "Files come here by a policy with written_files = \"block\"; they are as the run left them.",
        subcommands: [List.self, Restore.self, Remove.self])

    /// Lists what is there.
    struct List: AnsweringCommand {
        static let configuration = CommandConfiguration(abstract: "List the files in quarantine.")
        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var output: OutputOptions

        func answer() throws -> Int32 {
            let items = try QuarantineCommand.items()
            if json {
                Console.print(json: ["items": items.map(ItemEntry.init)])
            } else if items.isEmpty {
                output.note("nothing is in quarantine")
            } else {
                Console.print(
                    table: ["ITEM", "MOVED", "SIZE", "HELD", "PATH"],
                    rows: items.map {
                        [$0.name, JSONText.date($0.time), $0.sizeText, $0.heldText, $0.record?.path ?? "unknown"]
                    })
            }
            return 0
        }
    }

    /// Puts a file back.
    struct Restore: AnsweringCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a file back where it was, or elsewhere; nothing is ever overwritten.")
        @Argument(help: "The item.") var item: String
        @Option(help: "Put it at PATH instead.") var to: String?
        @OptionGroup var output: OutputOptions

        func answer() throws -> Int32 {
            let items = try QuarantineCommand.items()
            let found = try QuarantineCommand.find(item, in: items)
            guard found.state == .whole else {
                throw ErrorReport(
                    .itemNotFound, "\(found.name) has no whole content",
                    hint: "look for the file where it was, then `vault-sandbox quarantine remove \(found.name)`")
            }
            let path = try target(of: found)
            try QuarantineCommand.report(path) { () throws(SystemCallError) in
                try Quarantine.restore(found, in: Places.ofCaller().data, to: path)
            }
            Console.print("put \(found.name) back as \(printable(path))")
            return 0
        }

        /// Where the item goes: a path that was asked for may lead through links, one that a record names may not.
        private func target(of item: QuarantineItem) throws -> String {
            if let to {
                let path = try QuarantineCommand.report(to) { () throws(SystemCallError) in
                    Files.absolutePath(to, from: try Files.currentDirectory())
                }
                let slash = path.lastIndex(of: "/") ?? path.startIndex
                let above = slash == path.startIndex ? "/" : String(path[..<slash])
                let directory = try QuarantineCommand.report(path) { () throws(SystemCallError) in
                    try Files.canonicalPath(above)
                }
                return (directory == "/" ? "" : directory) + path[slash...]
            }
            guard let record = item.record, record.isExact else {
                throw ErrorReport(
                    .argumentInvalid,
                    "the place of \(item.name) is not known: its path held a secret, or has no record",
                    hint: "name one: vault-sandbox quarantine restore \(item.name) --to PATH")
            }
            return record.path
        }
    }

    /// Removes files for good.
    struct Remove: AnsweringCommand {
        static let configuration = CommandConfiguration(abstract: "Remove files from quarantine for good.")
        @Argument(help: "The items.") var items: [String] = []
        @Flag(help: "Remove all there are.") var all = false
        @OptionGroup var output: OutputOptions

        func validate() throws {
            if all != items.isEmpty { throw ValidationError("name items, or write --all") }
        }

        func answer() throws -> Int32 {
            let there = try QuarantineCommand.items()
            // All are looked up before the first is removed.
            let chosen = all ? there : try items.map { try QuarantineCommand.find($0, in: there) }
            let names = Set(chosen.map(\.name)).sorted()
            for name in names {
                try QuarantineCommand.report(name) { () throws(SystemCallError) in
                    try Quarantine.remove(name, in: Places.ofCaller().data)
                }
            }
            Console.print("removed \(names.count) \(names.count == 1 ? "item" : "items")")
            return 0
        }
    }

    /// What is in quarantine, once what was left unfinished is repaired.
    private static func items() throws -> [QuarantineItem] {
        let data = Places.ofCaller().data
        RunJournal.cleanUp(in: data)
        return try report(data + "/quarantine") { () throws(SystemCallError) in try Quarantine.items(in: data) }
    }

    private static func find(_ name: String, in items: [QuarantineItem]) throws -> QuarantineItem {
        if let item = items.first(where: { $0.name == name }) { return item }
        let nearest = nearestWord(to: name, in: items.map(\.name)).map { "did you mean \($0)? " } ?? ""
        throw ErrorReport(
            .itemNotFound, "no such item is in quarantine",
            hint: nearest + "list them with `vault-sandbox quarantine list`")
    }

    /// Does a part of the work, and says what an error means for the person.
    private static func report<Value>(_ path: String, _ body: () throws(SystemCallError) -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            let what = "\(path): \(error.errno.message)"
            switch error.errno {
            case .fileExists:
                throw ErrorReport(
                    .existsAlready, "\(path) exists already", hint: "move it away, or name another place with --to PATH"
                )
            case .noSpace, .quotaExceeded, .fileTooBig:
                throw ErrorReport(.storageFull, what, hint: "the file is still in quarantine; free some space there")
            default:
                throw ErrorReport(
                    .argumentInvalid, what,
                    hint: "the file is still in quarantine; name a folder that you may write to, with no link on the "
                        + "way, by --to PATH; a folder needs one on the file system of the quarantine")
            }
        }
    }
}

extension QuarantineItem {
    /// The size in bytes, or what is there instead.
    fileprivate var sizeText: String {
        switch state {
        case .whole: size.map(String.init) ?? "folder"
        case .partial: "\(size ?? 0) of \(record?.size ?? 0)"
        case .empty: "no content"
        }
    }

    /// Which secrets it held, in which forms.
    fileprivate var heldText: String {
        guard let record else { return "unknown" }
        guard !record.holds.isEmpty else { return "a trap" }
        return record.holds.map { "\($0.secret) (\($0.form))" }.joined(separator: ", ")
    }
}

/// An item as JSON has it.
private struct ItemEntry: Encodable {
    struct Holding: Encodable {
        let secret: String
        let form: String
        let place: String
    }

    let item: String
    let run: String
    let path: String?
    let pathIsExact: Bool
    let movedAt: String
    let size: Int64?
    let state: String
    let holds: [Holding]

    private enum CodingKeys: String, CodingKey {
        case item, run, path, size, state, holds
        case pathIsExact = "path_is_exact"
        case movedAt = "moved_at"
    }

    init(_ item: QuarantineItem) {
        self.item = item.name
        run = item.run
        path = item.record?.path
        pathIsExact = item.record?.isExact ?? false
        movedAt = JSONText.date(item.time)
        size = item.size
        state = item.state.rawValue
        holds = (item.record?.holds ?? []).map {
            Holding(secret: $0.secret, form: $0.form, place: $0.place.rawValue)
        }
    }
}
