import Bytes
import Channel
import Crypto
import Reactor
import Replica
import Store
import Sync

// From a connection to a session, and from its actions back to the network.
extension Node {
    /// Bytes of segments that one link may have unsent.
    private static let flightByteCount = 256 << 10

    /// What shows that this device is a member; nil while nothing is known of its admission.
    func ownCertificate() -> [UInt8]? {
        if let kept = (try? store.meta("certificate")) ?? nil { return kept }
        guard let grant = store.identity?.grant, let certificate = (try? store.certificate(for: grant)) ?? nil else {
            return nil
        }
        return certificate.encoded
    }

    /// Dials a peer.
    func dial(_ peer: PeerRow, purpose: Link.Purpose, now: Instant) {
        guard let endpoint = Endpoint(peer.address) else {
            if case .syncing(let job, let target) = purpose {
                settle(
                    job, target, result: .unreachable, outcome: nil, reason: "\(peer.address) is no address", now: now)
            }
            return
        }
        let connection = network.connect(to: endpoint)
        let channel = Channel(
            role: .initiator, staticKey: channelKey, networkHint: store.network.word0, entropy: &entropy)
        links[connection] = Link(
            connection: connection, purpose: purpose, address: peer.address, expected: peer, channel: channel)
    }

    /// Begins the handshake on a connection that stands.
    func begin(_ link: Link, now: Instant) {
        // That of an accepted connection runs since it was accepted: it is for the whole handshake (R2, R3).
        if link.expected != nil {
            network.setTimer(
                link.handshakeTimer, at: now.monotonicMilliseconds + ChannelLimits.handshakeTimeoutMilliseconds)
        }
        var actions: [ChannelAction] = []
        link.channel.start(actions: &actions)
        run(actions, on: link, now: now)
    }

    // MARK: Actions of the channel

    func run(_ actions: [ChannelAction], on link: Link, now: Instant) {
        for action in actions {
            guard links[link.connection] === link else { return }
            switch action {
            case .write(let bytes): network.write(bytes, to: link.connection)
            case .peerPayload(let payload, let remoteStatic, let hash):
                guard judge(payload, remoteStatic, hash, link, now: now) else { return }
            case .established(let transcript): established(link, transcript: transcript, now: now)
            case .frame(let plaintext):
                link.receivedBytes += plaintext.count + Channel.frameOverheadByteCount
                var next: [Action] = []
                link.session?.received(
                    plaintext, now: Int(now.monotonicMilliseconds), store: SharedStore(store: store), actions: &next)
                run(next, on: link, now: now)
            case .closedByPeer: lose(link, reason: "it closed the connection", now: now)
            case .renewalDue:
                link.refusal = "the channel was due for new keys; run it again to go on"
                end(link, now: now)
            }
        }
    }

    /// Decides whether to talk to the device at the other end.
    /// - Returns: false if the link was dropped.
    private func judge(
        _ payload: [UInt8], _ remoteStatic: AgreementPublicKey, _ hash: [UInt8], _ link: Link, now: Instant
    ) -> Bool {
        guard remoteStatic != channelKey.publicKey else {
            drop(link, reason: "it is this device itself", now: now)
            return false
        }
        if case .answering = link.purpose, let request = try? JoinRequest(decoding: payload) {
            link.welcome = answer(request, channelKey: remoteStatic, handshakeHash: hash, time: now.unixSeconds)
            return true
        }
        let grant: Grant
        do throws(CertificateError) {
            grant = try Certificate(decoding: payload).verify(network: store.network)
        } catch {
            drop(link, reason: "its certificate was refused: \(error)", now: now)
            return false
        }
        guard grant.admission.channelKey == remoteStatic else {
            drop(link, reason: "its certificate is another device's", now: now)
            return false
        }
        if let expected = link.expected, !isExpected(grant, expected) {
            drop(
                link,
                reason: "another device answers there: \(grant.deviceID.hex.prefix(8)) of \(grant.organisationName)",
                now: now)
            return false
        }
        link.device = grant.deviceID
        if case .keepingUp = link.purpose, let until = refusal(of: grant.deviceID, now: now) {
            drop(link, reason: "it sent what no honest node sends, and is left alone for \(until) s", now: now)
            return false
        }
        pin(grant, link)
        guard link.expected != nil else {
            letIn(link, grant.deviceID, now: now)
            return true
        }
        guard let certificate = ownCertificate() else {
            drop(link, reason: "this device has no certificate yet", now: now)
            return false
        }
        var actions: [ChannelAction] = []
        try? link.channel.provide(payload: certificate, now: now.monotonicMilliseconds, actions: &actions)
        run(actions, on: link, now: now)
        return true
    }

