internal import CLinux
internal import Glibc

// How connections run and end: reading, flushing, closing, and the books about them.
extension Reactor {
    func handle(_ connection: Connection, flags: Readiness, _ owner: some NetworkOwner) {
        let hasFailed = flags.contains(.failed)
        switch connection.state {
        case .connecting:
            connectingEnded(connection, owner)
        case .open:
            if flags.contains(.writable) {
                flush(connection)
                reportDrained(connection, owner)
            }
            // A hang-up is reported again and again, so it is read to its end even while reading is paused.
            guard case .open = connection.state else { return }
            if hasFailed || (flags.contains(.readable) && !connection.isReadingPaused) {
                receive(connection, owner)
            }
        case .closing:
            flush(connection)
            if connections[connection.id.number] === connection { discardReceived(connection, hasFailed: hasFailed) }
        case .resolving, .ended:
            break
        }
    }

    /// Reads once: what is left makes the descriptor ready again, after the others had their turn.
    private func receive(_ connection: Connection, _ owner: some NetworkOwner) {
        let count = receiveBytes(connection)
        if count > 0 {
            owner.received(Array(receiveBuffer[..<Int(count)]), from: connection.id, now: now)
        } else if count == 0 {
            end(connection, .disconnected(.closedByPeer))
        } else if count != -Int64(EAGAIN) {
            let error = ReactorError.system(call: "recv", subject: connection.subject, number: Int32(clamping: -count))
            end(connection, .disconnected(.failed(error)))
        }
    }

    private func receiveBytes(_ connection: Connection) -> Int64 {
        let descriptor = connection.descriptor
        return unsafe receiveBuffer.withUnsafeMutableBytes { buffer in
            unsafe linux_receive(descriptor, buffer.baseAddress, buffer.count)
        }
    }

    /// A closed connection reads on until the peer's end: to close with unread bytes would reset it, and the last
    /// bytes of ours could be lost on the way.
    private func discardReceived(_ connection: Connection, hasFailed: Bool) {
        guard case .closing(let isShutDown) = connection.state else { return }
        if !connection.hasPeerEnded {
            let count = receiveBytes(connection)
            if count < 0, count != -Int64(EAGAIN) { return destroy(connection, isAbort: true) }
            if count == 0 { connection.hasPeerEnded = true }
        }
        if connection.hasPeerEnded, isShutDown || hasFailed {
            destroy(connection, isAbort: false)
        } else {
            updateFlags(connection)
        }
    }

    /// Sends what was written in this turn, many small writes as one.
    func flush() {
        let due = flushesDue
        flushesDue.removeAll(keepingCapacity: true)
        for token in due {
            guard let connection = connections[token] else { continue }
            connection.isFlushDue = false
            flush(connection)
        }
    }

    func flushLater(_ connection: Connection) {
        guard !connection.isFlushDue else { return }
        connection.isFlushDue = true
        flushesDue.append(connection.id.number)
    }

    func flush(_ connection: Connection) {
        let isClosing: Bool
        switch connection.state {
        case .open: isClosing = false
        case .closing(isShutDown: false): isClosing = true
        case .resolving, .connecting, .closing(isShutDown: true), .ended: return
        }
        while connection.queue.count > 0 {
            let sent = unsafe connection.queue.send { bytes in
                unsafe linux_send(connection.descriptor, bytes.baseAddress, bytes.count)
            }
            guard sent < 0 else {
                countUnsent(-Int(sent), of: connection)
                continue
            }
            if sent == -Int64(EAGAIN) { break }
            sendingFailed(connection, number: Int32(clamping: -sent), isClosing: isClosing)
            return
        }
        if isClosing, connection.queue.count == 0 {
            linux_shut_down_sending(connection.descriptor)
            connection.state = .closing(isShutDown: true)
            if connection.hasPeerEnded { return destroy(connection, isAbort: false) }
        }
        updateFlags(connection)
    }

