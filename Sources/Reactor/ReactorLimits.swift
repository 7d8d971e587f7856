/// How much the reactor takes on; every number has its line in `Protocol/08-limits.md`.
package struct ReactorLimits: Hashable, Sendable {
    /// Connections that others opened to our TCP listeners, at one time.
    package var acceptedConnectionCount = 512
    /// Connections that we opened, at one time; apart from the accepted ones, so that a flood cannot stop our own.
    package var dialledConnectionCount = 256
    /// Closed connections that still send their last bytes; one more ends the earliest (R1).
    package var closingConnectionCount = 64
    /// Connections to our Unix-domain sockets, at one time.
    package var localConnectionCount = 64
    /// Connections that wait for a listener in the kernel.
    package var listenBacklog = 1_024
    /// Unsent bytes of one connection; one more closes it (R5).
    package var unsentByteCountPerConnection = 4 << 20
    /// Unsent bytes of all connections; one more closes those that have most, until the rest fits.
    package var unsentByteCount = 32 << 20
    /// A writer should pause above this many unsent bytes; from there on `drained` is owed to it.
    package var highWaterByteCount = 256 << 10
    /// `drained` comes when the unsent bytes have fallen to this many.
    package var lowWaterByteCount = 64 << 10
    /// The most bytes that one `received` carries.
    package var receiveByteCount = 64 << 10
    /// Connections that are accepted in one turn of one listener before others have their turn.
    package var acceptCountPerTurn = 32
    /// How long a listener rests when the process has no descriptor or memory left (R1).
    package var acceptRestMilliseconds: Int64 = 200
    /// The time from `connect` to `connected`, resolving the name included.
    package var connectMilliseconds: Int64 = 10_000
    /// The time that a closed connection has for its last bytes and the peer's own end.
    package var closeMilliseconds: Int64 = 5_000
    /// Names that wait to be resolved.
    package var unresolvedNameCount = 64
    /// Addresses of one name that are tried.
    package var addressCountPerName = 8
    /// The descriptors that all of these need together, with some for files.
    package var descriptorCount = 1_024

    /// The limits of the product; tests lower some.
    package init() {}

    /// The limits of the product where the system gives no more than so many descriptors.
    package init(descriptorCount given: Int) {
        self.init()
        guard given < descriptorCount else { return }
        // Files, listeners and the like need the same, however few there are.
        let (others, all) = (32, descriptorCount)
        func share(_ count: Int) -> Int { max(1, count * max(1, given - others) / (all - others)) }
        acceptedConnectionCount = share(acceptedConnectionCount)
        dialledConnectionCount = share(dialledConnectionCount)
        closingConnectionCount = share(closingConnectionCount)
        localConnectionCount = share(localConnectionCount)
    }
}
