internal import Glibc

extension BorrowedDescriptor {
    /// The layout of one descriptor in a control message: a header of 16 bytes, the number, and padding; see cmsg(3).
    private enum Ancillary {
        static let length = 20
        static let space = 24
        /// SOL_SOCKET and SCM_RIGHTS.
        static let kind: [UInt8] = [1, 0, 0, 0, 1, 0, 0, 0]
    }

    /// Sends bytes over this socket, and with the first of them a descriptor; says how many bytes were sent.
    ///
    /// The corresponding C function is `sendmsg`.
    public func send(_ bytes: Span<UInt8>, with descriptor: BorrowedDescriptor) throws(SystemCallError) -> Int {
        let number = (0..<4).map { UInt8(truncatingIfNeeded: descriptor.rawValue >> (8 * Int32($0))) }
        var control = [UInt8(Ancillary.length)] + [UInt8](repeating: 0, count: 7) + Ancillary.kind + number
        control += [UInt8](repeating: 0, count: Ancillary.space - control.count)
        return try unsafe bytes.withUnsafeBytes { bytes throws(SystemCallError) in
            var part = unsafe iovec(
                iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
            return try unsafe message("sendmsg", &part, &control) { message in
                unsafe Calls.sendmsg(rawValue, &message)
            }.count
        }
    }

    /// Sends no more over this socket: the other side reads its end. The corresponding C function is `shutdown`.
    public func shutDown() { _ = shutdown(rawValue, Int32(SHUT_WR)) }

    /// Receives at most as many bytes as there is room for from this socket, and the descriptor that came with them.
    ///
    /// 0 bytes mean the end. The corresponding C function is `recvmsg`.
    ///
    /// - Parameter descriptor: Owns what came, which is closed on exec; left as it is where none came.
    public func receive(
        into buffer: inout MutableSpan<UInt8>, from offset: Int, descriptor: inout FileDescriptor?
    ) throws(SystemCallError) -> Int {
        var control = [UInt8](repeating: 0, count: Ancillary.space)
        let (count, length) = try unsafe buffer.withUnsafeMutableBytes { bytes throws(SystemCallError) in
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[offset...])
            var part = unsafe iovec(iov_base: rest.baseAddress, iov_len: rest.count)
            return try unsafe message("recvmsg", &part, &control) { message in
                unsafe Calls.recvmsg(rawValue, &message)
            }
        }
        guard length >= Ancillary.length, Array(control[8..<16]) == Ancillary.kind else { return count }
        descriptor = FileDescriptor(owning: control[16..<20].reversed().reduce(0) { $0 << 8 | Int32($1) })
        return count
    }

    /// Makes the message of a part and a control buffer, lends it, and says what the kernel left of the latter's length.
    private func message(
        _ call: StaticString, _ part: inout iovec, _ control: inout [UInt8], _ body: (inout msghdr) -> Int
    ) throws(SystemCallError) -> (count: Int, controlLength: Int) {
        var length = 0
        let count = try checked(call) {
            unsafe withUnsafeMutablePointer(to: &part) { part in
                unsafe control.withUnsafeMutableBytes { control in
                    var message = unsafe msghdr(
                        msg_name: nil, msg_namelen: 0, msg_iov: part, msg_iovlen: 1, msg_control: control.baseAddress,
                        msg_controllen: control.count, msg_flags: 0)
                    let count = unsafe body(&message)
                    length = unsafe Int(message.msg_controllen)
                    return count
                }
            }
        }
        return (count, length)
    }
}
