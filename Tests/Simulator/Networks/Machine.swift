import Bytes
package import Crypto
package import MemoryDisk
package import Node
import Reactor
package import Records
package import Replica
package import Store

/// One computer of a simulation: a disk, keys, a clock, and now and then a process that runs a node.
package final class Machine {
    /// Which version of the program it runs.
    package enum Version: Int, CaseIterable, Sendable {
        /// Knows fewer kinds.
        case older
        case current
        /// Knows more kinds, and writes what the others do not understand.
        case next
    }

    /// A running node and its network.
    package struct Process {
        package let node: Node
        package let network: MemoryNetwork
    }

    package let number: Int
    package let address: String
    package let signingKey: SigningKey
    package let channelKey: AgreementKey
    package let version: Version
    package var grant: Digest?
    package var certificate: [UInt8]?
    package var disk: MemoryDisk
    package private(set) var process: Process?
    /// How far the clock is off, seconds; grows by `drift` seconds a day.
    package var clock: Int64 = 0
    package var drift: Int64 = 0
    /// Meets nobody before this moment, monotonic milliseconds.
    package var awayUntil: Int64 = 0
    /// What it is at, for the coverage of faults.
    package var state = VictimState.idle
    /// The last entry that was reported as written, of each life; all of them have to be there for good.
    package var promised: [(life: ShortID, entry: Digest)] = []
    /// The head of each branch when the store was last known to be durable.
    package var held: [Digest] = []
    package var backup: Backup?
    /// Lives of its store that were seen to be lived elsewhere too: it must not go on in one.
    package var endedLives: Set<ShortID> = []
    /// A copy of it, or it itself as an older image, may have written at the same numbers.
    package var mayFork = false
    /// A bit of its disk was flipped, and nobody has looked since.
    package var isDamaged = false
    /// A call of its disk failed: the process has to be started again.
    package var isSick = false
    package var isServing = false
    /// It was admitted by a statement of a later set of rules.
    package var hasNextRuleSet = false
    /// It has written what the others do not understand.
    package var hasWritten: (unknownOperation: Bool, unknownKind: Bool) = (false, false)
    /// What the disk had done when it was counted last, and when the process was started.
    package var counted = MemoryDisk.Injected()
    package private(set) var atStart = MemoryDisk.Injected()

    /// The disk as it was, and what had been promised by then.
    package struct Backup {
        package let disk: MemoryDisk
        package let promised: [(life: ShortID, entry: Digest)]
        package let held: [Digest]
        package let isDamaged: Bool
    }

    package init(
        number: Int, signingKey: SigningKey, channelKey: AgreementKey, version: Version, disk: MemoryDisk
    ) {
        self.number = number
        self.signingKey = signingKey
        self.channelKey = channelKey
        self.version = version
        self.disk = disk
        address = "10.0.\(number >> 8).\(number & 255):7420"
    }

    /// The device id.
    package var device: ShortID { signingKey.verifyingKey.deviceID }

    package var store: ReplicaStore? { process?.node.store }

    /// The table of kinds of its version.
    package var schema: Schema { Machine.schemas[version.rawValue] }

    private static let schemas = [
        Schema(Schema.standard.kinds.filter { ![.contactNote, .photo, .theme, .savedView].contains($0) }),
        Schema.standard,
        Schema.standard.adding(
            Kind(
                900, "specimen", Label("Specimen", fr: "S", es: "S", ru: "S", ar: "S", zh: "S"), titleField: 16,
                fields: [
                    Field(
                        16, "name", Label("Name", fr: "N", es: "N", ru: "N", ar: "N", zh: "N"), .line,
                        .register(.hard)),
                    Field(
                        18, "set", Label("Set", fr: "E", es: "E", ru: "E", ar: "E", zh: "E"),
                        .id(kinds: [900]), .set),
                ])),
    ]

    /// Starts the process on whatever the disk holds.
    /// - Parameter charter: the network, for a disk that holds nothing yet.
    package func start(in world: World, entropy: SeededEntropy, charter: Charter?) throws {
        precondition(process == nil, "machine \(number) runs already")
        atStart = disk.injected
        let connection = try disk.connection(schema: ReplicaStore.schema)
        let identity = ReplicaStore.Identity(signingKey: signingKey, channelKey: channelKey, grant: grant)
        let store = try ReplicaStore(
            connection: connection, charter: charter, identity: identity, marker: disk.marker, entropy: entropy,
            indexed: schema.indexed)
        let network = world.makeNetwork(clock: clock)
        network.label = number
        network.isEnded = { [disk] in disk.isCrashed }
        var own = entropy
        _ = own.fill(32)
        let node = Node(
            network: network, store: store, channelKey: channelKey, schema: schema, entropy: own, isServing: isServing)
        network.owner = node
        process = Process(node: node, network: network)
        guard let endpoint = Endpoint(address) else { preconditionFailure("an address of the simulator") }
        _ = try node.serve(on: endpoint, controlPath: "control")
    }

    /// The process is gone.
    /// - Parameter isHeard: whether its peers see their connections break.
    package func end(in world: World, isHeard: Bool) {
        if let network = process?.network { world.remove(network, isHeard: isHeard) }
        process = nil
    }

    /// Notes what the store holds now, as what must be there after any crash.
    package func noteHeld() {
        guard let store, !disk.isCrashed, !isSick, disk.injected.faults == atStart.faults else { return }
        held = store.sharedBranches().map(\.headID)
        if store.isSuperseded, let life = store.incarnation { endedLives.insert(life) }
    }

    /// What the machine is at when something goes wrong on one of its links.
    package var linkState: VictimState {
        guard let process else { return .off }
        let phases = process.node.linkPhases
        if phases.contains(.exchanging) { return .exchanging }
        if phases.contains(.handshaking) { return .handshaking }
        return phases.contains(.live) ? .live : .idle
    }
}
