import Glibc

// Built with --sanitize=fuzzer and FUZZING this is a libFuzzer program; built without, it runs each file that it is given
// through the target once, to look at what the fuzzer found.

/// The parser or machine that this process feeds, named by the variable FUZZ_TARGET.
let target: FuzzTarget = {
    let name = unsafe getenv("FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        fatalError("set FUZZ_TARGET to one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))")
    }
    return target
}()

#if FUZZING
    /// What libFuzzer calls with each input.
    @_cdecl("LLVMFuzzerTestOneInput")
    func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        target.feed(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
        return 0
    }
#else
    @main
    struct Replay {
        static func main() {
            for path in CommandLine.arguments.dropFirst() {
                guard let file = unsafe fopen(path, "rb") else { fatalError("\(path): cannot be opened") }
                var bytes: [UInt8] = []
                while case let byte = unsafe fgetc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
                unsafe fclose(file)
                target.feed(bytes)
                print("\(path): \(bytes.count) bytes, nothing found")
            }
        }
    }
#endif
