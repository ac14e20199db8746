import Policy

/// Policies of a test, by name; messages name them by that name and `.toml`.
struct TextSource: PolicySource {
    var texts: [String: [UInt8]]

    init(_ texts: [String: String]) { self.texts = texts.mapValues { Array($0.utf8) } }

    var names: [String] { texts.keys.sorted() + BundledPolicies.names }

    func text(of name: String) -> PolicyText? {
        texts[name].map { PolicyText(source: name + ".toml", bytes: $0) } ?? BundledPolicies().text(of: name)
    }

    /// What is wrong with policies composed in this order; empty where nothing is.
    func problems(_ names: String...) -> [String] {
        do throws(PolicyError) {
            _ = try PolicyResolver(self).resolve(names)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }
}
