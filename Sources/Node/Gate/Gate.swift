package import Crypto
package import Reactor

/// Who of those that connect may go on, and who has to make room: a value without IO.
///
/// Before a handshake nobody is known. So **callers**, connections whose device is not known yet, have places of their
/// own, in which the newest displaces the oldest of whichever address has most; what is costly, to answer a handshake,
/// is measured out to each address and to all. Addresses where a known device was met have places and measures apart.
/// Once its device is known a connection is a **session**: no caller can take its place.
///
/// Faults of callers are charged to nobody: behind one address may sit an office with one bad neighbour. Offences of
/// devices are charged to the device, whatever its address.
package struct Gate {
    /// Where a connection that somebody else opened stands.
    private enum Standing {
        /// It has not said its first message. May become queued.
        case silent
        /// Its handshake waits to be answered. May become answered.
        case queued
        /// It was answered. May become a session.
        case answered
        /// Its device is known.
        case session(ShortID, isKnown: Bool)
    }

    private struct Place {
        let address: String
        /// Whether the address was known when it connected.
        let isKnown: Bool
        var standing = Standing.silent

        var isCaller: Bool { if case .session = standing { false } else { true } }
        var isAnswered: Bool { if case .answered = standing { true } else { false } }
    }

    /// What a device has done.
    private struct Offender {
        var rest: Int64
        var refusedUntil: Int64
    }

    /// What becomes of a connection whose device is known now.
    package enum Verdict: Hashable, Sendable {
        /// It stays; these sessions make room for it.
        case admitted(evicted: [ConnectionID])
        /// Its device is refused until this time, monotonic milliseconds.
        case refused(until: Int64)
        /// There is no room.
        case full
    }

    package let limits: GateLimits
    private var places: [ConnectionID: Place] = [:]
    /// How many callers each address has; none with 0.
    private var callerCounts: [String: Int] = [:]
    private var strangers: TokenBucket
    private var knowns: TokenBucket
    private var addresses: RecencyTable<String, TokenBucket>
    private var knownAddresses: RecencyTable<String, Void>
    private var offenders: RecencyTable<ShortID, Offender>

    package init(limits: GateLimits = GateLimits(), now: Int64) {
        self.limits = limits
        strangers = TokenBucket(perSecond: limits.handshakesPerSecond, burst: limits.handshakeBurst, now: now)
        knowns = TokenBucket(perSecond: limits.knownHandshakesPerSecond, burst: limits.knownHandshakeBurst, now: now)
        addresses = RecencyTable(capacity: limits.addresses)
        knownAddresses = RecencyTable(capacity: limits.knownAddresses)
        offenders = RecencyTable(capacity: limits.offenders)
    }

    // MARK: Callers

    /// Somebody connected.
    /// - Parameter address: what counts as one address: `Endpoint.neighbourhood`.
    /// - Returns: the callers that make room.
    package mutating func accepted(_ connection: ConnectionID, from address: String) -> [ConnectionID] {
        let isKnown = knownAddresses.contains(address)
        var evicted: [ConnectionID] = []
        func makeRoom(_ most: Int, among isMeant: (Place) -> Bool) {
            let all = callers(isMeant)
            guard all.count >= most, let oldest = oldest(all) else { return }
            remove(oldest)
            evicted.append(oldest)
        }
        if callerCounts[address, default: 0] >= limits.callersPerAddress {
            makeRoom(limits.callersPerAddress) { $0.address == address }
        }
        makeRoom(isKnown ? limits.knownCallers : limits.callers) { $0.isKnown == isKnown }
        places[connection] = Place(address: address, isKnown: isKnown)
        callerCounts[address, default: 0] += 1
        return evicted
    }

    /// Takes a connection out of its place.
    private mutating func remove(_ connection: ConnectionID) {
        guard let place = places.removeValue(forKey: connection), place.isCaller else { return }
        uncount(place.address)
    }

    private mutating func uncount(_ address: String) {
        let left = callerCounts[address, default: 0] - 1
        callerCounts[address] = left > 0 ? left : nil
    }

    /// The first message of a caller has come.
    package mutating func greeted(_ connection: ConnectionID) {
        guard case .silent? = places[connection]?.standing else { return }
        places[connection]?.standing = .queued
    }

    /// The next caller whose handshake may be answered, and callers that make room.
    ///
    /// The newest goes first: in a flood the older ones are about to be displaced, or have given up.
    package mutating func takeNext(now: Int64) -> (caller: ConnectionID, evicted: [ConnectionID])? {
        for caller in queued() {
            guard let place = places[caller] else { continue }
            guard place.isKnown ? knowns.has(now: now) : strangers.has(now: now) else { continue }
            var bucket = bucket(of: place.address, now: now)
            let isTaken = bucket.take(now: now)
            addresses[place.address] = bucket
            guard isTaken else { continue }
            if place.isKnown { _ = knowns.take(now: now) } else { _ = strangers.take(now: now) }
            let answered = callers { $0.isAnswered && $0.isKnown == place.isKnown }
            var evicted: [ConnectionID] = []
            if answered.count >= (place.isKnown ? limits.answeredKnownCallers : limits.answeredCallers),
                let first = oldest(answered)
            {
                evicted.append(first)
                remove(first)
            }
            places[caller]?.standing = .answered
            return (caller, evicted)
        }
        return nil
    }

    /// When the next queued caller may be answered; nil while none waits.
    package mutating func nextTime(now: Int64) -> Int64? {
        var least: Int64?
        for caller in queued() {
            guard let place = places[caller] else { continue }
            var bucket = bucket(of: place.address, now: now)
            let wait = max(
                bucket.wait(now: now), place.isKnown ? knowns.wait(now: now) : strangers.wait(now: now))
            least = min(least ?? .max, now + max(1, wait))
        }
        return least
    }

    private func queued() -> [ConnectionID] {
        callers { if case .queued = $0.standing { true } else { false } }.sorted(by: >)
    }

    /// Unsorted.
    private func callers(_ condition: (Place) -> Bool) -> [ConnectionID] {
        places.compactMap { $0.value.isCaller && condition($0.value) ? $0.key : nil }
    }

    private mutating func bucket(of address: String, now: Int64) -> TokenBucket {
        if let known = addresses[address] { return known }
        let isKnown = knownAddresses.contains(address)
        return TokenBucket(
            perSecond: isKnown ? limits.knownAddressHandshakesPerSecond : limits.addressHandshakesPerSecond,
            burst: isKnown ? limits.knownAddressHandshakeBurst : limits.addressHandshakeBurst, now: now)
    }

    /// The caller that is displaced: one that was not answered before one that was, of the address that has most, the
    /// oldest of those.
    private func oldest(_ some: [ConnectionID]) -> ConnectionID? {
        var least: (rank: (Int, Int, ConnectionID), caller: ConnectionID)?
        for caller in some {
            guard let place = places[caller] else { continue }
            let rank = (place.isAnswered ? 1 : 0, -callerCounts[place.address, default: 0], caller)
            if let known = least, known.rank < rank { continue }
            least = (rank, caller)
        }
        return least?.caller
    }

    // MARK: Sessions

    /// The device at the other end of a connection that somebody else opened has shown its certificate.
    /// - Parameter isKnown: whether it is a peer here, or has synced before.
    package mutating func authenticated(
        _ connection: ConnectionID, as device: ShortID, isKnown: Bool, now: Int64
    ) -> Verdict {
        if let until = refusal(of: device, now: now) { return .refused(until: until) }
        guard let place = places[connection], place.isCaller else { return .full }
        var evicted: [ConnectionID] = []
        let own = sessions { other, _ in other == device }
        if own.count >= limits.sessionsPerDevice, let first = own.min() {
            evicted.append(first)
        } else if let first = displaced(isKnown: isKnown) {
            evicted.append(first)
        }
        for session in evicted { remove(session) }
        guard sessions({ _, _ in true }).count < limits.sessions else { return .full }
        uncount(place.address)
        places[connection]?.standing = .session(device, isKnown: isKnown)
        return .admitted(evicted: evicted)
    }

    /// The session that makes room for one more: a stranger's where strangers have all of theirs, or where all are
    /// taken.
    private func displaced(isKnown: Bool) -> ConnectionID? {
        let strangers = sessions { _, isKnown in !isKnown }
        if !isKnown, strangers.count >= limits.strangersSessions { return strangers.min() }
        return sessions { _, _ in true }.count >= limits.sessions ? strangers.min() : nil
    }

    /// Unsorted.
    private func sessions(_ condition: (ShortID, Bool) -> Bool) -> [ConnectionID] {
        places.compactMap { connection, place in
            guard case .session(let device, let isKnown) = place.standing, condition(device, isKnown) else {
                return nil
            }
            return connection
        }
    }

    /// A connection is gone.
    package mutating func ended(_ connection: ConnectionID) { remove(connection) }

    /// A known device was met at this address.
    package mutating func met(at address: String) {
        // From here on it has the measure of a known one.
        if !knownAddresses.contains(address) { addresses[address] = nil }
        knownAddresses[address] = ()
    }

    // MARK: Offences

    /// A device did what no honest node does.
    package mutating func offended(_ device: ShortID, now: Int64) {
        var rest = limits.firstRefusalMilliseconds
        if let before = offenders[device], now < before.refusedUntil + before.rest {
            rest = min(before.rest * 2, limits.longestRefusalMilliseconds)
        }
        offenders[device] = Offender(rest: rest, refusedUntil: now + rest)
    }

    /// Until when a device is refused; nil if it is not.
    package mutating func refusal(of device: ShortID, now: Int64) -> Int64? {
        guard let offender = offenders[device], now < offender.refusedUntil else { return nil }
        return offender.refusedUntil
    }

    // MARK: Sizes

    /// How much it holds of each, for tests of its bounds.
    package var sizes: (places: Int, addresses: Int, knownAddresses: Int, offenders: Int) {
        (places.count, addresses.count, knownAddresses.count, offenders.count)
    }
}
