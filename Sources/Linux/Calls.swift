internal import CLinux
internal import Glibc

/// Every libc function and shim that this module calls, and the only place that names them.
///
/// Each one answers from the current `SystemCallRecorder` in a debug build, so that a table test can hold the exact
/// arguments of every wrapper; none interprets a result.
internal enum Calls {
    static func close(_ descriptor: Int32) -> Int32 {
        if let answer = recorded("close", [descriptor]) { return Int32(answer) }
        return Glibc.close(descriptor)
    }

    static func fcntl(_ descriptor: Int32, _ command: Int32, _ argument: Int) -> Int32 {
        if let answer = recorded("fcntl", [descriptor, command, argument]) { return Int32(answer) }
        return vs_fcntl(descriptor, command, argument)
    }

    static func lseek(_ descriptor: Int32, _ offset: Int, _ origin: Int32) -> Int {
        if let answer = recorded("lseek", [descriptor, offset, origin]) { return answer }
        return Glibc.lseek(descriptor, off_t(offset), origin)
    }

    static func openat2(_ directory: Int32, _ path: String, flags: UInt64, mode: UInt64, resolve: UInt64) -> Int32 {
        if let answer = recorded("openat2", [directory, path, flags, mode, resolve]) { return Int32(answer) }
        var how = vs_open_how(flags: flags, mode: mode, resolve: resolve)
        return unsafe vs_openat2(directory, path, &how)
    }