    private func isExpected(_ grant: Grant, _ peer: PeerRow) -> Bool {
        if let device = peer.device { return device == grant.deviceID }
        if let organisation = peer.organisation { return organisation == grant.organisation }
        return true
    }

    /// The first certified device that answers for a peer stays the one that must.
    private func pin(_ grant: Grant, _ link: Link) {
        guard let dialled = link.expected, let peers = try? store.peers(),
            var peer = peers.first(where: { $0.name == dialled.name && $0.address == dialled.address }),
            peer.device == nil, peer.organisation == nil
        else { return }
        peer.device = grant.deviceID
        try? store.save(peer)
    }

    private func established(_ link: Link, transcript: [UInt8], now: Instant) {
        network.cancelTimer(link.handshakeTimer)
        if let welcome = link.welcome {
            send(welcome, on: link, now: now)
            end(link)
            return
        }
        guard let device = link.device else { return }
        sessionCount += 1
        let role: Session.Role = link.expected == nil ? .responder : .initiator
        link.journal = OpenSession(device: device, peer: name(of: device, link))
        link.session = Session(role: role, peer: device, transcript: transcript, network: store.network)
        var actions: [Action] = []
        link.session?.start(now: Int(now.monotonicMilliseconds), store: SharedStore(store: store), actions: &actions)
        run(actions, on: link, now: now)
    }

    /// The name under which a device is a peer here, if it has one.
    private func name(of device: ShortID, _ link: Link) -> String? {
        let peers = (try? store.peers()) ?? []
        // What was dialled by its address alone is no peer with a name.
        if let dialled = link.expected, peers.contains(where: { $0.name == dialled.name }) { return dialled.name }
        return peers.first { $0.device == device }?.name
    }

    // MARK: Actions of the session

    func run(_ actions: [Action], on link: Link, now: Instant) {
        var later: [Action] = []
        for action in actions {
            guard links[link.connection] === link else { return }
            switch action {
            case .send(let bytes): send(bytes, on: link, now: now)
            case .ingest(let segments): ingest(segments, link, now: now, &later)
            case .saveCheckpoint(let peer, let checkpoint): try? store.saveCheckpoint(checkpoint.encoded, with: peer)
            case .finished(let outcome): finished(outcome, link, now: now)
            case .setTimer(let time): network.setTimer(link.sessionTimer, at: Int64(time))
            case .close: end(link, now: now)
            }
        }
        if !later.isEmpty { run(later, on: link, now: now) }
        if links[link.connection] === link, link.session?.wantsToSend == true { feed(link, now: now) }
    }

    /// Lets a session send as much as the connection takes.
    func feed(_ link: Link, now: Instant) {
        let free = Node.flightByteCount - network.unsentByteCount(of: link.connection)
        guard free > 0, link.session != nil else { return }
        var actions: [Action] = []
        link.session?.writable(
            budget: free, now: Int(now.monotonicMilliseconds), store: SharedStore(store: store), actions: &actions)
        guard !actions.isEmpty else { return }
        run(actions, on: link, now: now)
    }

    func send(_ bytes: [UInt8], on link: Link, now: Instant) {
        var rest = bytes[...]
        var actions: [ChannelAction] = []
        while !rest.isEmpty {
            let plaintext = Array(rest.prefix(ChannelLimits.plaintextByteCount))
            rest = rest.dropFirst(plaintext.count)
            link.sentBytes += plaintext.count + Channel.frameOverheadByteCount
            do { try link.channel.send(plaintext, now: now.monotonicMilliseconds, actions: &actions) } catch { break }
        }
        run(actions, on: link, now: now)
    }

