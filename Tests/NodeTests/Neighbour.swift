import Bytes
import Crypto
import Reactor
import Records
import Replica
import Store

@testable import Node

/// An honest node beside the stage's own: it syncs when a test says so.
final class Neighbour {
    let network = ScriptedNetwork()
    let store: ReplicaStore
    let node: Node
    let stage: Stage

    init(_ device: Stage.Device, _ stage: Stage) throws {
        self.stage = stage
        store = try ReplicaStore.inMemory(
            charter: stage.charter, identity: nil, entropy: SeededEntropy(seed: 77), indexed: Schema.standard.indexed)
        store.setIdentity(.init(signingKey: device.signing, channelKey: device.channel, grant: device.grant))
        try store.setMeta("certificate", device.certificate)
        node = Node(
            network: network, store: store, channelKey: device.channel, schema: .standard,
            entropy: SeededEntropy(seed: 78), isServing: false)
    }

    /// Dials the stage's node.
    /// - Returns: the job, and both ends of the connection.
    func dial(from address: String) throws -> Flight {
        let (response, job) = node.submit(Request(verb: "sync", arguments: ["10.0.0.1:7420"]))
        guard response == nil, let last = network.dialled.last else { preconditionFailure("a sync waits for its peer") }
        let flight = Flight(neighbour: self, job: job, here: last.connection, there: stage.connect(from: address))
        node.connected(last.connection, to: last.endpoint, now: network.now)
        return flight
    }

    /// Syncs to the end.
    func sync(from address: String) throws -> Response? { try dial(from: address).run() }

    /// One sync under way.
    struct Flight {
        let neighbour: Neighbour
        let job: Int
        let here: ConnectionID
        let there: ConnectionID

        /// Carries what waits each way, once.
        /// - Returns: whether anything moved.
        func step() -> Bool {
            let (network, stage) = (neighbour.network, neighbour.stage)
            network.time = stage.network.time
            let sent = network.written.removeValue(forKey: here) ?? []
            if !sent.isEmpty { stage.send(sent, on: there) }
            if network.ended.contains(here) { stage.hangUp(there) }
            let answer = stage.network.written.removeValue(forKey: there) ?? []
            if !answer.isEmpty, !network.ended.contains(here) {
                neighbour.node.received(answer, from: here, now: network.now)
            }
            if !stage.isOpen(there), !network.ended.contains(here) {
                neighbour.node.disconnected(here, reason: .closedByPeer, now: network.now)
                network.close(here)
            }
            return !sent.isEmpty || !answer.isEmpty
        }

        /// Carries everything until nothing moves.
        /// - Returns: the answer of the command, if it has one.
        func run() -> Response? {
            while step() {}
            return neighbour.node.answer(to: job)
        }
    }
}

extension Response? {
    /// Whether a sync ended with equal digests.
    var isIdentical: Bool { self?.document?["peers"]?.items?.first?["identical"]?.flag == true }
}