    static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        if let answer = recorded("read", [descriptor, buffer.count]) { return answer }
        return unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    }

    static func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
        if let answer = recorded("write", [descriptor, buffer.count]) { return answer }
        return unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
    }

    static func splice(_ from: Int32, _ to: Int32, _ count: Int, _ flags: UInt32) -> Int {
        if let answer = recorded("splice", [from, to, count, flags]) { return answer }
        return CLinux.splice(from, nil, to, nil, count, flags)
    }

    static func tee(_ from: Int32, _ to: Int32, _ count: Int, _ flags: UInt32) -> Int {
        if let answer = recorded("tee", [from, to, count, flags]) { return answer }
        return CLinux.tee(from, to, count, flags)
    }

    static func unreadBytes(_ descriptor: Int32, _ count: inout Int32) -> Int32 {
        if let answer = recorded("FIONREAD", [descriptor]) { return Int32(answer) }
        return unsafe withUnsafeMutablePointer(to: &count) { unsafe vs_ioctl(descriptor, UInt(FIONREAD), $0) }
    }

    static func compareFiles(_ process: Int32, _ first: Int32, _ second: Int32) -> Int {
        if let answer = recorded("kcmp", [process, first, second]) { return answer }
        return vs_kcmp_file(process, first, second)
    }

    static func fstatat(_ directory: Int32, _ path: String, _ status: inout stat, _ flags: Int32) -> Int32 {
        if let answer = recorded("fstatat", [directory, path, flags]) { return Int32(answer) }
        return unsafe Glibc.fstatat(directory, path, &status, flags)
    }

    static func setns(_ descriptor: Int32, _ kind: Int32) -> Int32 {
        if let answer = recorded("setns", [descriptor, kind]) { return Int32(answer) }
        return vs_setns(descriptor, kind)
    }

    static func unshare(_ flags: Int32) -> Int32 {
        if let answer = recorded("unshare", [flags]) { return Int32(answer) }
        return vs_unshare(flags)
    }

    static func fileSystemStatus(_ path: String, _ status: inout statvfs) -> Int32 {
        if let answer = recorded("statvfs", [path]) { return Int32(answer) }
        return unsafe statvfs(path, &status)
    }

    static func mkdirat(_ directory: Int32, _ path: String, _ mode: mode_t) -> Int32 {
        if let answer = recorded("mkdirat", [directory, path, mode]) { return Int32(answer) }
        return unsafe Glibc.mkdirat(directory, path, mode)
    }

    static func symlinkat(_ target: String, _ directory: Int32, _ path: String) -> Int32 {
        if let answer = recorded("symlinkat", [target, directory, path]) { return Int32(answer) }
        return unsafe Glibc.symlinkat(target, directory, path)
    }

    static func readlinkat(_ directory: Int32, _ path: String, _ buffer: UnsafeMutableBufferPointer<CChar>) -> Int {
        if let answer = recorded("readlinkat", [directory, path, buffer.count]) { return answer }
        guard let start = buffer.baseAddress else { return 0 }
        return unsafe Glibc.readlinkat(directory, path, start, buffer.count)
    }

    static func unlinkat(_ directory: Int32, _ path: String, _ flags: Int32) -> Int32 {
        if let answer = recorded("unlinkat", [directory, path, flags]) { return Int32(answer) }
        return unsafe Glibc.unlinkat(directory, path, flags)
    }

    static func renameat(_ fromDirectory: Int32, _ from: String, _ toDirectory: Int32, _ to: String) -> Int32 {
        if let answer = recorded("renameat", [fromDirectory, from, toDirectory, to]) { return Int32(answer) }
        return unsafe Glibc.renameat(fromDirectory, from, toDirectory, to)
    }

    static func fchmod(_ descriptor: Int32, _ mode: mode_t) -> Int32 {
        if let answer = recorded("fchmod", [descriptor, mode]) { return Int32(answer) }
        return Glibc.fchmod(descriptor, mode)
    }

    static func fchdir(_ descriptor: Int32) -> Int32 {
        if let answer = recorded("fchdir", [descriptor]) { return Int32(answer) }
        return Glibc.fchdir(descriptor)
    }

    static func chdir(_ path: String) -> Int32 {
        if let answer = recorded("chdir", [path]) { return Int32(answer) }
        return unsafe Glibc.chdir(path)
    }

    static func fsync(_ descriptor: Int32) -> Int32 {
        if let answer = recorded("fsync", [descriptor]) { return Int32(answer) }
        return Glibc.fsync(descriptor)
    }

    static func isatty(_ descriptor: Int32) -> Int32 {
        if let answer = recorded("isatty", [descriptor]) { return Int32(answer) }
        return Glibc.isatty(descriptor)
    }

    static func pipe2(_ ends: inout (Int32, Int32), _ flags: Int32) -> Int32 {
        if let answer = recorded("pipe2", [flags]) { return Int32(answer) }
        return unsafe withUnsafeMutablePointer(to: &ends) { pair in
            unsafe pair.withMemoryRebound(to: Int32.self, capacity: 2) { unsafe CLinux.pipe2($0, flags) }
        }
    }

    static func socketpair(_ ends: inout (Int32, Int32), _ type: Int32) -> Int32 {
        if let answer = recorded("socketpair", [type]) { return Int32(answer) }
        return unsafe withUnsafeMutablePointer(to: &ends) { pair in
            unsafe pair.withMemoryRebound(to: Int32.self, capacity: 2) { unsafe Glibc.socketpair(AF_UNIX, type, 0, $0) }
        }
    }

    static func memfdCreate(_ name: String, _ flags: UInt32) -> Int32 {
        if let answer = recorded("memfd_create", [name, flags]) { return Int32(answer) }
        return unsafe memfd_create(name, flags)
    }

    /// The argument of most requests is a structure; of some it is a plain number, or nothing.
    static func ioctl(_ descriptor: Int32, _ request: UInt, _ argument: UnsafeMutableRawPointer?) -> Int32 {
        if let answer = recorded("ioctl", [descriptor, request]) { return Int32(answer) }
        return unsafe vs_ioctl(descriptor, request, argument)
    }

    static func sendmsg(_ socket: Int32, _ message: inout msghdr) -> Int {
        if let answer = recorded("sendmsg", [socket]) { return answer }
        return unsafe Glibc.sendmsg(socket, &message, Int32(MSG_NOSIGNAL))
    }

    static func recvmsg(_ socket: Int32, _ message: inout msghdr) -> Int {
        if let answer = recorded("recvmsg", [socket]) { return answer }
        return unsafe Glibc.recvmsg(socket, &message, Int32(MSG_CMSG_CLOEXEC))
    }

    static func getpgrp() -> Int32 {
        if let answer = recorded("getpgrp", []) { return Int32(answer) }
        return Glibc.getpgrp()
    }

    static func poll(_ entries: UnsafeMutableBufferPointer<pollfd>, _ milliseconds: Int32) -> Int32 {
        if let answer = recorded("poll", [entries.count, milliseconds]) { return Int32(answer) }
        return unsafe Glibc.poll(entries.baseAddress, nfds_t(entries.count), milliseconds)
    }

    static func prctl(_ option: Int32, _ two: UInt, _ three: UInt = 0, _ four: UInt = 0, _ five: UInt = 0) -> Int32 {
        if let answer = recorded("prctl", [option, two, three, four, five]) { return Int32(answer) }
        return vs_prctl(option, two, three, four, five)
    }

    static func openTree(_ directory: Int32, _ path: String, _ flags: UInt32) -> Int32 {
        if let answer = recorded("open_tree", [directory, path, flags]) { return Int32(answer) }
        return unsafe open_tree(directory, path, flags)
    }

    static func moveMount(_ from: Int32, _ to: Int32, _ path: String, _ flags: UInt32) -> Int32 {
        if let answer = recorded("move_mount", [from, to, path, flags]) { return Int32(answer) }
        return unsafe move_mount(from, "", to, path, flags)
    }

    static func mountSetattr(
        _ directory: Int32, _ flags: UInt32, set: UInt64, clear: UInt64, _ propagation: UInt64, _ namespace: UInt64
    ) -> Int32 {
        if let answer = recorded("mount_setattr", [directory, flags, set, clear, propagation, namespace]) {
            return Int32(answer)
        }
        var attributes = vs_mount_attributes(
            set: set, clear: clear, propagation: propagation, user_namespace: namespace)
        return unsafe mount_setattr(directory, "", flags, &attributes, MemoryLayout<vs_mount_attributes>.size)
    }

    static func mount(_ target: String, _ flags: UInt) -> Int32 {
        if let answer = recorded("mount", [target, flags]) { return Int32(answer) }
        return unsafe Glibc.mount(nil, target, nil, flags, nil)
    }

    static func umount2(_ target: String, _ flags: Int32) -> Int32 {
        if let answer = recorded("umount2", [target, flags]) { return Int32(answer) }
        return unsafe Glibc.umount2(target, flags)
    }

    static func pivotRoot(_ newRoot: String, _ putOld: String) -> Int32 {
        if let answer = recorded("pivot_root", [newRoot, putOld]) { return Int32(answer) }
        return unsafe vs_pivot_root(newRoot, putOld)
    }

    static func fsopen(_ fileSystem: String, _ flags: UInt32) -> Int32 {
        if let answer = recorded("fsopen", [fileSystem, flags]) { return Int32(answer) }
        return unsafe CLinux.fsopen(fileSystem, flags)
    }

    static func fsconfig(_ context: Int32, _ command: UInt32, _ key: String?, _ value: String?) -> Int32 {
        if let answer = recorded("fsconfig", [context, command, key ?? "-", value ?? "-"]) { return Int32(answer) }
        guard let key else { return CLinux.fsconfig(context, command, nil, nil, 0) }
        guard let value else { return unsafe CLinux.fsconfig(context, command, key, nil, 0) }
        return unsafe value.withCString { unsafe CLinux.fsconfig(context, command, key, $0, 0) }
    }

    static func fsmount(_ context: Int32, _ flags: UInt32, _ attributes: UInt32) -> Int32 {
        if let answer = recorded("fsmount", [context, flags, attributes]) { return Int32(answer) }
        return CLinux.fsmount(context, flags, attributes)
    }

    static func pidfdOpen(_ process: Int32) -> Int32 {
        if let answer = recorded("pidfd_open", [process]) { return Int32(answer) }
        return pidfd_open(process, 0)
    }

    static func pidfdSendSignal(_ pidfd: Int32, _ signal: Int32) -> Int32 {
        if let answer = recorded("pidfd_send_signal", [pidfd, signal]) { return Int32(answer) }
        return pidfd_send_signal(pidfd, signal, nil, 0)
    }

    static func kill(_ process: Int32, _ signal: Int32) -> Int32 {
        if let answer = recorded("kill", [process, signal]) { return Int32(answer) }
        return Glibc.kill(process, signal)
    }

    static func waitid(_ type: UInt32, _ id: UInt32, _ information: inout siginfo_t, _ options: Int32) -> Int32 {
        if let answer = recorded("waitid", [type, id, options]) { return Int32(answer) }
        return unsafe Glibc.waitid(idtype_t(rawValue: type), id, &information, options)
    }

    static func setsid() -> Int32 {
        if let answer = recorded("setsid", []) { return Int32(answer) }
        return Glibc.setsid()
    }

    static func setrlimit(_ resource: Int32, _ soft: UInt64, _ hard: UInt64) -> Int32 {
        if let answer = recorded("setrlimit", [resource, soft, hard]) { return Int32(answer) }
        var limit = rlimit(rlim_cur: rlim_t(soft), rlim_max: rlim_t(hard))
        return unsafe Glibc.setrlimit(resource, &limit)
    }

    static func getrlimit(_ resource: Int32, _ limit: inout rlimit) -> Int32 {
        if let answer = recorded("getrlimit", [resource]) { return Int32(answer) }
        return unsafe Glibc.getrlimit(resource, &limit)
    }

    static func signalfd(_ mask: UInt64) -> Int32 {
        if let answer = recorded("signalfd", [mask]) { return Int32(answer) }
        var mask = mask
        return unsafe vs_signalfd(&mask)
    }

    static func signalMask(_ how: Int32, _ mask: UInt64, _ previous: inout UInt64) -> Int32 {
        if let answer = recorded("rt_sigprocmask", [how, mask]) { return Int32(answer) }
        var mask = mask
        return unsafe vs_signal_mask(how, &mask, &previous)
    }

    static func eventfd() -> Int32 {
        let flags: Int32 = 0o2000000 | 0o4000  // EFD_CLOEXEC, EFD_NONBLOCK
        if let answer = recorded("eventfd", [flags]) { return Int32(answer) }
        return CLinux.eventfd(0, flags)
    }

    static func timerfd() -> Int32 {
        if let answer = recorded("timerfd_create", []) { return Int32(answer) }
        return vs_timerfd()
    }

    static func timerfdArm(_ descriptor: Int32, _ seconds: Int64, _ nanoseconds: Int64) -> Int32 {
        if let answer = recorded("timerfd_settime", [descriptor, seconds, nanoseconds]) { return Int32(answer) }
        return vs_timerfd_arm(descriptor, seconds, nanoseconds)
    }

    static func timerfdRemaining(_ descriptor: Int32, _ left: inout itimerspec) -> Int32 {
        if let answer = recorded("timerfd_gettime", [descriptor]) { return Int32(answer) }
        return unsafe timerfd_gettime(descriptor, &left)
    }

    static func installFilter(_ instructions: UnsafeRawBufferPointer, _ count: UInt16) -> Int32 {
        if let answer = recorded("seccomp", [count]) { return Int32(answer) }
        guard let start = instructions.baseAddress else { return 0 }
        return unsafe vs_seccomp_install(start, count)
    }

    static func landlockVersion() -> Int32 {
        if let answer = recorded("landlock_create_ruleset", ["version"]) { return Int32(answer) }
        return vs_landlock_create(nil, 0, 1)
    }

    static func landlockCreate(files: UInt64, network: UInt64, scoped: UInt64, size: Int) -> Int32 {
        if let answer = recorded("landlock_create_ruleset", [files, network, scoped, size]) { return Int32(answer) }
        var ruleset = vs_landlock_ruleset(files: files, network: network, scoped: scoped)
        return unsafe vs_landlock_create(&ruleset, size, 0)
    }

    static func landlockAddPath(_ ruleset: Int32, _ allowed: UInt64, _ path: Int32) -> Int32 {
        if let answer = recorded("landlock_add_rule", [ruleset, allowed, path]) { return Int32(answer) }
        return vs_landlock_add_path(ruleset, allowed, path)
    }

    static func landlockRestrict(_ ruleset: Int32) -> Int32 {
        if let answer = recorded("landlock_restrict_self", [ruleset]) { return Int32(answer) }
        return vs_landlock_restrict(ruleset)
    }

    static func ftruncate(_ descriptor: Int32, _ size: Int64) -> Int32 {
        if let answer = recorded("ftruncate", [descriptor, size]) { return Int32(answer) }
        return Glibc.ftruncate(descriptor, off_t(size))
    }

    static func umask(_ mask: UInt32) -> UInt32 {
        if let answer = recorded("umask", [mask]) { return UInt32(answer) }
        return Glibc.umask(mask)
    }

    static func joinNewSessionKeyring() -> Int {
        if let answer = recorded("keyctl", []) { return answer }
        return vs_join_new_session_keyring()
    }

    static func loopbackUp() -> Int32 {
        if let answer = recorded("SIOCSIFFLAGS", ["lo"]) { return Int32(answer) }
        return vs_loopback_up()
    }
}
