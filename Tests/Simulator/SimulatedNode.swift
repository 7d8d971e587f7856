import Crypto
package import Node
import Reactor
import Records
import Replica
package import Store

/// A network of real nodes with stores in memory.
package final class SimulatedNetwork {
    package let world = World()
    package private(set) var nodes: [SimulatedNode] = []
    private var entropy: SeededEntropy
    private let charter: Charter
    private let root: SigningKey

    /// One node of a simulation.
    package struct SimulatedNode {
        package let node: Node
        package let network: MemoryNetwork
        package let address: String
        package var store: ReplicaStore { node.store }
    }

    /// - Parameter members: the founder and so many more organisations, all with each other as peers.
    package init(members: Int, seed: UInt64, clocks: [Int64] = []) throws {
        entropy = SeededEntropy(seed: seed)
        root = SigningKey(from: &entropy)
        guard let nonce = ShortID(entropy.fill(16)) else { preconditionFailure("entropy gives what was asked for") }
        charter = Charter(name: "Simulated", rootKeys: [root.verifyingKey], threshold: 1, created: 0, nonce: nonce)
        for index in 0..<members {
            try add(index, clock: index < clocks.count ? clocks[index] : 0)
        }
    }

    private func add(_ index: Int, clock: Int64) throws {
        let (device, channel) = (SigningKey(from: &entropy), AgreementKey(from: &entropy))
        let own = SeededEntropy(seed: UInt64.random(in: 0 ... .max, using: &entropy))
        let network = world.makeNetwork(clock: clock)
        let store = try ReplicaStore.inMemory(
            charter: charter, identity: nil, entropy: own, indexed: Schema.standard.indexed)
        if index == 0 {
            _ = try Founding.found(
                store, root: root, device: device, channelKey: channel, organisation: "Sector",
                time: network.now.unixSeconds)
        } else {
            guard
                let grant = try Founding.admit(
                    device.verifyingKey, channelKey: channel.publicKey, to: .organisation(name: "Institute \(index)"),
                    in: nodes[0].store, time: network.now.unixSeconds),
                let certificate = try nodes[0].store.certificate(for: grant)
            else { preconditionFailure("the founder admits") }
            store.setIdentity(.init(signingKey: device, channelKey: channel, grant: grant))
            try store.setMeta("certificate", certificate.encoded)
        }
        let node = Node(
            network: network, store: store, channelKey: channel, schema: .standard, entropy: own, isServing: false)
        network.owner = node
        let address = "10.0.0.\(index + 1):7420"
        guard let endpoint = Endpoint(address) else { preconditionFailure("an address of the simulator") }
        _ = try node.serve(on: endpoint, controlPath: "control")
        nodes.append(SimulatedNode(node: node, network: network, address: address))
        if index > 0 {
            // What tells it of its own admission.
            _ = sync(index, 0)
        }
    }

    /// One node syncs with another once.
    /// - Returns: the answer of the command, or nil if it came to no end.
    package func sync(_ a: Int, _ b: Int) -> Response? {
        let (response, job) = nodes[a].node.submit(Request(verb: "sync", arguments: [nodes[b].address]))
        if let response { return response }
        var answer: Response?
        world.run(milliseconds: 120_000) {
            answer = nodes[a].node.answer(to: job)
            return answer == nil
        }
        // What the other side still has in hand.
        world.run()
        return answer
    }

    /// A copy of a node's disk starts as a second node with the same keys and the same life.
    /// - Returns: the index of the twin.
    package func clone(_ index: Int) throws -> Int {
        let original = nodes[index].store
        guard let identity = original.identity, let life = original.incarnation else {
            preconditionFailure("a node has a life")
        }
        let connection = try Connection.inMemory(schema: ReplicaStore.schema)
        let own = SeededEntropy(seed: UInt64.random(in: 0 ... .max, using: &entropy))
        let copy = try ReplicaStore(
            connection: connection, charter: charter, identity: identity, marker: nil, entropy: own,
            indexed: Schema.standard.indexed)
        var segments: [(place: Int, segment: IncomingSegment)] = []
        for branch in original.sharedBranches() {
            var next = branch.parentSequence + 1
            while let run = try original.segment(branch: branch.number, from: next) {
                segments.append((run.place, IncomingSegment(descriptor: branch.descriptor, bytes: run.bytes)))
                next = run.last + 1
            }
        }
        var waiting = WaitingRoom()
        _ = try copy.ingest(segments.sorted { $0.place < $1.place }.map(\.segment), waiting: &waiting)
        try copy.setMeta("incarnation", life.bytes)
        if let certificate = try original.meta("certificate") { try copy.setMeta("certificate", certificate) }
        let store = try ReplicaStore(
            connection: connection, charter: nil, identity: identity, marker: nil, entropy: own,
            indexed: Schema.standard.indexed)
        let network = world.makeNetwork()
        let node = Node(
            network: network, store: store, channelKey: identity.channelKey, schema: .standard, entropy: own,
            isServing: false)
        network.owner = node
        let address = "10.0.0.\(nodes.count + 1):7420"
        guard let endpoint = Endpoint(address) else { preconditionFailure("an address of the simulator") }
        _ = try node.serve(on: endpoint, controlPath: "control")
        nodes.append(SimulatedNode(node: node, network: network, address: address))
        return nodes.count - 1
    }
}
