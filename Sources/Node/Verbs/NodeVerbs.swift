import Bytes
import Crypto
import Records
package import Replica
import Store
import Reactor

/// Performs the commands on the node itself that need no peer: invitations, peers, status, care of the store.
struct NodeVerbs {
    let store: ReplicaStore
    let schema: Schema
    let language: String
    /// What the clock says, seconds since 1970.
    let time: Int64
    /// Where this node listens, if it does.
    let listening: String?
    /// Devices that are connected just now.
    let connected: Set<ShortID>

    /// The address that codes carry when nobody names one.
    static let defaultAddress = "127.0.0.1:7420"

    func perform(_ request: Request) throws(Failure) -> Response? {
        do {
            switch request.verb {
            case "invite": return try invite(request)
            case "peer add": return try addPeer(request)
            case "peer list": return Response(.pairs(["peers": .array(try store.peers().map(document))]))
            case "peer remove": return try removePeer(request)
            case "status": return try status()
            case "verify": return try verify()
            case "export segments": return try exportSegments(to: argument(request, 0))
            case "rebuild":
                try store.rebuild()
                return try status()
            case "version": return NodeVerbs.version
            default: return nil
            }
        } catch let error as StoreError {
            throw Failure(error)
        } catch let error as Failure {
            throw error
        } catch {
            preconditionFailure("an error of no known kind: \(error)")
        }
    }

    /// What this program is and what it reads.
    static var version: Response {
        Response(
            .pairs([
                "version": .string(Program.version),
                "formats": .pairs([
                    "charter": .int(1), "header": .int(1), "segment": .int(1), "handshake": .int(1),
                    "protocol": .int(1),
                    "store": .int(Int64(ReplicaStore.schema.version)),
                ]),
            ]))
    }

    // MARK: Invitations

    private func invite(_ request: Request) throws -> Response {
        if let text = request.value(of: "cancel") { return try cancel(text) }
        guard let name = request.value(of: "organisation"), !name.isEmpty else {
            throw Failure(.usage, "whom do you invite", hint: "liaison invite --organisation NAME")
        }
        guard name.utf8.count <= CharterLimits.nameBytes else {
            throw Failure(
                .invalidValue, "the name has \(name.utf8.count) bytes, at most \(CharterLimits.nameBytes) fit")
        }
        guard let own = store.ownGrant else {
            throw Failure(.notPermitted, "this device has no grant that stands yet", hint: "liaison sync")
        }
        let seat: Founding.Seat
        if name == own.organisationName || own.organisation.hex == name {
            guard own.rank == .sectorAdmin || own.rank == .organisationAdmin else {
                throw Failure(.notPermitted, "only admins of \(own.organisationName) admit its devices")
            }
            seat = .device
        } else {
            if let known = store.authority.grants.values.first(where: { $0.organisationName == name }) {
                throw Failure(
                    .notPermitted, "\(known.organisationName) is a member: only its own admins admit its devices")
            }
            guard own.rank == .sectorAdmin else {
                throw Failure(
                    .notPermitted, "only admins of the Sector admit a new organisation",
                    hint: "liaison invite --organisation '\(own.organisationName)'")
            }
            seat = .organisation(name: name)
        }
        let stored = try store.meta("listen").map { String(decoding: $0, as: UTF8.self) }
        let address = request.value(of: "address") ?? listening ?? stored ?? NodeVerbs.defaultAddress
        guard address.utf8.count <= InvitationLimits.addressBytes, NodeVerbs.isAddress(address) else {
            throw Failure(
                .invalidValue,
                "nobody can dial \(address): a code needs HOST:PORT, at most \(InvitationLimits.addressBytes) bytes",
                hint: "liaison invite --organisation NAME --address HOST:PORT")
        }
        guard let secret = ShortID(store.randomBytes(16)), let identity = store.identity else {
            preconditionFailure("a node has keys")
        }
        guard try store.makeRoomForInvitation(keeping: ServingLimits.invitations, at: time) else {
            throw Failure(
                .failed, "\(ServingLimits.invitations) invitations are open, which is the limit",
                hint: "liaison invite --cancel CODE")
        }
        try store.save(Invitation(secret: secret, seat: seat, created: time))
        let code = JoinCode(
            network: store.network, inviter: identity.channelKey.publicKey, secret: secret, address: address)
        return Response(.pairs(["code": .string(code.text)]))
    }

    private func cancel(_ text: String) throws -> Response {
        let code = try NodeVerbs.code(text)
        guard var invitation = try store.invitations().first(where: { $0.secret == code.secret }) else {
            throw Failure(.notFound, "this node has not issued that code")
        }
        guard invitation.state != .used else { throw Failure(.failed, "that code was used already") }
        invitation.state = .cancelled
        try store.save(invitation)
        return Response(.pairs(["code": .string(code.text)]))
    }

