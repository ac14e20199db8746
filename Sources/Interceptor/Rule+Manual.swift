extension Rule {
    /// The rules as a list of mdoc(7), for vault-sandbox-interceptor(7).
    public static var manual: String {
        var lines = [".Bl -tag -width Ds"]
        for rule in table {
            lines += [".It Cm \(rule.id.rawValue)", sentence(rule.reason)]
            lines += text(rule.scope)
            lines += [".Pp", "Refused:", ".Dl \(command(rule.example))"]
            lines += [sentence(rule.advice), ".Dl \(command(rule.alternative))"]
        }
        return (lines + [".El"]).joined(separator: "\n")
    }

    /// Text with a sentence a line, as manual pages have it.
    private static func text(_ text: String) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            line += (line.isEmpty ? "" : " ") + word
            if word.hasSuffix(".") {
                lines.append(escape(line))
                line = ""
            }
        }
        return line.isEmpty ? lines : lines + [escape(line)]
    }

    private static func sentence(_ text: String) -> String {
        escape(text.prefix(1).uppercased() + text.dropFirst() + ".")
    }

    private static func command(_ words: [String]) -> String {
        // The words of a literal line are looked at for macros, and so each is quoted.
        words.map { word in
            let shown = escape(shown(word)).split(separator: "\"", omittingEmptySubsequences: false).joined(
                separator: "\\(dq")
            return "\"\(shown)\""
        }.joined(separator: " ")
    }

    /// Text in which nothing is read as a request or an escape.
    private static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\\": escaped += "\\e"
            case "'": escaped += "\\(aq"
            case "`": escaped += "\\(ga"
            case "…": escaped += "..."
            case "\n": escaped += "\\en"
            default: escaped.append(character)
            }
        }
        return escaped.hasPrefix(".") ? "\\&" + escaped : escaped
    }
}
