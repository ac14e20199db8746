internal import Diagnostics
internal import JSON
internal import Linux
internal import Runner

/// What a command says to people and to programs.
internal enum Console {
    /// Prints lines to standard output.
    static func print(_ text: String) {
        // A reader that has gone away ends this process by SIGPIPE, as it does any filter.
        try? BorrowedDescriptor.standardOutput.writeAll(text + "\n")
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
            note("vault-sandbox: \(report.code.rawValue): \(report.message)")
            if let hint = report.hint { note("hint: \(hint)") }
        }
    }

    /// Prints rows in columns under headings.
    static func print(table headings: [String], rows: [[String]]) {
        let widths = headings.indices.map { column in
            ([headings] + rows).map { $0[column].count }.max() ?? 0
        }
        for row in [headings] + rows {
            let cells = row.indices.map { column in
                column == row.count - 1
                    ? row[column] : row[column] + String(repeating: " ", count: widths[column] - row[column].count)
            }
            print(cells.joined(separator: "  "))
        }
    }
}
