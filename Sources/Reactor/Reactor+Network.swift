internal import CLinux

extension Reactor: Network {
    package func listen(on endpoint: Endpoint) throws(ReactorError) -> (listener: ListenerID, bound: Endpoint) {
        let subject = endpoint.description
        let addresses = try SocketAddress.resolve(endpoint, mode: .listener, maximumCount: 1)
        let result = unsafe withUnsafePointer(to: addresses[0].raw) { address in
            unsafe linux_tcp_listen(address, Int32(clamping: limits.listenBacklog))
        }
        let descriptor = try ReactorError.check(result, subject)
        var bound = SocketAddress()
        let token = takeToken()
        let listener = Listener(id: ListenerID(token), descriptor: descriptor, subject: subject, file: nil)
        do throws(ReactorError) {
            _ = try unsafe ReactorError.check(
                linux_socket_address(descriptor, &bound.raw), "getsockname", subject)
            try poller.add(descriptor, for: .readable, token: token, subject: subject)
        } catch {
            listener.close()
            throw error
        }
        listeners[token] = listener
        return (listener.id, bound.endpoint ?? endpoint)
    }

    package func listenLocally(at path: String) throws(ReactorError) -> ListenerID {
        let token = takeToken()
        let listener = try Listener.listenLocally(id: ListenerID(token), at: path, backlog: limits.listenBacklog)
        do throws(ReactorError) {
            try poller.add(listener.descriptor, for: .readable, token: token, subject: path)
        } catch {
            listener.close()
            throw error
        }
        listeners[token] = listener
        return listener.id
    }

    package func closeListener(_ listener: ListenerID) {
        guard let removed = listeners.removeValue(forKey: listener.number) else { return }
        deadlines.cancel(listener.number)
        poller.remove(removed.descriptor)
        removed.close()
    }

    package func connect(to endpoint: Endpoint) -> ConnectionID { startConnecting(to: endpoint) }

    package func write(_ bytes: [UInt8], to connection: ConnectionID) {
        guard let target = connections[connection.number], target.takesWrites, !bytes.isEmpty else { return }
        target.queue.append(bytes)
        countUnsent(bytes.count, of: target)
        // Much is sent at once, so that the limits count what the system does not take.
        if target.queue.count >= limits.lowWaterByteCount { flush(target) } else { flushLater(target) }
        guard target.takesWrites else { return }
        // A command of our own user may ask for all that there is, and takes it as fast as it can.
        if target.origin != .local, target.queue.count > limits.unsentByteCountPerConnection {
            end(target, .disconnected(.sendQueueFull))
        } else if target.queue.count > limits.highWaterByteCount {
            target.isDrainedOwed = true
        }
        keepSendBudget()
    }

    package func unsentByteCount(of connection: ConnectionID) -> Int {
        connections[connection.number]?.queue.count ?? 0
    }

    package func pauseReading(of connection: ConnectionID) {
        guard let target = connections[connection.number] else { return }
        target.isReadingPaused = true
        updateFlags(target)
    }

    package func resumeReading(of connection: ConnectionID) {
        guard let target = connections[connection.number] else { return }
        target.isReadingPaused = false
        updateFlags(target)
    }

    package func close(_ connection: ConnectionID) {
        guard let target = connections[connection.number] else { return }
        switch target.state {
        case .open:
            target.state = .closing(isShutDown: false)
            countClosing(target)
            deadlines.set(connection.number, at: now.monotonicMilliseconds + limits.closeMilliseconds)
            flushLater(target)
        case .resolving, .connecting, .ended:
            destroy(target, isAbort: false)
        case .closing:
            break
        }
    }

    package func abort(_ connection: ConnectionID) {
        guard let target = connections[connection.number] else { return }
        destroy(target, isAbort: true)
    }

    package func sendNow(to connection: ConnectionID) {
        if let target = connections[connection.number] { flush(target) }
    }

    package func isCalling(_ connection: ConnectionID) -> Bool {
        guard let target = connections[connection.number], case .open = target.state else { return true }
        return linux_wait(target.descriptor, Readiness.readable.rawValue, 0) != 0
    }

    package func setTimer(_ timer: TimerID, at monotonicMilliseconds: Int64) {
        timers.set(timer, at: monotonicMilliseconds)
    }

    package func cancelTimer(_ timer: TimerID) { timers.cancel(timer) }

    /// Ends the connections that have most unsent bytes, until all together are within the budget again.
    private func keepSendBudget() {
        while unsentByteCount > limits.unsentByteCount {
            // The order of a dictionary does not matter here: ties go to the earliest connection.
            let greatest = connections.values.filter { $0.origin != .local }.max { left, right in
                (left.queue.count, right.id) < (right.queue.count, left.id)
            }
            guard let greatest, greatest.queue.count > 0 else { return }
            if case .closing = greatest.state {
                destroy(greatest, isAbort: true)
            } else {
                end(greatest, .disconnected(.sendBudgetSpent))
            }
        }
    }
}
