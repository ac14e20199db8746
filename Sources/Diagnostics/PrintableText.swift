/// A text without what would command the terminal that it is shown on.
///
/// Control characters, invisible ones that change the direction or the joining of text, and line separators are written
/// out, as in `\u{1b}`; everything else stays.
public func printable(_ text: some StringProtocol) -> String {
    var printable = ""
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator:
            printable += "\\u{\(String(scalar.value, radix: 16))}"
        default: printable.unicodeScalars.append(scalar)
        }
    }
    return printable
}

/// A message without what would command a terminal; only a list's indented lines stay lines.
public func printableLines(_ message: String) -> String {
    message.split(separator: "\n  ", omittingEmptySubsequences: false).map { printable($0) }.joined(separator: "\n  ")
}
