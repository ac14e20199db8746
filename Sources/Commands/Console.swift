internal import Diagnostics
internal import FoundationEssentials
internal import Linux

/// What a command says to people and to programs.
internal enum Console {
    /// Prints lines to standard output. Where they cannot be written, this process says so and ends with 125: who takes
    /// the answer from a file must not take a part of it for the whole.
    static func print(_ text: String) {
        do throws(SystemCallError) {
            try BorrowedDescriptor.standardOutput.writeAll(text + "\n")
        } catch {
            // A reader that has gone away ends this process by SIGPIPE, as it does any filter, unless that is ignored.
            guard error.errno != .brokenPipe else { return }
            fail(.unwritten(error), json: false)
            Processes.exit(125)
        }
    }

    /// Prints a line to standard error.
    static func note(_ text: String) {
        try? BorrowedDescriptor.standardError.writeAll(text + "\n")
    }

    /// Prints a value as one line of JSON, keys sorted.
    static func print(json value: some Encodable) {
        print(encode(value))
    }

    /// A value as one line of JSON.
    static func encode(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Every value that is encoded here is made of strings, numbers, lists and maps, which cannot fail.
        guard let data = try? encoder.encode(value) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    /// Prints a refusal or failure: with JSON to standard output, else to standard error.
    static func fail(_ report: ErrorReport, json: Bool) {
        if json {
            print(json: ErrorEnvelope(error: ErrorRecord(report)))
        } else {
            note("vault-sandbox: \(report.code.rawValue): \(lines(report.message))")
            if let hint = report.hint { note("hint: \(lines(hint))") }
        }
    }

    /// A message without what would command a terminal; only a list's indented lines stay lines.
    static func lines(_ message: String) -> String {
        message.split(separator: "\n  ", omittingEmptySubsequences: false).map { printable($0) }
            .joined(separator: "\n  ")
    }

    /// Prints rows in columns under headings.
    static func print(table headings: [String], rows: [[String]]) {
        let rows = [headings] + rows.map { $0.map { printable($0) } }
        let widths = headings.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = row.indices.map { column in
                column == row.count - 1
                    ? row[column] : row[column] + String(repeating: " ", count: widths[column] - row[column].count)
            }
            print(cells.joined(separator: "  "))
        }
    }
}

/// An error as JSON has it.
internal struct ErrorRecord: Encodable {
    let code: String
    let message: String
    let hint: String?

    /// Copies a report.
    init(_ report: ErrorReport) {
        code = report.code.rawValue
        message = Console.lines(report.message)
        hint = report.hint.map(Console.lines)
    }
}

/// A refusal as the whole of an answer.
internal struct ErrorEnvelope: Encodable {
    let error: ErrorRecord
}
