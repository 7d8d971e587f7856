package import Crypto
package import Replica
package import Store
import Bytes

/// The data folder of a node with its store open: one process at a time has it.
package struct NodeHome {
    package let home: Home
    package let store: ReplicaStore
    package let channelKey: AgreementKey

    /// Opens the store of a home that was made by `init` or `join`.
    /// - Throws: `Failure` with what would work: no store, opened twice, lax modes, newer version, damage.
    package static func open(_ path: String, entropy: any Entropy) throws(Failure) -> NodeHome {
        do throws(StoreError) {
            let home = try Home.open(path)
            guard try home.exists(.store) else { throw StoreError.notFound(path: path) }
            let keys = try readKeys(home)
            let connection = try Connection.open(in: home, schema: ReplicaStore.schema)
            let store = try ReplicaStore(
                connection: connection, charter: nil, identity: nil, marker: LifeMarker(home), entropy: entropy)
            let grant = try store.meta("grant").flatMap { Digest($0) }
            store.setIdentity(.init(signingKey: keys.signing, channelKey: keys.channel, grant: grant))
            _ = try home.keepBallast()
            return NodeHome(home: home, store: store, channelKey: keys.channel)
        } catch { throw Failure(error, opening: path) }
    }

    /// Makes a home for a device; nothing is left behind where that fails before its store stands.
    /// - Parameter grant: the device's admission; nil for a founder, whose root gives it next.
    package static func create(
        _ path: String, charter: Charter, signing: SigningKey, channel: AgreementKey, grant: Digest?,
        entropy: any Entropy
    ) throws(Failure) -> NodeHome {
        do throws(StoreError) {
            let home = try Home.create(path)
            guard !(try home.exists(.store)) else { throw StoreError.alreadyExists(path: path) }
            try home.writeSeeds(
                [signing.withSeed { SecretBytes($0) }, channel.withSeed { SecretBytes($0) }], to: .deviceKey)
            let connection = try Connection.open(in: home, schema: ReplicaStore.schema)
            let store = try ReplicaStore(
                connection: connection, charter: charter,
                identity: .init(signingKey: signing, channelKey: channel, grant: grant),
                marker: LifeMarker(home), entropy: entropy)
            if let grant { try store.setMeta("grant", grant.bytes) }
            _ = try home.keepBallast()
            return NodeHome(home: home, store: store, channelKey: channel)
        } catch { throw Failure(error, opening: path) }
    }

    /// Whether a home holds a store already.
    package static func isInUse(_ path: String) -> Bool {
        guard let home = try? Home.open(path) else {
            // A folder that another process holds is in use as well.
            do { _ = try Home.open(path) } catch { if case .alreadyOpen = error { return true } }
            return false
        }
        return (try? home.exists(.store)) ?? true
    }

    private static func readKeys(_ home: Home) throws(StoreError) -> (signing: SigningKey, channel: AgreementKey) {
        let seeds = try home.readSeeds(.deviceKey, count: 2)
        guard let signing = seeds[0].withCopy({ SigningKey(seed: $0) }),
            let channel = seeds[1].withCopy({ AgreementKey(seed: $0) })
        else {
            throw .damagedFile(path: home.path(of: .deviceKey), what: "it does not hold two keys")
        }
        return (signing, channel)
    }
}

extension Failure {
    /// What the disk or the store refused, with what would work.
    package init(_ error: StoreError, opening path: String? = nil) {
        switch error {
        case .notFound where path != nil:
            self.init(.notFound, "there is no node in \(path ?? "")", hint: "liaison init, or liaison join CODE")
        case .alreadyExists where path != nil:
            self.init(
                .failed, "\(path ?? "") is in use by a node already", hint: "choose another folder with --home DIR")
        case .alreadyOpen:
            self.init(.failed, "\(error)", hint: "use the running node, or stop it first")
            isAlreadyOpen = true
        case .corrupt, .damagedFile: self.init(.integrity, "\(error)", hint: "liaison verify")
        default: self.init(.failed, "\(error)")
        }
    }
}
