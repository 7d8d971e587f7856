import Bytes
import Crypto
import Replica
import Store
import Sync

// What somebody can make of the logs of others.
extension Forge {
    // MARK: alterEntries, repeatEntries

    /// Entries of others with altered bytes.
    mutating func alteredEntries() -> Load {
        var load = Load()
        guard let honest = honestSegment(of: isDrawn(oneIn: 4) ? .control : .data) else { return load }
        var entries = honest.entries
        let place = draw(0..<entries.count)
        let victim = entries[place]
        load.isOffence = true
        switch draw(0..<6) {
        case 0:
            var header = victim.header
            header.time = header.time == 0 ? 1 : 0
            entries[place] = SegmentEntry(
                id: Header.id(of: header.encoded), header: header, headerBytes: header.encoded, names: victim.names,
                body: victim.body)
        case 1:
            guard case .full(let leaf, var values) = victim.body else { return seal(altered: honest) }
            values[0] = Value.text("what was never said").encoded
            entries[place].body = .full(leaf: leaf, values: values)
        case 2:
            guard case .full(_, let values) = victim.body else { return seal(altered: honest) }
            entries[place].body = .full(leaf: shortID(), values: values)
        case 3:
            guard !victim.names.isEmpty else { return seal(altered: honest) }
            var names = victim.names
            names[draw(0..<names.count)] = digest()
            entries[place] = SegmentEntry(
                id: victim.id, header: victim.header, headerBytes: victim.headerBytes, names: names, body: victim.body)
        case 4: return seal(altered: honest)
        default:
            // One bit anywhere: what it does depends on where.
            var bytes = honest.encoded
            bytes[draw(0..<bytes.count)] ^= 1 << UInt8(draw(0..<8))
            load.isOffence = false
            load.add(bytes, of: honest.descriptor)
            return load
        }
        load.add(
            ExplicitSegment(descriptor: honest.descriptor, entries: entries, seal: honest.seal).encoded,
            of: honest.descriptor)
        return load
    }

    private mutating func seal(altered honest: ExplicitSegment) -> Load {
        var load = Load(isOffence: true)
        var seal = honest.seal.bytes
        seal[draw(0..<seal.count)] ^= 1 << UInt8(draw(0..<8))
        load.add(
            ExplicitSegment(
                descriptor: honest.descriptor, entries: honest.entries, seal: Signature(seal) ?? Signature()
            ).encoded, of: honest.descriptor)
        return load
    }

    /// Honest segments, stored ones as they are and explicit ones, in any order and more than once; in the end perhaps
    /// a damaged copy.
    mutating func repeatedEntries() -> Load {
        var load = Load()
        var byteCount = 0
        for _ in 0..<draw(1..<8) {
            guard let segment = honestSegment(of: isDrawn(oneIn: 4) ? .control : .data) else { break }
            let branches = source.sharedBranches()
            let branch = branches[draw(0..<branches.count)]
            for _ in 0..<draw(1..<3) {
                load.add(segment.encoded, of: segment.descriptor)
                byteCount += segment.encoded.count
                if let run = (try? source.segment(branch: branch.number, from: draw(0..<branch.head + 1))) ?? nil {
                    load.add(run.bytes, of: branch.descriptor)
                    byteCount += run.bytes.count
                }
            }
            if byteCount > 32_768 { break }
        }
        guard isDrawn(oneIn: 2) else { return load }
        let bad = alteredEntries()
        load.messages += bad.messages
        load.isOffence = bad.isOffence
        return load
    }

    // MARK: stealLog

    /// Entries that are not by whom they say.
    mutating func stolenLog() -> Load {
        var load = Load()
        guard let honest = honestSegment(), let last = honest.entries.last else { return load }
        load.isOffence = true
        switch draw(0..<4) {
        case 0:
            // The log of another goes on, sealed with a key that is not its own.
            load.add(
                sealed([plainEntry(after: [last], in: honest.descriptor)], honest.descriptor), of: honest.descriptor)
        case 1:
            // Everything that another wrote, sealed anew.
            load.add(sealed(honest.entries, honest.descriptor), of: honest.descriptor)
        case 2:
            // The same under a log of one's own: the ids say whose it is.
            let life = life()
            addControl(of: life, to: &load)
            load.add(sealed(honest.entries, lives[life].data), of: lives[life].data)
        default:
            // The segment of one log under the name of another.
            let life = life()
            load.add(honest.encoded, of: lives[life].data)
        }
        return load
    }

    // MARK: forgeStatements