    /// Reads a code, or says what is wrong with it.
    static func code(_ text: String) throws(Failure) -> JoinCode {
        do { return try JoinCode(text) } catch {
            let what =
                switch error {
                case .notBase32: "it has characters that no code has"
                case .wrongLength: "a part of it is missing, or there is too much of it"
                case .wrongChecksum: "a character of it is wrong"
                case .noAddress: "the address in it is none"
                case .wrongVersion: "it is of a later version of the program"
                }
            throw Failure(.invalidValue, "the code is damaged: \(what)", hint: "copy it again, in one piece")
        }
    }

    /// Whether somebody can dial it: a port, and a host that is one place.
    static func isAddress(_ text: String) -> Bool {
        guard let endpoint = Endpoint(text) else { return false }
        return endpoint.port != 0 && !["0.0.0.0", "::"].contains(endpoint.host)
    }

    // MARK: Peers

    /// An argument that the command line has counted; another client of the control socket may not have.
    private func argument(_ request: Request, _ index: Int) throws(Failure) -> String {
        guard request.arguments.indices.contains(index) else {
            throw Failure(.usage, "\(request.verb) needs more than it was given", hint: "liaison help \(request.verb)")
        }
        return request.arguments[index]
    }

    private func addPeer(_ request: Request) throws -> Response {
        let (name, address) = (try argument(request, 0), try argument(request, 1))
        guard NodeVerbs.isAddress(address) else {
            throw Failure(.invalidValue, "\(address) is not an address of the form HOST:PORT")
        }
        var peer = PeerRow(name: name, address: address)
        if let id = request.value(of: "device") {
            let found = store.authority.grants.values.filter { $0.deviceID.hex.hasPrefix(id.lowercased()) }
            guard found.count == 1, let only = found.first else {
                throw Failure(.notFound, "no single device has the id \(id)", hint: "liaison device list")
            }
            peer.device = only.deviceID
        }
        if let name = request.value(of: "organisation") {
            let found = Set(
                store.authority.grants.values.filter {
                    $0.organisationName == name || $0.organisation.hex.hasPrefix(name.lowercased())
                }
                .map(\.organisation))
            guard found.count == 1 else {
                throw Failure(.notFound, "no single organisation is called \(name)", hint: "liaison list organisation")
            }
            peer.organisation = found.first
        }
        let known = try store.peers()
        guard known.count < ServingLimits.peers || known.contains(where: { $0.name == name }) else {
            throw Failure(
                .failed, "this node has \(ServingLimits.peers) peers, which is the limit",
                hint: "liaison peer remove NAME")
        }
        try store.save(peer)
        return Response(.pairs(["peers": .array([document(peer)])]))
    }

    private func removePeer(_ request: Request) throws -> Response {
        let name = try argument(request, 0)
        guard let peer = try store.peers().first(where: { $0.name == name }) else {
            throw Failure(.notFound, "there is no peer \(name)", hint: "liaison peer list")
        }
        try store.removePeer(name)
        return Response(.pairs(["peers": .array([document(peer)])]))
    }

    private func document(_ peer: PeerRow) -> Document {
        let isConnected = store.authority.grants.values.contains { grant in
            connected.contains(grant.deviceID)
                && (peer.device == grant.deviceID || peer.device == nil && peer.organisation == grant.organisation)
        }
        return .pairs([
            "name": .string(peer.name), "address": .string(peer.address),
            "device": peer.device.map { .string($0.hex) } ?? .null,
            "organisation": peer.organisation.map { .string($0.hex) } ?? .null,
            "state": .string(isConnected ? "connected" : "away"),
            "lastSync": peer.lastSync.map { .string(CivilTime.text($0)) } ?? .null,
        ])
    }

    // MARK: State

    private func status() throws -> Response {
        guard let identity = store.identity else { preconditionFailure("a node has keys") }
        let access = RecordAccess(store, time: time)
        var conflicts = 0
        do {
            for id in try access.conflictCandidates() {
                guard let state = try access.state(of: id) else { continue }
                conflicts += state.readings(schema.kind(state.kind)).count(where: \.needsDecision)
            }
        } catch { throw Failure(error) }
        let quarantined = try store.quarantined()
        let spaces = [SpaceName.policy, SpaceName.net].map { name in
            let totals = store.totals(of: name)
            let isNet = name == SpaceName.net
            return Document.pairs([
                "space": .string(name), "records": .int(Int64(totals.records)), "entries": .int(Int64(totals.entries)),
                "conflicts": .int(Int64(isNet ? conflicts : 0)),
                "quarantined": .int(Int64(isNet ? quarantined.reduce(0) { $0 + $1.entries } : 0)),
                "notUnderstood": .int(Int64(totals.notUnderstood)), "frontier": .string(store.frontier(of: name).hex),
                "state": .string(store.state(of: name).hex),
            ])
        }
        let own = store.ownGrant
        let organisation = own?.organisation
        let deviceName = try title(
            RecordID.pair(network: store.network, space: SpaceName.net, kind: store.deviceKind, ids: [identity.device]))
        let organisationName = try organisation.flatMap { try title($0) } ?? own?.organisationName
        var notes: [String] = []
        for item in quarantined {
            notes.append(
                "\(item.entries) quarantined entries of device \(item.device.hex.prefix(8)): \(item.reason.text)")
        }
        for fork in store.forks() {
            notes.append(
                "device \(fork.device.hex.prefix(8)) has written \(fork.branches) branches of one log: "
                    + "a copy of its data was used twice; all of them are merged")
        }
        let claims = try claimsAhead()
        notes += notesOnClocks(claims)
        return Response(
            .pairs([
                "network": .pairs(["id": .string(store.network.hex), "name": .string(store.charter.name)]),
                "organisation": .pairs([
                    "id": organisation.map { .string($0.hex) } ?? .null,
                    "name": organisationName.map { .string($0) } ?? .null,
                ]),
                "device": .pairs(["id": .string(identity.device.hex), "name": deviceName.map { .string($0) } ?? .null]),
                "spaces": .array(spaces), "peers": .array(try store.peers().map(document)),
                "quarantine": .array(
                    quarantined.map {
                        .pairs([
                            "device": .string($0.device.hex), "entries": .int(Int64($0.entries)),
                            "reason": .string($0.reason.text),
                        ])
                    }),
                "forks": .array(
                    store.forks().map {
                        .pairs([
                            "device": .string($0.device.hex), "log": .string($0.log.hex),
                            "branches": .int(Int64($0.branches)),
                        ])
                    }),
                "clocks": .array(
                    claims.map {
                        .pairs(["device": .string($0.device.hex), "claims": .string(CivilTime.text($0.newest))])
                    }),
            ]), notes: notes)
    }

