import Bytes
import Crypto
import Reactor
package import Replica
import Store
import Sync

// Commands that wait for peers, and peers that are dialled again.
extension Node {
    /// The shortest and longest rest between two attempts to reach a peer, milliseconds.
    private static let restRange: ClosedRange<Int64> = 1_000...60_000

    /// The time that `wait` gives one attempt at least, milliseconds.
    private static let leastAttempt: Int64 = 2_000

    static func jobTimer(_ job: Int) -> TimerID { TimerID(UInt64.max - 1 - UInt64(job)) }

    /// Timers whose highest bits are 10: links have small numbers, jobs great ones.
    private static func progressTimer(_ job: Int) -> TimerID { TimerID(1 << 63 | UInt64(job)) }

    /// The job whose progress is told when this timer fires; nil for other timers.
    static func job(ofProgressTimer timer: TimerID) -> Int? {
        timer.number >> 62 == 0b10 ? Int(timer.number & (1 << 62 - 1)) : nil
    }

    /// Begins `sync` or `wait`.
    func begin(_ request: Request, number: Int, control: ConnectionID?, now: Instant) throws(Failure) -> Response? {
        let peers: [PeerRow]
        do { peers = try store.peers() } catch { throw Failure(error) }
        var targets = peers
        if let wanted = request.arguments.first {
            if let known = peers.first(where: { $0.name == wanted }) {
                targets = [known]
            } else if Endpoint(wanted) != nil {
                targets = [peers.first { $0.address == wanted } ?? PeerRow(name: wanted, address: wanted)]
            } else {
                throw Failure(.notFound, "there is no peer \(wanted)", hint: "liaison peer list")
            }
        }
        guard !targets.isEmpty else {
            throw Failure(.noPeer, "this node has no peers", hint: "liaison peer add NAME HOST:PORT")
        }
        var deadline: Int64?
        if request.verb == "wait" {
            guard let seconds = Int64(request.value(of: "timeout") ?? ""), (0...86_400).contains(seconds) else {
                throw Failure(.usage, "--timeout takes a whole number of seconds, 0 to 86400")
            }
            deadline = now.monotonicMilliseconds + seconds * 1_000
        }
        jobs[number] = Job(
            completion: control.map { .control($0) } ?? .here, targets: targets.map { Job.Target(peer: $0) },
            deadline: deadline)
        if let deadline {
            jobs[number]?.attemptEnd = max(deadline, now.monotonicMilliseconds + Node.leastAttempt)
        }
        if let control, controls[control]?.isWatched == true {
            network.setTimer(
                Node.progressTimer(number), at: now.monotonicMilliseconds + ControlFrame.progressInterval)
        }
        dialTargets(of: number, now: now)
        // A target without an address is settled at once.
        return answers.removeValue(forKey: number)
    }

    /// How far a command that waits for peers has come; nil when it is over.
    package func progress(of number: Int) -> WorkProgress? {
        guard let job = jobs[number] else { return nil }
        var (sent, received, byteCount) = (0, 0, 0)
        for target in job.targets {
            guard let outcome = target.outcome else { continue }
            (sent, received) = (sent + outcome.sentEntries, received + outcome.receivedEntries)
            byteCount += outcome.sentBytes + outcome.receivedBytes
        }
        // What is summed up does not depend on the order.
        for link in links.values {
            guard case .syncing(number, let target) = link.purpose, job.targets[target].result == .pending else {
                continue
            }
            byteCount += link.sentBytes + link.receivedBytes
            if let outcome = link.session?.progress {
                (sent, received) = (sent + outcome.sentEntries, received + outcome.receivedEntries)
            }
        }
        let entries = "\(sent) entries sent, \(received) received"
        guard job.deadline == nil else { return WorkProgress("waiting; " + entries, byteCount: byteCount) }
        let settled = job.targets.count { $0.result != .pending }
        return WorkProgress(
            entries + "; peers met:", done: settled, of: job.targets.count, byteCount: byteCount)
    }