    private func ingest(_ segments: [Sync.IncomingSegment], _ link: Link, now: Instant, _ later: inout [Action]) {
        var outcomes: [SegmentOutcome?] = []
        var known: [Store.IncomingSegment] = []
        let table = Dictionary(store.sessionLogs().map { ($0.id(network: store.network), $0) }) { first, _ in first }
        for segment in segments {
            guard let descriptor = segment.descriptor ?? store.descriptor(of: segment.log) ?? table[segment.log] else {
                outcomes.append(.refused(.malformed))
                continue
            }
            outcomes.append(nil)
            known.append(Store.IncomingSegment(descriptor: descriptor, bytes: segment.bytes))
        }
        var waiting = WaitingRoom()
        let stored: [IngestOutcome]
        do throws(StoreError) {
            if var journal = link.journal {
                stored = try store.ingest(known, waiting: &waiting, from: &journal, time: now.unixSeconds)
                link.journal = journal
            } else {
                stored = try store.ingest(known, waiting: &waiting)
            }
        } catch {
            link.refusal = "this node could not store what came: \(error)"
            send(Message.refused(code: RefusalCode.ownFault.rawValue, text: "ownFault").encoded, on: link, now: now)
            end(link, now: now)
            return
        }
        introduce(now: now)
        var next = stored.makeIterator()
        let result = IngestResult(
            outcomes: outcomes.map { $0 ?? next.next().map { outcome(of: $0) } ?? .waiting },
            changed: takeChangesForSessions(link, now: now))
        link.session?.ingested(
            result, now: Int(now.monotonicMilliseconds), store: SharedStore(store: store), actions: &later)
    }

    /// What moved, told to all other sessions at once and to this one with its result.
    private func takeChangesForSessions(_ link: Link, now: Instant) -> [Branch] {
        let changed = takeChanges()
        guard !changed.isEmpty else { return [] }
        for other in links.values.sorted(by: { $0.connection < $1.connection })
        where other !== link && other.session != nil {
            var actions: [Action] = []
            other.session?.localChange(changed, store: SharedStore(store: store), actions: &actions)
            run(actions, on: other, now: now)
        }
        return changed
    }

    private func outcome(of outcome: IngestOutcome) -> SegmentOutcome {
        switch outcome {
        case .stored(_, let branch, let last, let new): .stored(branch: branch, upTo: last + 1, newEntries: new)
        case .quarantined: .quarantined
        case .explicitNeeded(let log, let first, let last):
            .needsExplicit(first: first, last: last, head: store.headBelow(log: log, sequence: first) ?? Digest())
        case .waiting(let log, let first, let last, true):
            .compactWaiting(first: first, last: last, head: store.headBelow(log: log, sequence: first) ?? Digest())
        case .waiting: .waiting
        case .offence(let error): .refused(error == .seal ? .badSeal : .malformed)
        case .overflow: .refused(.limit)
        }
    }

    // MARK: Ends

    /// Says goodbye and closes, when everything was sent.
    func end(_ link: Link, now: Instant? = nil) {
        var actions: [ChannelAction] = []
        link.channel.close(actions: &actions)
        for case .write(let bytes) in actions { network.write(bytes, to: link.connection) }
        forget(link)
        network.close(link.connection)
        if let now { settle(link, result: .partial, reason: link.refusal ?? "the session ended early", now: now) }
    }

    /// Closes because of what the peer did, at once unless it was answered.
    func drop(_ link: Link, reason: String, answered: Bool = false, now: Instant) {
        forget(link)
        if answered { network.close(link.connection) } else { network.abort(link.connection) }
        settle(link, result: .refused, reason: reason, now: now)
    }

    /// Notes that the peer is gone.
    func lose(_ link: Link, reason: String, now: Instant) {
        var actions: [Action] = []
        link.session?.closed(actions: &actions)
        run(actions, on: link, now: now)
        forget(link)
        network.close(link.connection)
        let result: Job.Result = link.session != nil ? .partial : link.device == nil ? .unreachable : .refused
        settle(link, result: result, reason: reason, now: now)
    }

    private func forget(_ link: Link) {
        links[link.connection] = nil
        gate.ended(link.connection)
        heldByteCount -= link.heldByteCount
        link.heldByteCount = 0
        network.cancelTimer(link.handshakeTimer)
        network.cancelTimer(link.sessionTimer)
    }
}
