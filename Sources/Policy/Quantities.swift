/// Sizes and durations as policies write them.
public enum Quantities {
    private static let sizeUnits: [(String, UInt64)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1),
    ]
    private static let timeUnits: [(String, UInt64)] = [("s", 1), ("m", 60), ("h", 3600)]

    /// What is said of a size that is not understood.
    static let sizeHelp = "write a size such as \"64KiB\", \"256MiB\" or \"2GiB\""
    /// What is said of a duration that is not understood.
    static let timeHelp = "write a duration such as \"90s\", \"5m\" or \"1h\""

    /// Bytes: `64KiB`, `256MiB`, `2GiB`, `100B`; at least 1.
    static func size(_ text: String) -> UInt64? { number(text, sizeUnits) }

    /// A duration in whole seconds: `90`, `90s`, `5m`, `1h`; at least one second, at most ten years.
    public static func duration(_ text: String) -> Duration? {
        guard let seconds = number(text, timeUnits) ?? number(text + "s", timeUnits), seconds <= 315_360_000 else {
            return nil
        }
        return .seconds(Int64(seconds))
    }

    /// A size in the largest unit that it is a whole number of.
    static func text(_ size: UInt64) -> String {
        let (unit, factor) = sizeUnits.filter { size % $0.1 == 0 }.max { $0.1 < $1.1 } ?? ("B", 1)
        return "\(size / factor)\(unit)"
    }

    private static func number(_ text: String, _ units: [(String, UInt64)]) -> UInt64? {
        for (unit, factor) in units where text.hasSuffix(unit) {
            let digits = text.dropLast(unit.count)
            guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { continue }
            guard let number = UInt64(digits), number > 0 else { return nil }
            let (product, overflows) = number.multipliedReportingOverflow(by: factor)
            return overflows || product > UInt64(Int64.max) ? nil : product
        }
        return nil
    }
}
