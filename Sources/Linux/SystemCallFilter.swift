internal import CSeccomp

/// Which system calls a program may make, and what happens to the others: the value from which a seccomp program is
/// compiled.
///
/// libseccomp is asked for names and numbers only. It cannot say, in one program, "every value but those whose low 32
/// bits are these", which TIOCSTI needs (CVE-2019-10063), and takes 1.1 ms where `compile` takes a small part of that.
public struct SystemCallFilter: Equatable, Sendable {
    /// What happens to a call.
    public enum Action: Hashable, Sendable {
        /// The kernel carries it out.
        case allow
        /// It fails with this error and does nothing.
        case fail(Errno)
        /// The whole program ends with SIGSYS.
        case kill
    }

    /// A statement about one argument: its bits under `mask` are one of `values`, or lie on one side of the first.
    public struct Match: Hashable, Sendable {
        /// How an argument's bits stand to a value, both as unsigned numbers of 64 bits.
        public enum Relation: Hashable, Sendable {
            /// They are one of the values.
            case oneOf
            /// They are none of the values.
            case noneOf
            /// They are greater than the first value.
            case above
            /// They are the first value or greater.
            case atLeast
            /// They are less than the first value.
            case below
            /// They are the first value or less.
            case atMost
        }

        /// Which argument, 0 to 5.
        public var argument: Int
        /// The bits that count; the kernel reads only the low 32 of an argument that is an `int`.
        public var mask: UInt64
        /// How those bits stand to `values`.
        public var relation: Relation
        /// What those bits are compared with; those of them that are not under the mask do not count.
        public var values: [UInt64]

        /// Makes a statement; one about an order has exactly one value and the mask of all bits.
        public init(argument: Int, mask: UInt64 = .max, _ relation: Relation = .oneOf, values: [UInt64]) {
            precondition((0..<6).contains(argument), "a system call has six arguments")
            precondition(
                relation == .oneOf || relation == .noneOf || (values.count == 1 && mask == .max),
                "an order is that of one value and all bits")
            self.argument = argument
            self.mask = mask
            self.relation = relation
            self.values = values
        }

        /// Whether an argument's value is as the statement says.
        public func holds(for value: UInt64) -> Bool {
            switch relation {
            case .oneOf: values.contains { $0 & mask == value & mask }
            case .noneOf: !values.contains { $0 & mask == value & mask }
            case .above: values.allSatisfy { value > $0 }
            case .atLeast: values.allSatisfy { value >= $0 }
            case .below: values.allSatisfy { value < $0 }
            case .atMost: values.allSatisfy { value <= $0 }
            }
        }
    }

    /// What happens where every statement holds.
    public struct Check: Hashable, Sendable {
        /// The statements.
        public var matches: [Match]
        /// What happens.
        public var action: Action

        /// Makes a check.
        public init(_ matches: [Match], _ action: Action) {
            self.matches = matches
            self.action = action
        }
    }

    /// What happens to one call: the first check that holds decides, else `otherwise`.
    public struct Rule: Hashable, Sendable {
        /// The checks, in order.
        public var checks: [Check]
        /// What happens where none holds.
        public var otherwise: Action

        /// Makes a rule.
        public init(checks: [Check] = [], otherwise: Action) {
            self.checks = checks
            self.otherwise = otherwise
        }
    }

    /// The rules by the call's number.
    public var rules: [Int32: Rule]

    /// Makes a filter; calls without a rule fail with EPERM where they are known, else with ENOSYS.
    public init(rules: [Int32: Rule]) { self.rules = rules }

    /// The number of a call on this architecture, or `nil` where there is none of that name.
    ///
    /// The corresponding C function is libseccomp's `seccomp_syscall_resolve_name`.
    public static func number(of name: String) -> Int32? {
        let number = unsafe seccomp_syscall_resolve_name(name)
        return number >= 0 ? number : nil
    }

    /// Whether any architecture that libseccomp knows has a call of that name.
    public static func isKnown(_ name: String) -> Bool { unsafe seccomp_syscall_resolve_name(name) != -1 }

    /// What happens to a call with a rule for it, or without one.
    ///
    /// A call that is newer than this list fails as on an older kernel, so that libraries fall back; EPERM would tell
    /// them that it exists.
    internal func rule(for number: Int32) -> Rule {
        if let rule = rules[number] { return rule }
        let isKnown = Self.knownNumbers.contains { $0.contains(number) }
        return Rule(otherwise: .fail(isKnown ? .notPermitted : .notImplemented))
    }

    /// The numbers that Linux 5.17 has: what is known when this was written. Since 5.1 all architectures count alike.
    #if arch(x86_64)
        internal static let knownNumbers: [ClosedRange<Int32>] = [0...334, 424...450]
        /// The only architecture whose calls are let in; AUDIT_ARCH_X86_64.
        internal static let architecture: UInt32 = 0xC000_003E
    #elseif arch(arm64)
        internal static let knownNumbers: [ClosedRange<Int32>] = [0...293, 424...450]
        /// The only architecture whose calls are let in; AUDIT_ARCH_AARCH64.
        internal static let architecture: UInt32 = 0xC000_00B7
    #endif
}
