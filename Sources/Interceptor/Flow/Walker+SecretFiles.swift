extension Walker {
    private static let folder = "/run/secrets"

    /// What is in the files of secrets that a word names: one of them, their folder, or a pattern that may fit.
    func secretFiles(_ value: Value) -> Value {
        guard let place = value.place else { return Value() }
        var path = value.leadingText
        if !path.hasPrefix("/") {
            guard let directory = scope.directory?.text, directory.hasPrefix(Self.folder), !path.hasPrefix("-") else {
                return Value()
            }
            path = directory + "/" + path
        }
        path = "/" + path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        let literal = path.prefix { !"*?[".contains($0) }
        let isPattern = value.text == nil || literal.count < path.count
        let named = injected.values.filter { variable in
            guard variable.content == .path else { return false }
            let file = Self.folder + "/" + variable.secret
            if path == Self.folder || path == file { return true }
            return isPattern && literal.count > "/run/".count && file.hasPrefix(literal)
        }
        return Value(
            named.map(\.secret).sorted().map { secret in
                .secret(Value.Taint(secret: secret, form: .plain, place: place))
            })
    }
}
