/// The table of modules in ARCHITECTURE.md.
struct ModuleTable {
    /// One module and what it may import.
    struct Row: Equatable {
        /// The module's name.
        let module: String
        /// What its files may import.
        let imports: Set<String>
    }

    /// The modules, from the top of the house down.
    let rows: [Row]

    /// Reads the table of a page: the one whose header begins with "Module".
    init(page: String) {
        var rows: [Row] = []
        var isInside = false
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
            guard let first = cells.first, let last = cells.last, cells.count == 4 else {
                isInside = false
                continue
            }
            if first.contains("Module") {
                isInside = true
            } else if isInside, !first.contains("---") {
                for module in Self.names(first) { rows.append(Row(module: module, imports: Set(Self.names(last)))) }
            }
        }
        self.rows = rows
    }

    /// The row of a module.
    subscript(_ module: String) -> Row? { rows.first { $0.module == module } }

    /// The names in backticks.
    private static func names(_ cell: Substring) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}