    /// Clocks may differ by so much without a word, seconds.
    private static let clockTolerance: Int64 = 86_400

    /// The devices that claim to have written at a time which is still to come here.
    private func claimsAhead() throws(StoreError) -> [(device: ShortID, newest: Int64)] {
        let (end, overflows) = time.addingReportingOverflow(NodeVerbs.clockTolerance)
        return overflows ? [] : try store.claims(after: end)
    }

    /// Clocks decide nothing, so a wrong one is only worth a word.
    private func notesOnClocks(_ ahead: [(device: ShortID, newest: Int64)]) -> [String] {
        // A clock that stands before the founding is the one that is wrong, and not all others.
        if store.charter.created > time, store.charter.created - time > NodeVerbs.clockTolerance {
            return [
                "the clock here says \(CivilTime.text(time)), and this network was founded at "
                    + "\(CivilTime.text(store.charter.created)): set it; nothing depends on it but what is shown"
            ]
        }
        return ahead.map {
            "device \($0.device.hex.prefix(8)) says that it wrote at \(CivilTime.text($0.newest)), which is still to "
                + "come here: one of the two clocks is wrong; its entries count as all others do"
        }
    }

    private func title(_ record: ShortID) throws -> String? {
        try store.state(ofRecord: record).flatMap { RecordRendering(schema).title($0, language: language) }
    }

    /// Writes the charter and one file for each segment: Protocol/03-segments.md#export.
    private func exportSegments(to path: String) throws -> Response {
        try store.noteHandOut()
        let folder = try ExportFolder(path)
        try folder.write(store.charter.encoded, as: "charter.cbor")
        var counts: [String: Int] = [:]
        var total = 0
        // What is whole is exported all the same: this is what people are told to do with a damaged store.
        var damage: [String] = []
        do {
            try store.exportSegments(leavingOut: { damage.append($0) }) {
                (descriptor, first, bytes) throws(StoreError) in
                let log = descriptor.id(network: store.network).hex.prefix(16)
                let name = "\(descriptor.space)-\(log)-\(first)"
                let count = counts[name, default: 0]
                counts[name] = count + 1
                try folder.write(bytes, as: (count == 0 ? name : "\(name)-\(count)") + ".segment")
                total += 1
            }
        } catch StoreError.cancelled {
            throw Failure(.failed, "interrupted; \(path) holds \(total) segments and is not whole")
        }
        let document = Document.pairs(["folder": .string(path), "segments": .int(Int64(total))])
        guard let first = damage.first else { return Response(document) }
        return Response(
            document, exitCode: .integrity, error: "\(damage.count) damaged pieces were left out: \(first)",
            hint: "sync with a peer that holds the same, then liaison verify")
    }

    private func verify() throws -> Response {
        let problems = try store.verify()
        return Response(
            .pairs(["ok": .bool(problems.isEmpty), "problems": .array(problems.map { .string($0) })]),
            exitCode: problems.isEmpty ? .done : .integrity,
            error: problems.isEmpty ? nil : "\(problems.count) problems were found",
            hint: problems.isEmpty ? nil : "sync with a peer that holds the same, then liaison rebuild")
    }
}

extension Node {
    /// What this program is and what it reads.
    package static var version: Response { NodeVerbs.version }

    /// Where a node listens when nobody says where.
    package static var defaultAddress: String { NodeVerbs.defaultAddress }

    /// Reads a joining code, or says what is wrong with it.
    package static func code(_ text: String) throws(Failure) -> JoinCode { try NodeVerbs.code(text) }
}
