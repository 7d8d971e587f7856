internal import CLinux

/// One numeric address and port, in the kernel's form.
struct SocketAddress: Sendable {
    /// How a host is looked up.
    enum Mode {
        /// A numeric address; never waits.
        case number
        /// Any name; waits for the system's resolver.
        case name
        /// Any name to listen on; waits for the system's resolver.
        case listener
    }

    var raw = linux_address()

    /// The numeric address as text; nil for a family that is not of the internet.
    var endpoint: Endpoint? {
        var host = [CChar](repeating: 0, count: 128)
        var port: UInt16 = 0
        let code = unsafe withUnsafePointer(to: raw) { address in
            unsafe host.withUnsafeMutableBufferPointer { buffer in
                unsafe linux_address_text(address, buffer.baseAddress, buffer.count, &port)
            }
        }
        guard code == 0 else { return nil }
        return Endpoint(
            host: String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self), port: port)
    }

    /// Looks a host up, at least one address and at most `maximumCount`.
    static func resolve(_ endpoint: Endpoint, mode: Mode, maximumCount: Int) throws(ReactorError) -> [SocketAddress] {
        precondition(maximumCount > 0, "a name needs room for one address")
        if mode != .number, endpoint.host.lowercased() == "localhost" {
            return try loopback(endpoint.port, maximumCount: maximumCount)
        }
        var found = [linux_address](repeating: linux_address(), count: maximumCount)
        let count = unsafe found.withUnsafeMutableBufferPointer { buffer in
            unsafe linux_resolve(
                endpoint.host, String(endpoint.port), mode == .number ? 1 : 0, mode == .listener ? 1 : 0,
                buffer.baseAddress, Int32(buffer.count))
        }
        guard count > 0 else {
            throw .nameNotResolved(name: endpoint.host, reason: unsafe String(cString: linux_resolve_error_text(count)))
        }
        return found.prefix(Int(count)).map { SocketAddress(raw: $0) }
    }

    /// RFC 6761 §6.3: `localhost` means this machine, also where no file and no server says so.
    private static func loopback(_ port: UInt16, maximumCount: Int) throws(ReactorError) -> [SocketAddress] {
        var addresses: [SocketAddress] = []
        for case let endpoint? in ["127.0.0.1", "::1"].map({ Endpoint(host: $0, port: port) }) {
            addresses += try resolve(endpoint, mode: .number, maximumCount: 1)
        }
        return Array(addresses.prefix(maximumCount))
    }
}
