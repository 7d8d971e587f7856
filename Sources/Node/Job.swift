import Bytes
import Reactor
import Store
import Sync

/// A command that waits for peers: `sync` and `wait`.
struct Job {
    /// Who gets the answer.
    enum Completion {
        /// The process that performs the command itself.
        case here
        /// A command that talks to the running node.
        case control(ConnectionID)
    }

    /// How far one peer has come.
    struct Target {
        let peer: PeerRow
        var result = Result.pending
        var outcome: Outcome?
        var reason: String?
    }

    /// What became of a peer; the words are those of the command line.
    enum Result: String {
        case pending
        case complete
        case partial
        case refused
        case unreachable
    }

    let completion: Completion
    var targets: [Target]
    /// When `wait` gives up, monotonic milliseconds; nil for `sync`.
    let deadline: Int64?
    /// When the attempt under way is ended, monotonic milliseconds: even `--timeout 0` makes one.
    var attemptEnd: Int64 = 0
    /// How long `wait` rests before it tries again, milliseconds.
    var rest: Int64 = 250
    /// Whether any peer answered at any time.
    var wasAnswered = false

    var isSettled: Bool { targets.allSatisfy { $0.result != .pending } }

    /// Whether every peer holds what we hold.
    var isEqual: Bool { targets.allSatisfy { $0.result == .complete && $0.outcome?.identical == true } }

    /// The answer, once all is settled.
    var response: Response {
        var notes: [String] = []
        let peers = targets.map { target in
            let outcome = target.outcome ?? Outcome()
            if let reason = target.reason, target.result != .complete { notes.append("\(target.peer.name): \(reason)") }
            if outcome.defect {
                notes.append(
                    "\(target.peer.name): equal frontiers give unequal states, which is a defect of the program: "
                        + "liaison verify on both nodes")
            }
            return Document.pairs([
                "name": .string(target.peer.name), "result": .string(target.result.rawValue),
                "sent": .pairs(["entries": .int(Int64(outcome.sentEntries)), "bytes": .int(Int64(outcome.sentBytes))]),
                "received": .pairs([
                    "entries": .int(Int64(outcome.receivedEntries)), "bytes": .int(Int64(outcome.receivedBytes)),
                ]),
                "roundTrips": .int(Int64(outcome.roundTrips)), "identical": .bool(outcome.identical),
            ])
        }
        return Response(.pairs(["peers": .array(peers)]), exitCode: exitCode, error: error, hint: hint, notes: notes)
    }

    private var exitCode: ExitCode {
        if deadline != nil { return isEqual ? .done : wasAnswered ? .failed : .noPeer }
        if targets.allSatisfy({ $0.result == .complete }) { return .done }
        return targets.allSatisfy { $0.result == .unreachable } ? .noPeer : .failed
    }

    private var error: String? {
        switch exitCode {
        case .done: nil
        case .noPeer: targets.count == 1 ? "\(targets[0].peer.name) does not answer" : "no peer answers"
        default: deadline == nil ? "not every peer could be synced with" : "the peers do not hold the same yet"
        }
    }

    private var hint: String? {
        exitCode == .noPeer ? "what you wrote is safe here; try again when they are there" : nil
    }
}
