import Crypto
import MemoryDisk
import Node
import Reactor
import Replica
import Store

// A member whose keys somebody else uses as well.
extension Simulation {
    /// Who has the keys of a machine beside its own node.
    final class Traitor {
        let machine: Machine
        let peer: ByzantinePeer
        let network: MemoryNetwork
        /// The process whose store it reads.
        let node: Node

        init(machine: Machine, peer: ByzantinePeer, network: MemoryNetwork, node: Node) {
            self.machine = machine
            self.peer = peer
            self.network = network
            self.node = node
        }
    }

    /// Chooses the machine whose keys are abused.
    func chooseTraitor() {
        guard plan.rate(.byzantine) > 0, machines.count > 2 else { return }
        let machine = machines[1 + random.below(machines.count - 1)]
        machine.mayFork = true
        traitorNumber = machine.number
    }

    /// Now and then it talks to somebody who is running.
    func betray() throws {
        guard let number = traitorNumber, plan.draws(.byzantine, &random) else { return }
        let machine = machines[number]
        guard try isRunning(machine), let node = machine.process?.node, node.store.ownGrant != nil,
            let grant = machine.grant, let certificate = machine.certificate, !machine.isDamaged
        else { return }
        let victim = pick()
        guard victim.device != machine.device, try isRunning(victim), let endpoint = Endpoint(victim.address) else {
            return
        }
        if traitor?.node !== node {
            if let old = traitor { world.remove(old.network, isHeard: true) }
            let network = world.makeNetwork()
            network.label = number
            let isMember = random.below(5) > 0
            let peer = ByzantinePeer(
                network: network, networkID: node.store.network,
                member: isMember
                    ? .init(
                        signingKey: machine.signingKey, channelKey: machine.channelKey, grant: grant,
                        certificate: certificate) : nil,
                source: node.store, random: entropy())
            network.owner = peer
            traitor = Traitor(machine: machine, peer: peer, network: network, node: node)
        }
        guard let traitor else { return }
        let acts = ByzantineAct.allCases.filter { traitor.peer.member != nil || !$0.needsMembership }
        // Of two the one that came less often: some need more of their victim than others.
        let (one, other) = (acts[random.below(acts.count)], acts[random.below(acts.count)])
        let act = figures.acts[one.rawValue] < figures.acts[other.rawValue] ? one : other
        tell("\(number) betrays \(victim.number): \(act)")
        let state = victim.linkState
        victim.state = .exchanging
        traitor.peer.attack(endpoint, act: act)
        guard
            world.run(
                milliseconds: 120_000, events: Simulation.mostEvents,
                while: { !traitor.peer.isAtRest && !victim.disk.isCrashed && !machine.disk.isCrashed })
        else { throw SimulationDefect("machine \(victim.number) talks without end with a peer that does \(act)") }
        for attack in traitor.peer.takeAttacks() {
            world.trace.add(attack.act.rawValue)
            guard attack.wasPlayed else { continue }
            figures.coverage.add(.byzantine, in: state)
            figures.acts[attack.act.rawValue] += 1
        }
        for one in [victim, machine] {
            noteDisk(one)
            try look(after: one)
        }
    }
}
