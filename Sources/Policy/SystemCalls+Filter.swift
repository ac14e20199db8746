public import Linux

extension Policy.SystemCalls {
    /// The filter that carries the two lists out, with the checks of arguments that no list can take away.
    ///
    /// - Parameter lonely: What a program without namespaces may do with sockets, or `nil` for one with namespaces.
    public func filter(withoutNamespaces lonely: Policy.Network? = nil) -> SystemCallFilter {
        var filter = composed()
        guard let lonely else { return filter }
        // A socket's name leads to every daemon of the user's, and Landlock stops none; an address to the network.
        if let socket = SystemCallFilter.number(of: "socket"), var rule = filter.rules[socket] {
            let refusal = SystemCallFilter.Action.fail(.familyNotSupported)
            switch lonely {
            case .none: rule = SystemCallFilter.Rule(otherwise: refusal)
            // AF_UNIX and AF_NETLINK.
            case .host:
                rule.checks.insert(.init([.init(argument: 0, mask: 0xFFFF_FFFF, values: [1, 16])], refusal), at: 0)
            }
            filter.rules[socket] = rule
        }
        // A pair of datagram sockets can still send to any name; limits of other programs are of another namespace.
        filter.deny("socketpair", unless: .init(argument: 1, mask: 0xF, values: [1, 5]), .familyNotSupported)
        filter.deny("prlimit64", unless: .init(argument: 0, mask: 0xFFFF_FFFF, values: [0]), .notPermitted)
        // What other programs of the user's share is not this one's, and io_uring opens sockets where no filter looks.
        for name in Self.shared {
            if let number = SystemCallFilter.number(of: name) { filter.rules[number] = nil }
        }
        return filter
    }

    /// Calls that reach what belongs to a namespace.
    private static let shared = [
        "shmget", "shmat", "shmctl", "shmdt", "semget", "semop", "semtimedop", "semctl", "msgget", "msgsnd", "msgrcv",
        "msgctl", "mq_open", "mq_unlink", "io_uring_setup", "io_uring_enter", "io_uring_register",
    ]

    private func composed() -> SystemCallFilter {
        guard let profile = profile?.profile else { return filter(allowing: allow) }
        // Where no list says what may be called at all, the profile says it, within what everyday programs call.
        let everyday = Policy.Item(
            text: "@default", isOptional: false, origin: Policy.Origin(source: "profile", line: 1, column: 1))
        return filter(allowing: allow.isEmpty ? [everyday] : allow)
            .narrowed(by: profile.rules, otherwise: profile.otherwise)
    }

    private func filter(allowing allow: [Policy.Item]) -> SystemCallFilter {
        let denied = numbers(deny)
        let allowed = numbers(allow)
        var rules: [Int32: SystemCallFilter.Rule] = [:]
        rules.reserveCapacity(allowed.count)
        for number in allowed where !denied.contains(number) {
            rules[number] = SystemCallFilter.Rule(otherwise: .allow)
        }
        let permitsNetlink = allow.contains { $0.text == SystemCallGroups.netlinkRoute }
        for (name, rule) in Self.restricted(permitsNetlink: permitsNetlink) {
            guard let number = SystemCallFilter.number(of: name), rules[number] != nil else { continue }
            rules[number] = rule
        }
        // Its flags lie behind a pointer, where no filter can look; the C library falls back on clone.
        if let clone3 = SystemCallFilter.number(of: "clone3") {
            rules[clone3] = SystemCallFilter.Rule(otherwise: .fail(.notImplemented))
        }
        return SystemCallFilter(rules: rules)
    }

    private func numbers(_ items: [Policy.Item]) -> Set<Int32> {
        var numbers: Set<Int32> = []
        for item in items {
            let calls = SystemCallGroups.calls(of: item.text) ?? [item.text[...]]
            numbers.reserveCapacity(numbers.count + calls.count)
            for call in calls {
                if let number = SystemCallFilter.number(of: String(call)) { numbers.insert(number) }
            }
        }
        return numbers
    }