    /// Tells whoever waits for a job how far it has come, and again after a while.
    func tellProgress(of number: Int, now: Instant) {
        guard let progress = progress(of: number), case .control(let connection)? = jobs[number]?.completion else {
            return
        }
        network.write(ControlFrame.encode(progress.encoded), to: connection)
        network.setTimer(Node.progressTimer(number), at: now.monotonicMilliseconds + ControlFrame.progressInterval)
    }

    private func dialTargets(of number: Int, now: Instant) {
        guard let job = jobs[number] else { return }
        if job.deadline != nil { network.setTimer(Node.jobTimer(number), at: job.attemptEnd) }
        for (index, target) in job.targets.enumerated() {
            dial(target.peer, purpose: .syncing(job: number, target: index), now: now)
        }
    }

    /// Ends the attempts of a job that are under way.
    private func endLinks(of number: Int, now: Instant) {
        for link in links.values.sorted(by: { $0.connection < $1.connection }) {
            guard case .syncing(number, let target) = link.purpose else { continue }
            settle(
                number, target, result: link.device == nil ? .unreachable : .partial, outcome: link.outcome,
                reason: "the time is over", now: now)
            end(link)
        }
    }

    /// Forgets what a command waits for that is gone.
    func abandonJobs(of control: ConnectionID, now: Instant) {
        for (number, job) in jobs.sorted(by: { $0.key < $1.key }) {
            guard case .control(control) = job.completion else { continue }
            jobs[number] = nil
            network.cancelTimer(Node.jobTimer(number))
            network.cancelTimer(Node.progressTimer(number))
            endLinks(of: number, now: now)
        }
    }

    /// A session has compared both sides, or is over.
    func finished(_ outcome: Outcome, _ link: Link, now: Instant) {
        var outcome = outcome
        outcome.sentBytes = link.sentBytes
        outcome.receivedBytes = link.receivedBytes
        link.outcome = outcome
        if var journal = link.journal {
            try? store.noteSent(outcome.sentEntries, in: &journal, time: now.unixSeconds)
            link.journal = journal
        }
        if outcome.failure == nil, outcome.identical, let device = link.device {
            noteSync(device, peer: link.expected?.name, at: now.unixSeconds)
        }
        if let failure = outcome.failure {
            link.refusal = "\(failure)"
            if failure.isOffence, let device = link.device {
                gate.offended(device, now: now.monotonicMilliseconds)
            }
            return
        }
        if let neighbourhood = link.neighbourhood { gate.met(at: neighbourhood) }
        if case .syncing(let job, let target) = link.purpose {
            // Unequal at the end without a defect: one side went on writing, or too much was left to compare.
            let isComplete = outcome.identical || outcome.defect
            settle(
                job, target, result: isComplete ? .complete : .partial, outcome: outcome,
                reason: isComplete ? nil : "the two did not come to hold the same yet: run it again", now: now)
            end(link)
        } else if case .keepingUp(let peer) = link.purpose {
            redials[peer] = nil
            keptUp[peer] = link.device
            // Two nodes that dialled each other at once keep the connection of the lesser device.
            guard let device = link.device, let own = store.identity?.device, own > device,
                links.values.contains(where: {
                    $0 !== link && $0.device == device && $0.expected == nil && $0.session?.isLive == true
                })
            else { return }
            end(link)
        }
    }

    /// - Parameter peer: the name under which it was dialled, if it was.
    private func noteSync(_ device: ShortID, peer name: String?, at time: Int64) {
        guard let peers = try? store.peers() else { return }
        for var peer in peers where peer.device == device || peer.name == name {
            peer.lastSync = time
            try? store.save(peer)
        }
    }

