internal import WrittenFiles

extension RunResult {
    /// What a person is told of secrets that left the run by files, and of decoys.
    public var writtenNotes: [String] {
        var lines: [String] = []
        for secret in written.secrets where secret.action != .failed {
            let place: String =
                switch secret.place {
                case .content: ""
                case .name: " in its name"
                case .link: " in what it links to"
                case .attribute: " in an extended attribute"
                }
            let action =
                secret.action == .quarantined
                ? " and was moved to the vault's quarantine folder" : secret.reason.map { "; \($0)" } ?? ""
            lines.append("\(ShownBounds.shown(secret.path)) holds \(secret.secret) (\(secret.form))\(place)\(action)")
        }
        let moved = Set(written.secrets.filter { $0.action == .quarantined }.map(\.path))
        for file in written.unscanned {
            let rest = moved.contains(file.path) ? "" : " and stays where it is"
            lines.append(
                "\(ShownBounds.shown(file.path)) was not, or not wholly, looked at for secrets\(rest): \(file.reason)")
        }
        let more = max(0, lines.count - ShownBounds.lines) + written.omitted - written.omittedFailures
        lines = Array(lines.prefix(ShownBounds.lines))
        if more > 0 { lines.append("\(more) more such findings; --json names up to \(ShownBounds.entries)") }
        for (name, count) in decoys.sorted(by: { $0.key < $1.key }) {
            lines.append("the decoy \(name) came out \(count == 1 ? "once" : "\(count) times")")
        }
        return lines
    }
}
