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
    /// Whether it only makes the stretch longer that ends where this one starts.
    var isExtension = false

    /// Whether this one is met before `other`; an extension belongs to what is before both.
    func precedes(_ other: Stretch) -> Bool {
        let (own, its) = (isExtension ? Int.max : length, other.isExtension ? Int.max : other.length)
        return (start, its, secret) < (other.start, own, other.secret)
    }
}