    /// Statements that this device may not make, or not there.
    mutating func forgedStatements() -> Load {
        var load = Load()
        let life = life()
        let chain = lives[life].statements[draw(0..<lives[life].statements.count)]
        let control = lives[life].control
        var admission = Statement.Admission(
            ruleSet: 1, rank: .sectorAdmin, organisation: source.authority.sector, name: nil,
            device: key.verifyingKey, channelKey: AgreementKey(from: &random).publicKey, label: 9)
        switch draw(0..<8) {
        case 0:
            // Its own rank; the root is not asked.
            addStatement(
                .admission(admission), auth: isDrawn(oneIn: 2) ? grant : nil, after: chain, of: life, to: &load)
        case 1:
            // Another organisation, which only the Sector may found.
            admission = Statement.Admission(
                ruleSet: 1, rank: .organisationAdmin, organisation: nil, name: "Forged", device: key.verifyingKey,
                channelKey: admission.channelKey, label: 0)
            addStatement(.admission(admission), auth: honestGrants().last, after: chain, of: life, to: &load)
        case 2:
            let header = unknownStatement(after: chain, in: control)
            let entry = entry(header)
            addControl(of: life, to: &load)
            load.add(sealed(Array(chain.dropFirst(max(0, chain.count - 1))) + [entry], control), of: control)
            keep(statements: chain + [entry], of: life)
        case 3:
            // The opening of a life of somebody else, sealed by itself and then in its own log.
            load.isOffence = true
            guard let honest = honestSegment(of: .control) else { return load }
            let theirs = controlLog(shortID(), of: honest.descriptor.device)
            if isDrawn(oneIn: 2) {
                load.add(sealed([entry(opening(theirs))], theirs), of: theirs)
            } else {
                var header = opening(theirs)
                let own = controlLog(shortID())
                header.previous = own.id(network: network)
                load.add(sealed([entry(header)], own), of: own)
            }
        case 4:
            // A second opening, not first in its log.
            load.isOffence = true
            var header = opening(control)
            header.sequence = chain.count
            header.previous = chain.last?.id ?? Digest()
            addControl(of: life, to: &load)
            load.add(sealed([entry(header)], control), of: control)
        case 5:
            // A log that does not begin with its opening.
            load.isOffence = true
            let own = controlLog(shortID())
            load.add(sealed([entry(statement(.admission(admission), after: [], in: own))], own), of: own)
        case 6:
            // Records among statements, or statements among records.
            load.isOffence = true
            addControl(of: life, to: &load)
            if isDrawn(oneIn: 2) {
                let record = entry(next(after: chain, in: control))
                load.add(sealed([record], control), of: control)
            } else {
                let log = lives[life].data
                var header = statement(.admission(admission), after: [], in: log)
                header.auth = grant
                load.add(sealed([entry(header)], log), of: log)
            }
        default:
            // The same life opened once more under no grant: a fork of statements.
            var header = opening(control, label: draw(0..<3))
            header.auth = [nil, Digest(9, 9, 9, 9), grant][draw(0..<3)]
            addControl(of: life, to: &load)
            load.add(sealed([entry(header)], control), of: control)
        }
        return load
    }

    private mutating func statement(
        _ statement: Statement, after chain: [SegmentEntry], in log: LogDescriptor
    ) -> Header {
        next(after: chain, in: log, record: .new(kind: statement.number), [statement.operation])
    }

    private mutating func addStatement(
        _ made: Statement, auth: Digest?, after chain: [SegmentEntry], of life: Int, to load: inout Load
    ) {
        var header = statement(made, after: chain, in: lives[life].control)
        header.auth = auth
        keep(statements: chain + [entry(header)], of: life)
        addControl(of: life, to: &load)
    }

    private func honestGrants() -> [Digest] { source.authority.grants.keys.sorted() }

    // MARK: smuggleStranger

    /// What a device wrote that was never admitted, handed on as if it were nothing special.
    mutating func strangersEntries() -> Load {
        var load = Load()
        var same = SeededEntropy(seed: 0x57A4_6E12 + UInt64(draw(0..<4)))
        let stranger = SigningKey(from: &same)
        let incarnation = ShortID(same.fill(16)) ?? ShortID()
        let (control, data) = (
            controlLog(incarnation, of: stranger.verifyingKey), dataLog(incarnation, of: stranger.verifyingKey)
        )
        let claimed = isDrawn(oneIn: 2) ? grant : honestGrants().first
        var first = opening(control)
        first.auth = claimed
        load.add(sealed([entry(first)], control, by: stranger), of: control)
        let header = Header(
            sequence: 0, previous: data.id(network: network), auth: claimed, time: 8, record: .new(kind: 900),
            operations: [Self.register()])
        load.add(sealed([entry(header, values: [Value.integer(7).encoded])], data, by: stranger), of: data)
        return load
    }
}
