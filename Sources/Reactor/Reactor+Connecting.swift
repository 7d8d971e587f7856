internal import CLinux
internal import Glibc

// How connections begin: accepted by a listener, or dialled through the resolver and one address after the other.
extension Reactor {
    func takeToken() -> UInt64 {
        defer { nextToken += 1 }
        return nextToken
    }

    func accept(on listener: Listener, _ owner: some NetworkOwner) {
        for _ in 0..<limits.acceptCountPerTurn {
            guard listeners[listener.id.number] != nil else { return }
            var address = SocketAddress()
            let descriptor = unsafe linux_accept(listener.descriptor, &address.raw)
            if descriptor >= 0 {
                accepted(descriptor, from: address, on: listener, owner)
                continue
            }
            switch -descriptor {
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                // The listener stays readable: without a rest, the loop would spin until others free something (R1).
                poller.change(listener.descriptor, for: [], token: listener.id.number)
                deadlines.set(listener.id.number, at: now.monotonicMilliseconds + limits.acceptRestMilliseconds)
                return
            case EAGAIN:
                return
            default:
                // The connection died before it was accepted (accept(2), "Error handling"): the next one may be well.
                continue
            }
        }
    }

    private func accepted(
        _ descriptor: Int32, from address: SocketAddress, on listener: Listener, _ owner: some NetworkOwner
    ) {
        guard let (origin, remote) = admit(descriptor, from: address, isLocal: listener.file != nil) else {
            linux_abort(descriptor)
            return
        }
        let token = takeToken()
        let subject = if case .tcp(let endpoint) = remote { endpoint.description } else { listener.subject }
        let connection = Connection(
            id: ConnectionID(token), origin: origin, subject: subject, state: .open, descriptor: descriptor)
        do throws(ReactorError) {
            try poller.add(descriptor, for: .readable, token: token, subject: subject)
        } catch {
            linux_abort(descriptor)
            return
        }
        connection.flags = .readable
        remember(connection)
        owner.accepted(connection.id, from: remote, on: listener.id, now: now)
        // What it has said already is read before others are accepted, whom the owner may put in its place (R1).
        if connections[token] === connection { handle(connection, flags: .readable, owner) }
    }

    /// Whether there is room for a connection, and whether its user may come.
    private func admit(
        _ descriptor: Int32, from address: SocketAddress, isLocal: Bool
    ) -> (Connection.Origin, RemoteAddress)? {
        if isLocal {
            var user: UInt32 = 0
            guard unsafe linux_unix_user(descriptor, &user) == 0, user == linux_own_user() || user == 0,
                connectionCounts[.local, default: 0] < limits.localConnectionCount
            else { return nil }
            return (.local, .local(user: user))
        }
        guard let endpoint = address.endpoint,
            connectionCounts[.accepted, default: 0] < limits.acceptedConnectionCount
        else { return nil }
        linux_tcp_configure(descriptor)
        return (.accepted, .tcp(endpoint))
    }

    func startConnecting(to endpoint: Endpoint) -> ConnectionID {
        let token = takeToken()
        let connection = Connection(
            id: ConnectionID(token), origin: .dialled, subject: endpoint.description, state: .resolving)
        let isRoomLeft = connectionCounts[.dialled, default: 0] < limits.dialledConnectionCount
        remember(connection)
        guard isRoomLeft else {
            let limit = limits.dialledConnectionCount
            end(connection, .connectFailed(.tooManyConnections(subject: connection.subject, limit: limit)))
            return connection.id
        }
        let deadline = now.monotonicMilliseconds + limits.connectMilliseconds
        connectDeadlines[token] = deadline
        deadlines.set(token, at: deadline)
        do throws(ReactorError) {
            // A numeric address needs no thread.
            tryNext(connection, of: try SocketAddress.resolve(endpoint, mode: .number, maximumCount: 1))
        } catch {
            lookUp(endpoint, for: connection)
        }
        return connection.id
    }

    private func lookUp(_ endpoint: Endpoint, for connection: Connection) {
        do throws(ReactorError) {
            if resolver == nil {
                let made = try Resolver(capacity: limits.unresolvedNameCount)
                try poller.add(
                    made.descriptor, for: .readable, token: Token.resolver, subject: "resolver")
                resolver = made
            }
            let question = Resolver.Question(
                token: connection.id.number, endpoint: endpoint, maximumCount: limits.addressCountPerName)
            guard resolver?.ask(question) == true else { throw .resolverBusy(name: endpoint.host) }
        } catch {
            end(connection, .connectFailed(error))
        }
    }

    func resolved(_ answer: Resolver.Answer) {
        guard let connection = connections[answer.token], case .resolving = connection.state else { return }
        switch answer.addresses {
        case .success(let addresses): tryNext(connection, of: addresses)
        case .failure(let error): end(connection, .connectFailed(error))
        }
    }

    /// Begins to connect to the first address that can be tried at all; ends the connection when there is none.
    private func tryNext(_ connection: Connection, of addresses: [SocketAddress]) {
        dropDescriptor(connection)
        var left = addresses
        var lastError = ReactorError.nameNotResolved(name: connection.subject, reason: "no addresses")
        while !left.isEmpty {
            let address = left.removeFirst()
            do throws(ReactorError) {
                let result = unsafe withUnsafePointer(to: address.raw) { unsafe linux_tcp_connect($0) }
                connection.descriptor = try ReactorError.check(result, connection.subject)
                let flags = Readiness.writable
                try poller.add(
                    connection.descriptor, for: flags, token: connection.id.number, subject: connection.subject)
                connection.flags = flags
                connection.state = .connecting(address, left: left)
                shareTime(connection, attemptCount: left.count + 1)
                return
            } catch {
                dropDescriptor(connection)
                lastError = error
            }
        }
        end(connection, .connectFailed(lastError))
    }

    /// Gives this attempt its share of the time that is left, so that one dead address does not use all of it.
    private func shareTime(_ connection: Connection, attemptCount: Int) {
        let token = connection.id.number
        guard let deadline = connectDeadlines[token] else { return }
        let time = now.monotonicMilliseconds
        deadlines.set(token, at: time + max(0, deadline - time) / Int64(attemptCount))
    }

    /// The attempt at hand has ended, well or badly.
    func connectingEnded(_ connection: Connection, _ owner: some NetworkOwner) {
        guard case .connecting(let address, let left) = connection.state else { return }
        let error = linux_socket_error(connection.descriptor)
        guard error == 0, let endpoint = address.endpoint else {
            attemptFailed(
                connection, left: left,
                .system(call: "connect", subject: connection.subject, number: error == 0 ? EAFNOSUPPORT : -error))
            return
        }
        connection.state = .open
        connectDeadlines[connection.id.number] = nil
        deadlines.cancel(connection.id.number)
        updateFlags(connection)
        owner.connected(connection.id, to: endpoint, now: now)
    }

    private func attemptFailed(_ connection: Connection, left: [SocketAddress], _ error: ReactorError) {
        if left.isEmpty {
            end(connection, .connectFailed(error))
        } else {
            tryNext(connection, of: left)
        }
    }

    /// The time of an attempt, or of a close, is over.
    func deadlinePassed(_ connection: Connection) {
        switch connection.state {
        case .resolving:
            end(connection, .connectFailed(.timedOut(call: "resolve", subject: connection.subject)))
        case .connecting(_, let left):
            attemptFailed(connection, left: left, .timedOut(call: "connect", subject: connection.subject))
        case .closing:
            destroy(connection, isAbort: true)
        case .open, .ended:
            break
        }
    }
}