    /// What a call that is allowed may still not do. The kernel reads 32 bits of the arguments that are `int`.
    private static func restricted(permitsNetlink: Bool) -> [String: SystemCallFilter.Rule] {
        let low: UInt64 = 0xFFFF_FFFF
        func only(_ argument: Int, mask: UInt64 = low, _ values: [UInt64], else error: Errno) -> SystemCallFilter.Rule {
            .init(
                checks: [.init([.init(argument: argument, mask: mask, values: values)], .allow)],
                otherwise: .fail(error))
        }
        func never(_ argument: Int, _ values: [UInt64]) -> SystemCallFilter.Rule {
            .init(
                checks: [.init([.init(argument: argument, mask: low, values: values)], .fail(.notPermitted))],
                otherwise: .allow)
        }
        // A file that is set-uid or set-gid stays on the host, where it would run with its owner's rights.
        let special: UInt64 = 0o6000
        func plain(_ mode: Int) -> SystemCallFilter.Rule { only(mode, mask: special, [0], else: .notPermitted) }
        func plainWhereMaking(flags: Int, mode: Int) -> SystemCallFilter.Rule {
            // O_CREAT, and the bit of O_TMPFILE that is its own; without either the mode is whatever lay there.
            let makes: [UInt64] = [0o100, 0o2000_0000]
            return .init(
                checks: [.init([.init(argument: mode, mask: special, values: [0])], .allow)]
                    + makes.map { bit in
                        .init([.init(argument: flags, mask: bit, values: [bit])], .fail(.notPermitted))
                    }, otherwise: .allow)
        }
        let families = only(0, [1, 2, 10], else: .familyNotSupported)  // AF_UNIX, AF_INET, AF_INET6
        var sockets = families
        if permitsNetlink {
            // AF_NETLINK with NETLINK_ROUTE.
            sockets.checks.append(
                .init(
                    [.init(argument: 0, mask: low, values: [16]), .init(argument: 2, mask: low, values: [0])], .allow))
        }
        return [
            "socket": sockets,
            "socketpair": only(0, [1], else: .familyNotSupported),
            // No namespace: CLONE_NEWTIME lies in the bits of the exit signal and is not clone's to make.
            "clone": only(0, mask: 0x7E02_0000, [0], else: .notPermitted),
            // TIOCSTI, TIOCSETD and TIOCLINUX act on a terminal as if somebody typed.
            "ioctl": never(1, [0x5412, 0x5423, 0x541C]),
            // Only what changes nothing: PER_LINUX, and the question for the current one.
            "personality": only(0, [0, 0xFFFF_FFFF], else: .notPermitted),
            // PR_SET_MM, PR_SET_SECUREBITS, PR_SET_PTRACER, PR_CAP_AMBIENT.
            "prctl": never(0, [35, 28, 0x5961_6D61, 47]),
            // Regular files, pipes and sockets, but no device, and none with a special bit.
            "mknod": only(1, mask: 0o170000 | special, [0, 0o100000, 0o010000, 0o140000], else: .notPermitted),
            "mknodat": only(2, mask: 0o170000 | special, [0, 0o100000, 0o010000, 0o140000], else: .notPermitted),
            "chmod": plain(1), "fchmod": plain(1), "fchmodat": plain(2), "fchmodat2": plain(2), "mkdir": plain(1),
            "mkdirat": plain(2), "creat": plain(1), "open": plainWhereMaking(flags: 1, mode: 2),
            "openat": plainWhereMaking(flags: 2, mode: 3),
            // Its mode lies behind a pointer, where no filter can look; programs fall back on openat.
            "openat2": .init(otherwise: .fail(.notImplemented)),
            // Core dumps stay off (RLIMIT_CORE): no new value for them.
            "setrlimit": never(0, [4]),
            "prlimit64": .init(
                checks: [
                    .init([.init(argument: 1, mask: low, values: [4]), .init(argument: 2, values: [0])], .allow),
                    .init([.init(argument: 1, mask: low, values: [4])], .fail(.notPermitted)),
                ], otherwise: .allow),
        ]
    }
}

extension SystemCallFilter {
    /// Refuses a call that is in the list where an argument is none of some values.
    fileprivate mutating func deny(_ name: String, unless match: Match, _ error: Errno) {
        guard let number = Self.number(of: name), var rule = rules[number] else { return }
        let other = Match(argument: match.argument, mask: match.mask, .noneOf, values: match.values)
        rule.checks.insert(.init([other], .fail(error)), at: 0)
        rules[number] = rule
    }
}
