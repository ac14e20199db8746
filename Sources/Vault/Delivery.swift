/// How a secret reaches the program that uses it.
public enum Delivery: String, Sendable, CaseIterable {
    /// In an environment variable of the secret's name.
    case environment = "env"
    /// In a file whose path `NAME_FILE` holds.
    case file
    /// On a descriptor whose number `NAME_FD` holds.
    case descriptor = "fd"
}
