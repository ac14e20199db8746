/// A machine for classic BPF over `struct seccomp_data`, as small as the programs that filters compile to.
///
/// It refuses what the kernel's checker refuses in such programs: unknown codes, jumps out of the program, loads that
/// are not of an aligned word of the data, and a program without end.
struct FilterMachine {
    /// What the program makes of a call: the kernel's SECCOMP_RET value.
    struct Verdict: Equatable, CustomStringConvertible {
        let value: UInt32

        static let allow = Verdict(value: 0x7FFF_0000)
        static let kill = Verdict(value: 0x8000_0000)
        static func fail(_ number: Int32) -> Verdict { Verdict(value: 0x0005_0000 | UInt32(number)) }

        var description: String { String(value, radix: 16) }
    }

    /// What the kernel would refuse.
    enum Fault: Error, Equatable {
        case length
        case code(UInt16)
        case jump
        case load(UInt32)
    }

    private struct Instruction {
        let code: UInt16
        let ifTrue: UInt8
        let ifFalse: UInt8
        let constant: UInt32
    }

    private let instructions: [Instruction]

    /// How many instructions the last run took.
    private(set) var steps = 0

    /// How many instructions there are; the kernel takes 4096 at most.
    var count: Int { instructions.count }

    /// Reads a program, eight bytes an instruction.
    init(_ bytes: [UInt8]) throws {
        guard bytes.count % 8 == 0, (1...4096).contains(bytes.count / 8) else { throw Fault.length }
        instructions = stride(from: 0, to: bytes.count, by: 8).map { start in
            let word = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << ($1 * 8) }
            return Instruction(
                code: UInt16(truncatingIfNeeded: word), ifTrue: UInt8(truncatingIfNeeded: word >> 16),
                ifFalse: UInt8(truncatingIfNeeded: word >> 24), constant: UInt32(truncatingIfNeeded: word >> 32))
        }
        guard instructions.last?.code == 0x06 else { throw Fault.jump }
    }

    /// Runs the program over one call.
    mutating func run(architecture: UInt32, number: UInt32, arguments: [UInt64] = []) throws -> Verdict {
        // nr, arch, the instruction pointer, then six arguments, low half first.
        var data: [UInt32] = [number, architecture, 0xDEAD_BEEF, 0x7FFF]
        for index in 0..<6 {
            let argument = index < arguments.count ? arguments[index] : 0
            data += [UInt32(truncatingIfNeeded: argument), UInt32(truncatingIfNeeded: argument >> 32)]
        }
        var accumulator: UInt32 = 0
        var next = 0
        steps = 0
        while next < instructions.count {
            let instruction = instructions[next]
            steps += 1
            next += 1
            switch instruction.code {
            case 0x20:
                guard instruction.constant % 4 == 0, instruction.constant < 64 else {
                    throw Fault.load(instruction.constant)
                }
                accumulator = data[Int(instruction.constant / 4)]
            case 0x54: accumulator &= instruction.constant
            case 0x05: next += Int(instruction.constant)
            case 0x15: next += Int(accumulator == instruction.constant ? instruction.ifTrue : instruction.ifFalse)
            case 0x25: next += Int(accumulator > instruction.constant ? instruction.ifTrue : instruction.ifFalse)
            case 0x35: next += Int(accumulator >= instruction.constant ? instruction.ifTrue : instruction.ifFalse)
            case 0x06: return Verdict(value: instruction.constant)
            default: throw Fault.code(instruction.code)
            }
        }
        throw Fault.jump
    }
}
