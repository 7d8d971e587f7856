import CLinux
import Glibc

/// A TCP connection from a chosen address of this machine.
struct Socket {
    let descriptor: Int32

    /// Begins to connect.
    /// - Parameter source: the address that the other side sees, four numbers.
    init?(from source: String, to host: String, port: UInt16) {
        descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        guard var own = Socket.address(source, 0), var target = Socket.address(host, port) else {
            linux_close(descriptor)
            return nil
        }
        let descriptor = descriptor
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        // SAFETY: addresses of the given family and size.
        let isBound = unsafe withUnsafePointer(to: &own) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, size) } == 0
        }
        let isBegun = unsafe withUnsafePointer(to: &target) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, size)
            } == 0 || errno == EINPROGRESS
        }
        guard isBound, isBegun else {
            linux_close(descriptor)
            return nil
        }
    }

    private static func address(_ host: String, _ port: UInt16) -> sockaddr_in? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        return unsafe inet_pton(AF_INET, host, &address.sin_addr) == 1 ? address : nil
    }

    /// Sends what the system takes at once, and forgets the rest.
    func send(_ bytes: [UInt8]) {
        _ = unsafe bytes.withUnsafeBytes { unsafe linux_send(descriptor, $0.baseAddress, $0.count) }
    }

    /// What has come; nil when the connection has ended.
    func receive(_ buffer: inout [UInt8]) -> [UInt8]? {
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe linux_receive(descriptor, $0.baseAddress, $0.count) }
        if count == -Int64(EAGAIN) { return [] }
        return count > 0 ? Array(buffer[..<Int(count)]) : nil
    }

    func close() { linux_close(descriptor) }
}
