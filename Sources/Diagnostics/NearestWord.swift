/// Finds the candidate that a mistyped word most likely meant.
///
/// - Returns: The candidate with the smallest edit distance (insertion, deletion, substitution and swap of neighbours
///   count one each), or `nil` where every candidate is further away than a third of the word's length, at least one.
public func nearestWord(to word: String, in candidates: some Sequence<String>) -> String? {
    let target = Array(word.lowercased().utf8)
    let limit = max(1, (target.count + 1) / 3)
    var best: (word: String, distance: Int)?
    for candidate in candidates {
        let bytes = Array(candidate.lowercased().utf8)
        guard abs(bytes.count - target.count) <= limit else { continue }
        let distance = editDistance(target, bytes)
        if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.word
}

/// The optimal string alignment distance of two byte strings.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforePrevious = [Int](repeating: 0, count: b.count + 1)
    var previous = Array(0...b.count)
    for i in a.indices {
        var current = [i + 1] + [Int](repeating: 0, count: b.count)
        for j in b.indices {
            let substitution = previous[j] + (a[i] == b[j] ? 0 : 1)
            current[j + 1] = min(previous[j + 1] + 1, current[j] + 1, substitution)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                current[j + 1] = min(current[j + 1], beforePrevious[j - 1] + 1)
            }
        }
        beforePrevious = previous
        previous = current
    }
    return previous[b.count]
}
