package import Crypto
package import Replica

/// How networks begin and grow: the root's first acts, and admissions.
package enum Founding {
    /// The rule set that this version grants.
    package static let ruleSet = 1

    /// Founds a network in a store that holds nothing yet: the root opens its log and admits the Sector's first
    /// admin, whose device's store this becomes.
    /// - Returns: the admission's grant.
    package static func found(
        _ store: ReplicaStore, root: SigningKey, device: SigningKey, channelKey: AgreementKey, organisation: String,
        time: Int64
    ) throws(StoreError) -> Grant {
        store.setIdentity(.init(signingKey: root, channelKey: channelKey, grant: nil))
        let admission = Statement.Admission(
            ruleSet: ruleSet, rank: .sectorAdmin, organisation: nil, name: organisation, device: device.verifyingKey,
            channelKey: channelKey.publicKey, label: 0)
        try store.openIncarnation(time: time)
        let id = try store.write(.admission(admission), time: time)
        store.setIdentity(.init(signingKey: device, channelKey: channelKey, grant: id))
        try store.openIncarnation(time: time)
        guard let grant = store.authority.grants[id] else { preconditionFailure("the root's first admission stands") }
        return grant
    }

    /// What this store's device may admit somebody to.
    package enum Seat: Hashable, Sendable {
        /// The first admin of a new organisation.
        case organisation(name: String)
        /// One more device of its own organisation.
        case device
    }

    /// Admits a device; durable when it returns.
    /// - Returns: the admission's entry id, or nil if this device may not give that.
    package static func admit(
        _ device: VerifyingKey, channelKey: AgreementPublicKey, to seat: Seat, in store: ReplicaStore, time: Int64
    ) throws(StoreError) -> Digest? {
        guard let own = store.ownGrant else { return nil }
        let admission: Statement.Admission
        switch seat {
        case .organisation(let name):
            guard own.rank == .sectorAdmin else { return nil }
            admission = Statement.Admission(
                ruleSet: ruleSet, rank: .organisationAdmin, organisation: nil, name: name, device: device,
                channelKey: channelKey, label: 0)
        case .device:
            guard own.rank == .sectorAdmin || own.rank == .organisationAdmin else { return nil }
            let label = store.authority.grants.values.count { $0.organisation == own.organisation }
            admission = Statement.Admission(
                ruleSet: ruleSet, rank: .device, organisation: own.organisation, name: nil, device: device,
                channelKey: channelKey, label: label)
        }
        return try store.write(.admission(admission), time: time)
    }
}

extension ReplicaStore {
    /// The grant under which this store's device writes, if it stands.
    package var ownGrant: Grant? { identity?.grant.flatMap { authority.grants[$0] } }

    /// The admissions from the root's down to a grant, with their seals.
    /// - Returns: nil if the grant does not stand here.
    package func certificate(for grant: Digest) throws(StoreError) -> Certificate? {
        var links: [Certificate.Link] = []
        var next: Digest? = grant
        while let id = next {
            guard authority.grants[id] != nil, let place = try place(of: id),
                let number = try connection.query(
                    "SELECT n FROM segments WHERE branch = ? AND first <= ? ORDER BY first DESC LIMIT 1"
                )
                .bind(1, place.branch).bind(2, place.sequence).first({ $0.int(0) })
            else { return nil }
            let piece = try storedSegment(number)
            guard let entry = piece.entries.first(where: { $0.id == id }), piece.entries.last?.id == id else {
                return nil
            }
            let descriptor = topology.logs[topology.branches[place.branch].log].descriptor
            links.insert(Certificate.Link(header: entry.headerBytes, descriptor: descriptor, seal: piece.seal), at: 0)
            next = entry.header.auth
            guard links.count <= CertificateLimits.links else { return nil }
        }
        return Certificate(charter: charter.encoded, links: links)
    }
}
