/// The character devices that every sandbox has: they are the same for everybody and keep nothing.
public enum HarmlessDevice: String, Sendable, CaseIterable {
    case null, zero, full, random, urandom

    /// Where it lies, outside and inside.
    public var path: String { "/dev/" + rawValue }

    /// The device with this number, as fstat(2) has it: the major number 1 and one of five minor numbers.
    public init?(number: UInt64) {
        switch number {
        case 0x103: self = .null
        case 0x105: self = .zero
        case 0x107: self = .full
        case 0x108: self = .random
        case 0x109: self = .urandom
        default: return nil
        }
    }
}
