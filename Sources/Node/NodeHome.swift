package import Crypto
package import Records
package import Replica
package import Store
import Bytes

/// The data folder of a node with its store open: one process at a time has it.
package struct NodeHome {
    package let home: Home
    package let store: ReplicaStore
    package let channelKey: AgreementKey

    /// Opens the store of a home that was made by `init` or `join`.
    /// - Parameter schema: the table of kinds, which says by what records are found.
    /// - Throws: `Failure` with what would work: no store, opened twice, lax modes, newer version, damage.
    package static func open(_ path: String, schema: Schema, entropy: any Entropy) throws(Failure) -> NodeHome {
        do throws(StoreError) {
            let home = try Home.open(path)
            guard try home.exists(.store) else { throw StoreError.notFound(path: path) }
            let keys = try readKeys(home)
            let connection = try Connection.open(in: home, schema: ReplicaStore.schema)
            let store = try ReplicaStore(
                connection: connection, charter: nil, identity: nil, marker: LifeMarker(home), entropy: entropy,
                indexed: schema.indexed)
            let grant = try store.meta("grant").flatMap { Digest($0) }
            store.setIdentity(.init(signingKey: keys.signing, channelKey: keys.channel, grant: grant))
            _ = try home.keepBallast()
            return NodeHome(home: home, store: store, channelKey: keys.channel)
        } catch { throw Failure(error, opening: path) }
    }

    /// A home that is being made: it has keys and no store that anybody has entered a network with.
    package struct Beginning {
        package let home: Home
        package let signing: SigningKey
        package let channel: AgreementKey
        /// The keys were made just now: nobody knows them.
        let isFresh: Bool

        /// Leaves nothing behind, if nobody can have heard of the keys.
        package func discard() {
            guard isFresh else { return }
            try? home.remove(.deviceKey)
            home.discard()
        }
    }

    /// Makes a home, or takes up one whose making was cut; its keys are durable before anybody is told of them.
    /// - Parameter keepsKeys: goes on with the keys of the attempt before, which an inviter may know.
    package static func begin(
        _ path: String, keepsKeys: Bool, entropy: inout some Entropy
    ) throws(Failure) -> Beginning {
        do throws(StoreError) {
            let home = try Home.create(path)
            if try home.exists(.store) {
                guard !(try hasEntered(home)) else { throw StoreError.alreadyExists(path: path) }
                for file in [Home.File.store, .storeLog, .life, .rootKey] { try home.remove(file) }
            }
            if try home.exists(.deviceKey), !keepsKeys { try home.remove(.deviceKey) }
            let isFresh = try !home.exists(.deviceKey)
            if isFresh {
                let seeds = [
                    SigningKey(from: &entropy).withSeed { SecretBytes($0) },
                    AgreementKey(from: &entropy).withSeed { SecretBytes($0) },
                ]
                try home.writeSeeds(seeds, to: .deviceKey)
            }
            let keys = try readKeys(home)
            return Beginning(home: home, signing: keys.signing, channel: keys.channel, isFresh: isFresh)
        } catch {
            if case .alreadyOpen = error {
                throw Failure(
                    .failed, "\(path) is in use by a node already", hint: "choose another folder with --home DIR")
            }
            throw Failure(error, opening: path)
        }
    }

    /// Whether the store of a home belongs to a network; one whose making was cut does not.
    private static func hasEntered(_ home: Home) throws(StoreError) -> Bool {
        let connection = try Connection.open(in: home, schema: ReplicaStore.schema)
        defer { connection.close() }
        return try ReplicaStore.hasEntered(connection)
    }

    /// Makes the store of a home.
    /// - Parameters:
    ///   - grant: the device's admission; nil for a founder, whose root gives it next.
    ///   - schema: the table of kinds, which says by what records are found.
    ///   - values: what is kept by name from the first moment on.
    package static func create(
        _ beginning: Beginning, charter: Charter, grant: Digest?, schema: Schema, values: [String: [UInt8]],
        entropy: any Entropy
    ) throws(Failure) -> NodeHome {
        do throws(StoreError) {
            let connection = try Connection.open(in: beginning.home, schema: ReplicaStore.schema)
            var values = values
            if let grant { values["grant"] = grant.bytes }
            let store = try ReplicaStore(
                connection: connection, charter: charter,
                identity: .init(signingKey: beginning.signing, channelKey: beginning.channel, grant: grant),
                marker: LifeMarker(beginning.home), entropy: entropy, indexed: schema.indexed, values: values)
            _ = try beginning.home.keepBallast()
            return NodeHome(home: beginning.home, store: store, channelKey: beginning.channel)
        } catch { throw Failure(error, opening: beginning.home.path) }
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
