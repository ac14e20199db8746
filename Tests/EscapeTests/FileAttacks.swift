/// Reading and writing what was not granted.
enum FileAttacks {
    static let all = reads + links + writes + traps

    private static let reads = [
        Attack("the password database", "read('/etc/shadow')", inside: "empty"),
        Attack(
            "a key in ~/.ssh", "read(HOME + '/.ssh/id_ed25519')", inside: "ENOENT",
            setup: "put(HOME + '/.ssh/id_ed25519')"),
        Attack(
            "the names of another user's files", "os.listdir('/root')[0]", inside: "ENOENT"),
        Attack("a way out by ..", "read('../outer')", inside: "ENOENT", setup: "put('../outer')"),
        Attack(
            "a file of root's own in /etc", "read('/etc/vault-sandbox-attack')", inside: "ENOENT", "empty",
            setup: "write('/etc/vault-sandbox-attack'); os.chmod('/etc/vault-sandbox-attack', 0o600)",
            cleanup: "os.unlink('/etc/vault-sandbox-attack')"),
        Attack(
            "the first process's root", "read('/proc/1/root/etc/passwd')", inside: "EACCES",
            control: "read('/proc/self/root/etc/passwd')"),
        Attack(
            "the first process's folder", "os.listdir('/proc/1/cwd')", inside: "EACCES",
            control: "os.listdir('/proc/self/cwd')"),
        Attack("the kernel's symbols", "read('/proc/kallsyms')", inside: "empty"),
        Attack("the kernel's messages", "os.open('/dev/kmsg', os.O_RDONLY)", inside: "ENOENT"),
        Attack("the kernel's own tree", "os.listdir('/sys/kernel')[0]", inside: "ENOENT"),
        Attack(
            "a handle instead of a path",
            """
            handle = ctypes.create_string_buffer(struct.pack('Ii', 128, 0) + bytes(128))
            call('name_to_handle_at', -100, b'/etc', handle, ctypes.byref(ctypes.c_int()), 0)
            os.listdir(call('open_by_handle_at', os.open('/etc', os.O_RDONLY), handle, os.O_RDONLY))[0]
            """, inside: "EPERM"),
        Attack(
            "opening a handle made elsewhere",
            "reaches('open_by_handle_at', -1, ctypes.create_string_buffer(struct.pack('Ii', 8, 1) + bytes(8)), 0, "
                + "reply=errno.EBADF)", inside: "EPERM"),
    ]

    private static let links = [
        Attack(
            "a symbolic link out of the working tree", "read('link')", inside: "ENOENT",
            setup: "write(HOME + '/outer'); os.path.lexists('link') or os.symlink(HOME + '/outer', 'link')"),
        Attack(
            "a hard link to a file outside", "os.link(HOME + '/outer', 'hard')", inside: "ENOENT",
            setup: "write(HOME + '/outer')", check: "os.path.exists('hard')",
            cleanup: "remove('hard')"),
        Attack(
            "a hard link to what is only readable", "os.link('/usr/bin/env', 'env')", inside: "EXDEV",
            check: "os.path.exists('env')", cleanup: "remove('env')"),
        Attack(
            "a folder that turns into a link and back",
            """
            for _ in range(400):
                os.rename('flip', 'flop'); os.rename('flap', 'flip')
                try:
                    if b'outer' in read('flip/f'): break
                except FileNotFoundError: pass
                os.rename('flip', 'flap'); os.rename('flop', 'flip')
            else: stop('hidden')
            """, inside: "hidden",
            setup: """
                remove('flip', 'flap', 'flop')
                put('flip/f', b'inner'); put(HOME + '/flap/f', b'outer')
                os.symlink(HOME + '/flap', 'flap')
                """),
    ]

    private static let writes = [
        Attack(
            "a new program in /usr/bin", "write('/usr/bin/vault-sandbox-attack')", inside: "EROFS", "EACCES",
            check: "os.path.exists('/usr/bin/vault-sandbox-attack')",
            cleanup: "remove('/usr/bin/vault-sandbox-attack')"),
        Attack(
            "an entry at the root", "write('/vault-sandbox-attack')", inside: "EROFS", "EACCES",
            check: "os.path.exists('/vault-sandbox-attack')",
            cleanup: "remove('/vault-sandbox-attack')"),
        Attack("the mode of a system folder", "os.chmod('/usr/bin', 0o755)", inside: "EROFS"),
        Attack("the times of a system file", "os.utime('/usr/bin/env')", inside: "EROFS"),
        Attack(
            "an attribute of a system folder",
            "os.setxattr('/usr', 'user.attack', b'x'); os.removexattr('/usr', 'user.attack')", inside: "EROFS"),
        Attack(
            "cutting a granted file to nothing", "os.truncate(HOME + '/granted/f', 0)", inside: "EROFS", "EACCES",
            setup: "put(HOME + '/granted/f')",
            check: "os.path.getsize(HOME + '/granted/f') == 0", arguments: ["--read", "../granted"]),
        Attack(
            "removing a granted file", "os.unlink(HOME + '/given/f')", inside: "EROFS", "EACCES",
            setup: "put(HOME + '/given/f')",
            check: "not os.path.exists(HOME + '/given/f')", arguments: ["--read", "../given"]),
        Attack(
            "a setting of the kernel", "open('/proc/sys/kernel/printk_ratelimit', 'r+').close()", inside: "EROFS"),
        Attack(
            "the program that the kernel gives core dumps to",
            "os.open('/proc/sys/kernel/core_pattern', os.O_WRONLY)", inside: "EROFS"),
        Attack(
            "something mounted over /etc", "apart(); call('mount', b'none', b'/etc', b'tmpfs', 0, 0)",
            inside: "EPERM"),
        Attack(
            "taking the cover off what is hidden", "apart(b'/etc/shadow'); call('umount2', b'/etc/shadow', 2)",
            inside: "EPERM"),
        Attack(
            "making what is read-only writable",
            "apart(b'/etc/shadow'); call('mount', b'none', b'/etc/shadow', b'none', 0x1020, 0)", inside: "EPERM"),
        Attack(
            "a device node",
            "os.mknod('node', 0o20600, os.makedev(1, 3))", inside: "EPERM",
            cleanup: "remove('node')"),
    ]

    /// What other programs carry out later, outside.
    private static let traps =
        [
            Attack(
                "a hook of git's", "write('.git/hooks/pre-commit')", inside: "EROFS", "EACCES",
                setup: "os.makedirs('.git/hooks', exist_ok=True)",
                check: "os.path.exists('.git/hooks/pre-commit')", cleanup: "remove('.git')"),
            Attack(
                "moving the hooks away", "os.rename('.git', '.tig')", inside: "EBUSY",
                setup: "os.makedirs('.git/hooks', exist_ok=True)", check: "os.path.exists('.tig')",
                cleanup: "remove('.git', '.tig')"),
            Attack(
                "a file moved over a protected one", "write('other'); os.rename('other', '.mcp.json')",
                inside: "EBUSY", setup: "put('.mcp.json')",
                check: "open('.mcp.json').read() != 'kept'", cleanup: "remove('.mcp.json')"),
        ]
        + [".envrc", ".gitmodules", ".vscode/tasks.json", ".idea/workspace.xml", ".git/config"].map { name in
            Attack(
                "writing \(name)", "write('\(name)')", inside: "EROFS", "EACCES",
                setup: "put('\(name)')",
                check: "open('\(name)').read() != 'kept'", cleanup: "remove('\(name)')")
        }
}
