/// How much strangers and members may have of this node at one time; every number has its line in
/// `Protocol/08-limits.md`.
package struct GateLimits: Hashable, Sendable {
    /// Callers: accepted connections whose device is not known yet, from addresses where none was met.
    package var callers = 192
    /// Of those, how many may be answered with handshake message 2.
    package var answeredCallers = 128
    /// Callers from known addresses: those of peers, and where a known device was met.
    package var knownCallers = 64
    /// Of those, how many may be answered.
    package var answeredKnownCallers = 48
    /// Callers from one address.
    package var callersPerAddress = 16
    /// Handshakes that are answered from addresses that are not known, each second and at once after a rest.
    package var handshakesPerSecond = 100
    package var handshakeBurst = 200
    /// The same from known addresses.
    package var knownHandshakesPerSecond = 100
    package var knownHandshakeBurst = 200
    /// The same from one address that is not known.
    package var addressHandshakesPerSecond = 8
    package var addressHandshakeBurst = 32
    /// The same from one known address, behind which may be an office.
    package var knownAddressHandshakesPerSecond = 32
    package var knownAddressHandshakeBurst = 128
    /// Addresses of which it is kept how many handshakes they may still have.
    package var addresses = 4_096
    /// Known addresses.
    package var knownAddresses = 1_024
    /// Sessions that others opened.
    package var sessions = 256
    /// Of those, with devices that are no peers here and have not synced before.
    package var strangersSessions = 192
    /// Of those, with one device.
    package var sessionsPerDevice = 8
    /// How long a device is refused after its first offence; each further one doubles it.
    package var firstRefusalMilliseconds: Int64 = 10_000
    /// How long it is refused at most.
    package var longestRefusalMilliseconds: Int64 = 3_600_000
    /// Devices of which offences are kept.
    package var offenders = 1_024
    /// Bytes that came in all sessions and are neither stored nor dropped.
    package var heldBytes = 25_165_824

    /// The limits of the product; tests lower some.
    package init() {}

    /// The limits of the product where fewer connections can be accepted than all of them need.
    package init(acceptedConnectionCount count: Int) {
        self.init()
        let needed = callers + knownCallers + sessions
        guard count < needed else { return }
        func share(_ part: Int) -> Int { max(1, part * count / needed) }
        callers = share(callers)
        answeredCallers = share(answeredCallers)
        knownCallers = share(knownCallers)
        answeredKnownCallers = share(answeredKnownCallers)
        sessions = share(sessions)
        strangersSessions = share(strangersSessions)
    }
}

/// What people at this node may set up; it bounds what others can make grow with it.
package enum ServingLimits {
    /// Invitations that are kept; the oldest that is over makes room.
    package static let invitations = 1_024
    /// Peers that a node keeps in touch with.
    package static let peers = 1_024
}
