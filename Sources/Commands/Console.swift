internal import Diagnostics
internal import JSON
internal import Linux
internal import Runner

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
        print(JSONText.encode(value))
    }

    /// Prints a refusal or failure: with JSON to standard output, else to standard error.
    static func fail(_ report: ErrorReport, json: Bool) {
        if json {
            print(json: ErrorEnvelope(report))
        } else {
            note("vault-sandbox: \(report.code.rawValue): \(printableLines(report.message))")
            if let hint = report.hint { note("hint: \(printableLines(hint))") }
        }
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
