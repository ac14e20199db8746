internal import CSodium

extension SecretBytes {
    /// Whether two secrets are equal, in a time that tells nothing of where they differ.
    ///
    /// The corresponding C function is libsodium's `sodium_memcmp`.
    public borrowing func isEqual(to other: borrowing SecretBytes) -> Bool {
        guard count == other.count else { return false }
        return withSpan { own in
            other.withSpan { theirs in
                unsafe own.withUnsafeBytes { own in
                    unsafe theirs.withUnsafeBytes { theirs in
                        guard let first = own.baseAddress, let second = theirs.baseAddress else { return true }
                        return unsafe sodium_memcmp(first, second, own.count) == 0
                    }
                }
            }
        }
    }
}