    private func sendingFailed(_ connection: Connection, number: Int32, isClosing: Bool) {
        if isClosing {
            destroy(connection, isAbort: true)
        } else {
            let error = ReactorError.system(call: "send", subject: connection.subject, number: number)
            end(connection, .disconnected(.failed(error)))
        }
    }

    private func reportDrained(_ connection: Connection, _ owner: some NetworkOwner) {
        guard connection.isDrainedOwed, case .open = connection.state,
            connection.queue.count <= limits.lowWaterByteCount
        else { return }
        connection.isDrainedOwed = false
        updateFlags(connection)
        owner.drained(connection.id, now: now)
    }

    /// Tells the poller what the connection waits for now.
    func updateFlags(_ connection: Connection) {
        var flags: Readiness = []
        switch connection.state {
        case .open:
            if !connection.isReadingPaused { flags.insert(.readable) }
            if connection.queue.count > 0 || connection.isDrainedOwed { flags.insert(.writable) }
        case .closing:
            if !connection.hasPeerEnded { flags.insert(.readable) }
            if connection.queue.count > 0 { flags.insert(.writable) }
        case .resolving, .connecting, .ended:
            return
        }
        guard flags != connection.flags else { return }
        connection.flags = flags
        poller.change(connection.descriptor, for: flags, token: connection.id.number)
    }

    func remember(_ connection: Connection) {
        connections[connection.id.number] = connection
        connectionCounts[connection.origin, default: 0] += 1
    }

    /// Takes a connection out of the count of its origin, once.
    func uncount(_ connection: Connection) {
        guard connection.isCounted else { return }
        connection.isCounted = false
        let left = connectionCounts[connection.origin, default: 0] - 1
        connectionCounts[connection.origin] = left > 0 ? left : nil
    }

    /// Counts a connection that begins to close among those, and ends the earliest if they are too many.
    func countClosing(_ connection: Connection) {
        // Its place is free: whoever lets others close for him cannot fill the house with it.
        uncount(connection)
        closingCount += 1
        guard closingCount > limits.closingConnectionCount else { return }
        // The order of a dictionary does not matter here: numbers are unequal.
        let closing = connections.values.filter {
            if case .closing = $0.state { $0 !== connection } else { false }
        }
        if let earliest = closing.min(by: { $0.id < $1.id }) { destroy(earliest, isAbort: true) }
    }

    /// Ends a connection whose owner must learn of it: at the end of the turn, never from inside of a call.
    func end(_ connection: Connection, _ ending: Connection.Ending) {
        dropDescriptor(connection)
        dropQueue(connection)
        deadlines.cancel(connection.id.number)
        connection.state = .ended(ending)
        endings.append(connection.id.number)
    }

    /// Ends a connection whose owner knows.
    func destroy(_ connection: Connection, isAbort: Bool) {
        if isAbort, connection.descriptor >= 0 {
            poller.remove(connection.descriptor)
            linux_abort(connection.descriptor)
            connection.descriptor = -1
        }
        dropDescriptor(connection)
        dropQueue(connection)
        if case .closing = connection.state { closingCount -= 1 }
        forget(connection)
    }

    /// Takes a connection out of the books.
    func forget(_ connection: Connection) {
        let token = connection.id.number
        guard connections.removeValue(forKey: token) != nil else { return }
        deadlines.cancel(token)
        connectDeadlines[token] = nil
        uncount(connection)
    }

    func dropDescriptor(_ connection: Connection) {
        guard connection.descriptor >= 0 else { return }
        poller.remove(connection.descriptor)
        linux_close(connection.descriptor)
        connection.descriptor = -1
    }

    private func dropQueue(_ connection: Connection) {
        countUnsent(-connection.queue.count, of: connection)
        connection.queue = SendQueue()
    }

    /// Keeps the sum of what waits to be sent to others; our own user's commands take all that they ask for.
    func countUnsent(_ byteCount: Int, of connection: Connection) {
        if connection.origin != .local { unsentByteCount += byteCount }
    }
}
