/// Reaching services of the host's and of the network's.
enum NetworkAttacks {
    static let all = loopback + beyond + sockets + families

    private static let end = "s.close()"
    /// A service inside is reached: it is the wall that stops the attack, and no lack of a network.
    private static let twin =
        "s = listen(socket.AF_INET, ('127.0.0.1', 0)); connect(socket.AF_INET, s.getsockname()); "
        + "heard(s) or stop('deaf')"

    private static func service(_ family: String, _ address: String, kind: String = "STREAM", file: String) -> String {
        "s = listen(socket.\(family), \(address), socket.SOCK_\(kind)); "
            + "open('\(file)', 'w').write(str(s.getsockname()[1]))"
    }

    private static let loopback = [
        Attack(
            "a service of the host's", "connect(socket.AF_INET, ('127.0.0.1', int(read('port1'))))",
            inside: "ECONNREFUSED", setup: service("AF_INET", "('127.0.0.1', 0)", file: "port1"), check: "heard(s)",
            cleanup: end),
        Attack(
            "a service of the host's by IPv6", "connect(socket.AF_INET6, ('::1', int(read('port2'))))",
            inside: "ECONNREFUSED", setup: service("AF_INET6", "('::1', 0)", file: "port2"), check: "heard(s)",
            cleanup: end),
        Attack(
            "a datagram to the host",
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'hello', ('127.0.0.1', int(read('port3'))))",
            inside: "no effect", setup: service("AF_INET", "('127.0.0.1', 0)", kind: "DGRAM", file: "port3"),
            check: "heard(s)", cleanup: end),
        Attack(
            "a service at every address of the host's", "connect(socket.AF_INET, ('0.0.0.0', int(read('port4'))))",
            inside: "ECONNREFUSED", setup: service("AF_INET", "('0.0.0.0', 0)", file: "port4"), check: "heard(s)",
            cleanup: end),
        Attack(
            "a low port of the host's",
            // Several that do not listen may have it at once, as where two suites run.
            """
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(('127.0.0.1', 811))
            """, inside: "EACCES",
            arguments: ["--policy", "host-network"]),
    ]

    private static let beyond =
        [
            ("the cloud's metadata service", "('169.254.169.254', 80)"), ("a private network", "('10.0.0.1', 80)"),
            ("an address of the internet", "('1.1.1.1', 443)"),
        ].map { name, address in
            Attack(name, "connect(socket.AF_INET, \(address))", inside: "ENETUNREACH", control: twin)
        } + [
            Attack(
                "a datagram to a name server",
                "connect(socket.AF_INET, ('1.1.1.1', 53), socket.SOCK_DGRAM)", inside: "ENETUNREACH", control: twin),
            Attack(
                "a datagram by IPv6", "connect(socket.AF_INET6, ('2606:4700:4700::1111', 53), socket.SOCK_DGRAM)",
                inside: "ENETUNREACH", "EADDRNOTAVAIL", control: twin),
            Attack(
                "looking up a name that carries a value",
                "try: socket.getaddrinfo('value.example.com', 80)\nexcept socket.gaierror: stop('unknown')",
                inside: "unknown", control: "socket.getaddrinfo('localhost', 80)"),
        ]

    private static let sockets = [
        Attack(
            "an abstract socket", "connect(socket.AF_UNIX, chr(0) + 'vault-sandbox-@RUN@-1')", inside: "ECONNREFUSED",
            setup: "s = listen(socket.AF_UNIX, chr(0) + 'vault-sandbox-@RUN@-1')", check: "heard(s)", cleanup: end),
        Attack(
            "an abstract socket where the network is shared",
            "connect(socket.AF_UNIX, chr(0) + 'vault-sandbox-@RUN@-2')", inside: "EPERM",
            setup: "s = listen(socket.AF_UNIX, chr(0) + 'vault-sandbox-@RUN@-2')", check: "heard(s)", cleanup: end,
            arguments: ["--policy", "host-network"]),
        Attack(
            "a container daemon's socket", "connect(socket.AF_UNIX, HOME + '/docker.sock')", inside: "ENOENT",
            setup: "s = listen(socket.AF_UNIX, home + '/docker.sock')", check: "heard(s)",
            cleanup: end + "; os.unlink(home + '/docker.sock')"),
        Attack(
            "a display's socket", "connect(socket.AF_UNIX, '/tmp/vault-sandbox-@RUN@.X99')", inside: "ENOENT",
            setup: "s = listen(socket.AF_UNIX, '/tmp/vault-sandbox-@RUN@.X99')", check: "heard(s)",
            cleanup: end + "; os.unlink('/tmp/vault-sandbox-@RUN@.X99')"),
        Attack(
            "a service's socket in /run", "connect(socket.AF_UNIX, '/run/vault-sandbox-@RUN@.sock')", inside: "ENOENT",
            setup: "s = listen(socket.AF_UNIX, '/run/vault-sandbox-@RUN@.sock')", check: "heard(s)",
            cleanup: end + "; os.unlink('/run/vault-sandbox-@RUN@.sock')"),
        Attack(
            "the key agent's socket", "connect(socket.AF_UNIX, os.environ.get('SSH_AUTH_SOCK') or stop('unset'))",
            inside: "unset",
            setup: "s = listen(socket.AF_UNIX, home + '/agent'); os.environ['SSH_AUTH_SOCK'] = home + '/agent'",
            check: "heard(s)", cleanup: end + "; os.unlink(home + '/agent'); del os.environ['SSH_AUTH_SOCK']"),
    ]

    private static let families =
        [
            ("a routing socket", "AF_NETLINK", "SOCK_RAW", "0"), ("a packet socket", "AF_PACKET", "SOCK_RAW", "0"),
            ("a socket to the hypervisor", "AF_VSOCK", "SOCK_STREAM", "0"),
            ("a socket to the kernel's ciphers", "AF_ALG", "SOCK_SEQPACKET", "0"),
        ].map { name, family, kind, proto in
            Attack(
                name, "socket.socket(socket.\(family), socket.\(kind), \(proto))", inside: "EAFNOSUPPORT",
                // Not every kernel has these two.
                control: ["AF_ALG", "AF_VSOCK"].contains(family) ? "socket.socket()" : "")
        } + [
            Attack(
                "a raw socket", "socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)", inside: "EPERM"),
            Attack(
                "a pair of sockets of another family", "reaches('socketpair', 16, 3, 0, 0, reply=errno.EFAULT)",
                inside: "EAFNOSUPPORT"),
            Attack(
                "an address of its own for the loopback device",
                """
                request = struct.pack('16sH2s4s8s', b'lo', socket.AF_INET, b'', bytes([127, 0, 0, 1]), b'')
                fcntl.ioctl(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), 0x8916, request)
                """, inside: "EPERM"),
            Attack(
                "a routing socket where the network is shared may not change it",
                """
                s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
                s.send(struct.pack('IHHII', 32, 16, 5, 1, 0) + struct.pack('BxHiII', 0, 0, 1, 0, 0))
                code = struct.unpack_from('i', s.recv(4096), 16)[0]
                if code: raise OSError(-code, 'netlink')
                """, inside: "EPERM", arguments: ["--policy", "host-network"]),
        ]
}
