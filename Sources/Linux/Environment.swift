internal import Glibc

/// The environment that this process was started with.
public enum ProcessEnvironment {
    /// The value of a variable, or `nil` where it is not set. The corresponding C function is `getenv`.
    public static func value(of name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// Lends the bytes of a variable's value where they lie, for values that must not be copied into text.
    public static func withValue<R: ~Copyable>(of name: String, _ body: (Span<UInt8>) -> R) -> R? {
        guard let value = unsafe getenv(name) else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: value, count: strlen(value))
        return unsafe bytes.withMemoryRebound(to: UInt8.self) { unsafe body(Span(_unsafeElements: $0)) }
    }

    /// Every `NAME=value` entry as its bytes, in the order in which the kernel gave them; values need not be UTF-8.
    public static func entries() -> [[UInt8]] {
        var next = unsafe environ
        var entries: [[UInt8]] = []
        while let entry = unsafe next.pointee {
            unsafe entries.append(bytes(of: entry))
            unsafe next += 1
        }
        return entries
    }

    /// This process's arguments as their bytes, the program's own name first.
    public static func arguments() -> [[UInt8]] {
        (0..<Int(CommandLine.argc)).compactMap { index in
            guard let argument = unsafe CommandLine.unsafeArgv[index] else { return nil }
            return unsafe bytes(of: argument)
        }
    }

    private static func bytes(of string: UnsafePointer<CChar>) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: string, count: strlen(string)))
    }
}
