/// This version of the program.
public enum Version {
    /// The number alone.
    public static let text = "0.1.0"
}