    /// A link is over before its session was.
    func settle(_ link: Link, result: Job.Result, reason: String, now: Instant) {
        switch link.purpose {
        case .answering:
            // The peer's own connection is gone: whoever keeps up with it dials soon.
            guard isServing, !isStopping, link.session != nil else { return }
            network.setTimer(Node.redialTimer, at: now.monotonicMilliseconds + Node.restRange.lowerBound)
        case .keepingUp(let peer):
            let rest = min(max((redials[peer]?.rest ?? 0) * 2, Node.restRange.lowerBound), Node.restRange.upperBound)
            redials[peer] = (now.monotonicMilliseconds + rest, rest)
            network.setTimer(Node.redialTimer, at: redials.values.map(\.at).min() ?? now.monotonicMilliseconds + rest)
        case .syncing(let job, let target):
            var end = result
            if result == .partial, case .refused? = link.outcome?.failure { end = .refused }
            settle(job, target, result: end, outcome: link.outcome, reason: link.refusal ?? reason, now: now)
        }
    }

    func settle(
        _ number: Int, _ target: Int, result: Job.Result, outcome: Outcome?, reason: String?, now: Instant
    ) {
        guard var job = jobs[number], job.targets[target].result == .pending else { return }
        job.targets[target].result = result
        job.targets[target].outcome = outcome
        job.targets[target].reason = reason
        if result != .unreachable { job.wasAnswered = true }
        jobs[number] = job
        guard job.isSettled else { return }
        guard let deadline = job.deadline, !job.isEqual, now.monotonicMilliseconds < deadline else {
            return complete(number)
        }
        network.setTimer(Node.jobTimer(number), at: min(deadline, now.monotonicMilliseconds + job.rest))
    }

    /// `wait` tries again.
    func retry(_ number: Int, now: Instant) {
        guard var job = jobs[number], let deadline = job.deadline else { return }
        guard job.isSettled else {
            guard now.monotonicMilliseconds >= job.attemptEnd else {
                return network.setTimer(Node.jobTimer(number), at: job.attemptEnd)
            }
            endLinks(of: number, now: now)
            return complete(number)
        }
        guard now.monotonicMilliseconds < deadline else { return complete(number) }
        job.rest = min(job.rest * 2, 2_000)
        for index in job.targets.indices { job.targets[index] = Job.Target(peer: job.targets[index].peer) }
        jobs[number] = job
        dialTargets(of: number, now: now)
    }

    private func complete(_ number: Int) {
        guard let job = jobs.removeValue(forKey: number) else { return }
        network.cancelTimer(Node.jobTimer(number))
        network.cancelTimer(Node.progressTimer(number))
        switch job.completion {
        case .here: answers[number] = job.response
        case .control(let connection): reply(job.response, to: connection)
        }
    }

    // MARK: Keeping in touch

    /// Dials the peers that are away and whose rest is over.
    func redial(now: Instant) {
        guard isServing, !isStopping, let peers = try? store.peers() else { return }
        // What was kept of peers that are gone goes with them (R8).
        let names = Set(peers.map(\.name))
        redials = redials.filter { names.contains($0.key) }
        keptUp = keptUp.filter { names.contains($0.key) }
        for peer in peers {
            let isDialled = links.values.contains { if case .keepingUp(peer.name) = $0.purpose { true } else { false } }
            let isConnected = links.values.contains {
                $0.session?.isLive == true && $0.device != nil
                    && ($0.device == peer.device || peer.device == nil && keptUp[peer.name] == $0.device)
            }
            if isDialled || isConnected { continue }
            if let next = redials[peer.name], next.at > now.monotonicMilliseconds { continue }
            dial(peer, purpose: .keepingUp(peer: peer.name), now: now)
        }
        let waits = redials.values.map(\.at).filter { $0 > now.monotonicMilliseconds }
        // A peer whose own connection to us ends is dialled at the next round at the latest.
        network.setTimer(
            Node.redialTimer, at: min(waits.min() ?? .max, now.monotonicMilliseconds + Node.restRange.upperBound))
    }
}
