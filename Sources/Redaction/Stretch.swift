/// One occurrence of a pattern in a text, by positions of that text.
internal struct Occurrence {
    /// Where it starts.
    var start: Int
    /// Behind its last byte.
    var end: Int
    /// The pattern's number.
    var pattern: Int
    /// Whether the pattern's bytes stand one beside the other, so that a base64 edge may follow.
    var isContiguous = true
}

/// A part of the output that must go, by positions of the text in hand.
internal struct Stretch {
    /// Where it starts.
    var start: Int
    /// Behind its last byte.
    var end: Int
    /// The pattern's length: of two that start together the longer names the replacement.
    var length: Int
    /// The index of the secret.
    var secret: Int
    /// The family of its form.
    var family: FormFamily

    /// Whether this one is met before `other`.
    func precedes(_ other: Stretch) -> Bool {
        (start, other.length, secret, family.rawValue) < (other.start, length, other.secret, other.family.rawValue)
    }
}
