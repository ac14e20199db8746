/// Random text of no known shape.
///
/// The thresholds are conservative: letters of both cases and digits, mixed as in random base 64 and not as in names;
/// commit ids, UUIDs and other checksums in hexadecimal are none, and neither is text that was encoded.
internal enum RandomText {
    private static let length = 32...160

    /// Whether no longer run of the same characters was looked at already.
    static func mayBegin(_ bytes: [UInt8], _ start: Int) -> Bool {
        start == 0 || !isBody(bytes[start - 1]) || bytes[start - 1] == UInt8(ascii: "=")
    }

    /// Where random text ends that begins here; `nil` where there is none.
    static func end(_ bytes: [UInt8], _ start: Int) -> Int? {
        var end = start
        while end < bytes.count, end - start <= length.upperBound, isBody(bytes[end]) { end += 1 }
        let run = bytes[start..<end]
        guard length.contains(run.count), !isKnown(bytes, start, run) else { return nil }
        var digits = 0
        var lower = 0
        var upper = 0
        var changes = 0
        var counts: [UInt8: Int] = [:]
        var previous = 0
        for byte in run {
            let kind =
                (0x30...0x39).contains(byte)
                ? 1 : (0x61...0x7A).contains(byte) ? 2 : (0x41...0x5A).contains(byte) ? 3 : 4
            if kind == 1 { digits += 1 }
            if kind == 2 { lower += 1 }
            if kind == 3 { upper += 1 }
            if kind != previous { changes += 1 }
            previous = kind
            counts[byte, default: 0] += 1
        }
        guard !isName(bytes, start, end), wordLetters(run) * 5 <= run.count * 2 else { return nil }
        guard digits >= 3, lower >= 6, upper >= 6, changes * 5 >= run.count * 2 else { return nil }
        // Collisions among bytes, instead of Shannon's entropy, need no logarithm: 62 letters collide seldom.
        let collisions = counts.values.reduce(0) { $0 + $1 * ($1 - 1) }
        guard collisions * 24 <= run.count * (run.count - 1), !isText(run) else { return nil }
        return end
    }

    /// How many letters stand in words: three and more small ones, perhaps with a capital in front, or as many capitals.
    private static func wordLetters(_ run: ArraySlice<UInt8>) -> Int {
        var letters = 0
        var position = run.startIndex
        while position < run.endIndex {
            let begin = position
            while position < run.endIndex, (0x41...0x5A).contains(run[position]) { position += 1 }
            let capitals = position - begin
            let small = position
            while position < run.endIndex, (0x61...0x7A).contains(run[position]) { position += 1 }
            let length = position - small
            if capitals >= 3 || length >= 3 || (capitals == 1 && length == 2) { letters += capitals + length }
            if position == begin { position += 1 }
        }
        return letters
    }

    /// Whether it is a file's name with an extension, a part of a URL's path, or an identifier in a query.
    private static func isName(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
        if end < bytes.count, bytes[end] == UInt8(ascii: "."), end + 1 < bytes.count,
            (0x61...0x7A).contains(bytes[end + 1])
        {
            return true
        }
        let before = bytes[max(0, start - 512)..<start]
        let word = before.suffix { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
        if word.contains(UInt8(ascii: ":")), !word.contains(UInt8(ascii: "?")),
            Array(word).firstRange(of: Array("://".utf8)) != nil
        {
            // Behind the host; a user's name or password has an @ behind it.
            return !bytes[end...].prefix(128).prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") }.contains(
                UInt8(ascii: "@"))
        }
        func isIdentifier(_ key: some Collection<UInt8>) -> Bool {
            String(decoding: key, as: UTF8.self).lowercased().hasSuffix("id")
        }
        if word.last == UInt8(ascii: "="), isIdentifier(word.dropLast()) { return true }
        let key = bytes[start..<end].prefix { $0 != UInt8(ascii: "=") }
        return key.endIndex < end && isIdentifier(key)
    }

    private static func isBody(_ byte: UInt8) -> Bool {
        ByteKind.isToken(byte) || byte == 0x2B || byte == 0x2F || byte == 0x3D
    }

    /// Checksums with their names in front, public keys, content addresses, pictures, paths.
    private static func isKnown(_ bytes: [UInt8], _ start: Int, _ run: ArraySlice<UInt8>) -> Bool {
        let before = String(decoding: bytes[max(0, start - 12)..<start], as: UTF8.self).lowercased()
        if ["sha1-", "sha256-", "sha384-", "sha512-", "sha256:", "sha512:", "h1:", "base64,", "integrity="].contains(
            where: before.hasSuffix)
        {
            return true
        }
        let text = String(decoding: run.prefix(12), as: UTF8.self)
        if ["sha1-", "sha256-", "sha384-", "sha512-", "AAAA", "MII", "iVBOR", "/9j/", "R0lGOD", "Qm", "bafy"].contains(
            where: text.hasPrefix)
        {
            return true
        }
        // Four slashes and more make a path.
        return run.count { $0 == 0x2F } * 12 > run.count
    }

    /// Whether it is base 64 of plain text.
    private static func isText(_ run: ArraySlice<UInt8>) -> Bool {
        var decoded: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in run {
            let value: UInt32? =
                switch byte {
                case 0x41...0x5A: UInt32(byte) - 0x41
                case 0x61...0x7A: UInt32(byte) - 0x61 + 26
                case 0x30...0x39: UInt32(byte) - 0x30 + 52
                case 0x2B, 0x2D: 62
                case 0x2F, 0x5F: 63
                default: nil
                }
            guard let value else { continue }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        let plain = decoded.count { (0x20...0x7E).contains($0) || $0 == 0x0A || $0 == 0x09 }
        return plain * 10 >= decoded.count * 9
    }
}

extension ArraySlice where Element == UInt8 {
    /// The longest end of which all bytes are such.
    fileprivate func suffix(_ isPart: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        var begin = endIndex
        while begin > startIndex, isPart(self[begin - 1]) { begin -= 1 }
        return self[begin...]
    }
}
