import Bytes
import Crypto
import Replica
import Store
import Sync

// What an insider can write into its own logs.
extension Forge {
    // MARK: forkLog

    /// Branches of one log, of which this peer is shown some: of a log of the forge, of its statements, or of the log
    /// that its device wrote while it was honest.
    mutating func forks() -> Load {
        var load = Load()
        if isDrawn(oneIn: 3), forkHonestLog(&load) { return load }
        let life = life()
        if isDrawn(oneIn: 3) {
            let chain = lives[life].statements[draw(0..<lives[life].statements.count)]
            let below = Array(chain.prefix(draw(1..<chain.count + 1)))
            keep(statements: below + [entry(unknownStatement(after: below, in: lives[life].control))], of: life)
            addControl(of: life, to: &load)
        }
        let base = addBase(of: life, to: &load)
        for _ in 0..<draw(1..<4) {
            var chain = Array(base.prefix(draw(0..<base.count + 1)))
            for _ in 0..<draw(1..<4) { chain.append(plainEntry(after: chain, in: lives[life].data)) }
            keep(chain, of: life)
            load.add(sealed(chain, lives[life].data), of: lives[life].data)
        }
        return load
    }

    private mutating func forkHonestLog(_ load: inout Load) -> Bool {
        let own = source.sharedBranches().filter {
            $0.descriptor.logClass == .data && $0.descriptor.device == key.verifyingKey
        }
        guard !own.isEmpty, let (log, base) = honestEntry(in: own[draw(0..<own.count)]), base.header.following == 0
        else { return false }
        for _ in 0..<draw(1..<3) {
            load.add(sealed([plainEntry(after: [base], in: log)], log), of: log)
        }
        return true
    }

    /// A statement of a number that nobody evaluates.
    mutating func unknownStatement(after chain: [SegmentEntry], in log: LogDescriptor) -> Header {
        let shape = CBOR.array([.array([.bytes(digest().bytes)]), .unsigned(0), .array([])]).encoded
        return next(
            after: chain, in: log, record: .new(kind: [3, 4, 5, 6, 17, EntryLimits.number][draw(0..<6)]),
            [Operation(field: 0, type: .statement, references: [], shape: shape)])
    }

    // MARK: forgeReferences

    /// An entry whose refs, names, context or introductions are not what they should be.
    mutating func forgedReferences() -> Load {
        var load = Load()
        let life = life()
        let chain = addBase(of: life, to: &load)
        let log = lives[life].data
        guard let found = honestEntry() else { return load }
        let (name, own) = (name(found), log.id(network: network))
        let (index, isNew) = index(of: name.log, after: chain, of: own)
        var names = [name]
        var reference = Reference(log: index, sequence: name.sequence, operation: 0)
        var introductions = isNew ? [name.log] : []
        var off: (inout Header) -> Void = { _ in }
        var isKept = false
        switch draw(0..<10) {
        case 0:
            // An entry that nobody has: it waits, and is dropped.
            names = [NamedEntry(log: name.log, sequence: name.sequence, id: digest())]
        case 1:
            let other = shortID()
            off = { $0.context = other }
            load.isOffence = true
        case 2:
            // One name more than there are refs.
            names.append(name)
            load.isOffence = true
        case 3:
            let past = chain.flatMap(\.header.introductions).count + 3
            reference = Reference(log: past, sequence: name.sequence, operation: 0)
            load.isOffence = true
        case 4:
            reference = Reference(log: index, sequence: name.sequence + 1, operation: 0)
            names = [NamedEntry(log: name.log, sequence: name.sequence + 1, id: name.id)]
            load.isOffence = true
        case 5:
            // A statement, as if it were a record.
            guard let statement = honestEntry(of: .control) else { return load }
            names = [self.name(statement)]
            let (place, isNew) = self.index(of: names[0].log, after: chain, of: own)
            reference = Reference(log: place, sequence: names[0].sequence, operation: 0)
            introductions = isNew ? [names[0].log] : []
            load.isOffence = true
        case 6:
            // An operation that the entry does not have: a mention.
            reference = Reference(log: index, sequence: name.sequence, operation: 255)
            isKept = true
        case 7:
            // Logs that are not there, and one log many times.
            for _ in 0..<draw(1..<30) { introductions.append(isDrawn(oneIn: 2) ? digest() : name.log) }
            isKept = true
        case 8:
            // It names itself.
            reference = Reference(log: 0, sequence: chain.count, operation: 0)
            names = [NamedEntry(log: own, sequence: chain.count, id: digest())]
            introductions = []
            load.isOffence = true
        default:
            // Another path through an index that has one already.
            isKept = true
        }
        var header = next(after: chain, in: log, [Self.register(16, [reference])])
        header.introductions = introductions
        if isDrawn(oneIn: 2), !load.isOffence, isKept {
            header.record = .named(log: index, sequence: name.sequence)
            names.insert(name, at: 0)
        }
        let entry = entry(header, names: names, values: [Value.integer(1).encoded], leaf: shortID(), off: off)
        load.add(sealed([entry], log), of: log)
        if isKept { keep(chain + [entry], of: life) }
        return load
    }

    // MARK: writeAnywhere

    /// Entries of the right form that change records of others in ways that no honest program would.
    mutating func writesAnywhere() -> Load {
        var load = Load()
        let life = life()
        var chain = addBase(of: life, to: &load)
        let log = lives[life].data
        for _ in 0..<draw(1..<4) {
            guard let target = honestEntry(), let other = honestEntry() else { break }
            let (name, mention) = (name(target), name(other))
            let own = log.id(network: network)
            let (index, isNew) = index(of: name.log, after: chain, of: own)
            var introductions = isNew ? [name.log] : []
            var names = [name]
            var references: [Reference] = []
            let theirs = target.entry.header.operations
            for place in 0..<draw(0..<4) {
                references.append(Reference(log: index, sequence: name.sequence, operation: place % theirs.count))
                names.append(name)
            }
            if isDrawn(oneIn: 2), mention.log != own {
                let isKnown = mention.log == name.log
                let place = isKnown ? (index, false) : self.index(of: mention.log, after: chain, of: own)
                let number = place.1 ? place.0 + introductions.count : place.0
                if place.1 { introductions.append(mention.log) }
                references.append(Reference(log: number, sequence: mention.sequence, operation: 0))
                names.append(mention)
            }
            let operation = anyOperation(like: theirs[draw(0..<theirs.count)], references)
            let record: Header.Record = .named(log: index, sequence: name.sequence)
            var header = next(after: chain, in: log, record: record, [operation])
            header.introductions = introductions
            let values = operation.hasValue ? [anyValue()] : []
            chain.append(entry(header, names: names, values: values, leaf: shortID()))
        }
        load.add(sealed(chain, log), of: log)
        keep(chain, of: life)
        return load
    }

    private mutating func anyOperation(like theirs: Operation, _ references: [Reference]) -> Operation {
        let shapes: [(MergeType, CBOR)] = [
            (.existence, .unsigned(0)), (.existence, .unsigned(1)), (.register, .null), (.set, .unsigned(0)),
            (.set, .unsigned(1)), (.counter, .unsigned(UInt64(Int64.max))), (.counter, .negative(UInt64.max)),
            (.list, .array([.unsigned(0), .bytes([])])), (.list, .array([.unsigned(1), .bytes([0, 0])])),
            (.list, .array([.unsigned(2)])), (.map, .text("")), (.map, .bytes([UInt8](repeating: 7, count: 16))),
            (.workflow, .array([.null, .unsigned(UInt64.max), .unsigned(UInt64.max)])), (.remark, .null),
            (.text, .array([.unsigned(4_294_967_295), .unsigned(0), .unsigned(4_294_967_295)])),
        ]
        let (type, shape) = shapes[draw(0..<shapes.count)]
        if type == .existence {
            return Operation(field: 0, type: type, references: references, shape: shape.encoded)
        }
        if isDrawn(oneIn: 2), theirs.type != .existence {
            // The same field in the same way; what it replaces is gone for everybody, as for any member's write.
            return Operation(field: theirs.field, type: theirs.type, references: references, shape: theirs.shape)
        }
        let fields = [theirs.field == 0 ? 16 : theirs.field, 1, 2, 3, 5, 6, 16, 18, 30, 4_000_000_000]
        return Operation(
            field: fields[draw(0..<fields.count)], type: type, references: references, shape: shape.encoded)
    }

    mutating func anyValue() -> [UInt8] {
        let values: [Value] = [
            .null, .text("\u{202E}\u{1B}[2J\r\n\0"), .integer(.min), .bytes([0]),
            .decimal(mantissa: .min, exponent: .max),
            .date("2026-13-99"), .instant(seconds: .max, zone: "No/Where"), .id([UInt8](repeating: 9, count: 16)),
            .array([.array([.array([.null])])]), .other(.map([])),
        ]
        return values[draw(0..<values.count)].encoded
    }

    // MARK: breakChain, breakTransactions

    /// Entries whose numbers, predecessors or grants do not follow.
    mutating func brokenChain() -> Load {
        var load = Load()
        let life = life()
        let chain = addBase(of: life, to: &load)
        let log = lives[life].data
        var header = next(after: chain, in: log)
        var following: [SegmentEntry] = []
        load.isOffence = true
        switch draw(0..<7) {
        case 0:
            // What comes before it has another number.
            header.sequence += draw(1..<1_000)
        case 1:
            header.previous = digest()
            // Nobody has what comes before it: it waits.
            load.isOffence = false
        case 2:
            header.sequence = 0
        case 3:
            header.sequence = EntryLimits.sequence
        case 4:
            // A second entry that leaves out a number.
            let first = plainEntry(after: chain, in: log)
            following = [first]
            header.sequence += 2
            header.previous = first.id
        case 5:
            // A second entry that states the grant again.
            let first = plainEntry(after: chain, in: log)
            following = [first]
            header.sequence += 1
            header.previous = first.id
            header.auth = grant
        default:
            // Goes on with the log of somebody else.
            guard let found = honestEntry(), found.log != log else { return Load() }
            header.previous = found.entry.id
        }
        let entry = entry(header, values: [Value.integer(2).encoded], leaf: shortID())
        load.add(sealed(following + [entry], log), of: log)
        return load
    }

    /// Transactions that are not whole, or that fork inside.
    mutating func brokenTransactions() -> Load {
        var load = Load()
        let life = life()
        let chain = addBase(of: life, to: &load)
        let log = lives[life].data
        var counts: [UInt64] = [2, 1, 0]
        load.isOffence = true
        switch draw(0..<6) {
        case 0: counts = [2, 1]
        case 1: counts = [3, 1, 0]
        case 2: counts = [1, 1, 0]
        case 3: counts = [0, 255]
        case 4:
            // Whole, and then once more from its middle on: nothing may begin there.
            break
        default:
            // Two that leave each other inside of the transaction: each is whole.
            load.isOffence = false
        }
        var members = chain
        for count in counts {
            var header = next(after: members, in: log)
            header.flags = count
            members.append(entry(header, values: [Value.integer(3).encoded], leaf: shortID()))
        }
        let all = Array(members[chain.count...])
        load.add(sealed(all, log), of: log)
        if counts == [2, 1, 0] {
            var other = Array(members.prefix(chain.count + 1))
            for count in [1, 0] as [UInt64] {
                var header = next(after: other, in: log)
                header.flags = count
                other.append(entry(header, values: [Value.integer(4).encoded], leaf: shortID()))
            }
            let first = load.isOffence ? chain.count + 1 : chain.count
            load.add(sealed(Array(other[first...]), log), of: log)
            keep(members, of: life)
        }
        return load
    }

    // MARK: writeLaterVersion

    /// Entries of a later version of everything, and such as are as great as any may be.
    mutating func laterVersion() -> Load {
        var load = Load()
        let life = life()
        var chain = addBase(of: life, to: &load)
        let log = lives[life].data
        for _ in 0..<draw(1..<4) {
            var header = next(after: chain, in: log)
            var values = [anyValue()]
            switch draw(0..<8) {
            case 0: header.version = [2, 3, EntryLimits.number][draw(0..<3)]
            case 1: header.flags = [1 << 8, 1 << 63, 0xFFFF_FF00][draw(0..<3)]
            case 2: header.extensions = CBOR.map([.init(key: .unsigned(99), value: .null)]).encoded
            case 3:
                header.record = .new(kind: [901, 65_536, EntryLimits.number][draw(0..<3)])
            case 4:
                let type = [10, 11, 4_095, EntryLimits.number][draw(0..<4)]
                let shape = CBOR.map([.init(key: .text("x"), value: .array([]))]).encoded
                header.operations = [
                    Operation(field: EntryLimits.number, type: MergeType(rawValue: type), references: [], shape: shape)
                ]
                values = header.operations[0].hasValue ? [anyValue()] : []
            case 5:
                // As long as a value may be: its head takes three bytes.
                values = [Value.bytes([UInt8](repeating: 1, count: EntryLimits.valueBytes - 3)).encoded]
            case 6:
                header.operations = (0..<EntryLimits.operations).map { Self.register(16 + $0) }
                values = [[UInt8]](repeating: [0xF6], count: EntryLimits.operations)
            default:
                header.record = .pair(kind: 32, ids: (0..<draw(1..<9)).map { _ in shortID() })
            }
            if header.version > 1, isDrawn(oneIn: 2) { values.append(anyValue()) }
            chain.append(entry(header, values: values, leaf: shortID()))
        }
        // Each by itself, as together they may be more than a segment holds.
        for index in chain.indices.suffix(3) where index > 0 { load.add(sealed([chain[index]], log), of: log) }
        keep(chain, of: life)
        if isDrawn(oneIn: 4) {
            let control = lives[life].statements[0]
            var header = unknownStatement(after: control, in: lives[life].control)
            header.version = 2
            header.operations = [Self.register(16)]
            keep(statements: control + [entry(header)], of: life)
            addControl(of: life, to: &load)
        }
        return load
    }

    // MARK: deformSegments

    /// Segments of a wrong form.
    mutating func deformedSegments() -> Load {
        var load = Load()
        let life = life()
        let chain = addBase(of: life, to: &load)
        let log = lives[life].data
        let entry = plainEntry(after: chain, in: log)
        guard case .full(let leaf, _) = entry.body else { return load }
        let good = Seed(level: 8, first: entry.header.sequence, node: leaf)
        let seal = seal([entry], log)
        func compact(_ seeds: [Seed]) -> [UInt8] { CompactSegment.encode([entry], seeds: seeds, seal: seal) }
        load.isOffence = true
        let bytes: [UInt8]
        switch draw(0..<12) {
        case 0: bytes = compact([])
        case 1: bytes = compact([good, good])
        case 2: bytes = compact([Seed(level: 9, first: 0, node: leaf)])
        case 3: bytes = compact([Seed(level: 0, first: 0, node: leaf)])
        case 4: bytes = []
        case 5: bytes = [[1], [2, 0, 0], [0x80], [1, 2, 0], [1, 0]][draw(0..<5)]
        case 6:
            // A frame of zstd that declares a gigabyte, and one that declares nothing.
            let declared: [UInt8] = [0xA0, 0x00, 0x00, 0x00, 0x40]
            bytes = [1, 1, 0x28, 0xB5, 0x2F, 0xFD] + (isDrawn(oneIn: 2) ? declared : [0x00, 0x58]) + [1, 0, 0]
        case 7: bytes = sealed([entry], log) + [0]
        case 8:
            // Another leaf than the one that the values are salted with: the ids, and so the seal, are others.
            bytes = compact([Seed(level: 8, first: entry.header.sequence, node: shortID())])
        case 9:
            bytes = ExplicitSegment(descriptor: log, entries: [entry], seal: Signature(random.fill(64)) ?? seal).encoded
        default:
            bytes = ExplicitSegment(descriptor: log, entries: [entry], seal: edgeCase(of: seal)).encoded
        }
        load.add(bytes, of: log)
        return load
    }

    /// A seal that some libraries accept and others do not.
    private mutating func edgeCase(of seal: Signature) -> Signature {
        var bytes = seal.bytes
        if isDrawn(oneIn: 2) {
            // S + L: the same number modulo the order of the base point, not reduced.
            let order: [UInt8] = [
                0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
            ]
            var carry = 0
            for index in 0..<32 {
                let digit = index < 16 ? Int(order[index]) : index == 31 ? 0x10 : 0
                let sum = Int(bytes[32 + index]) + digit + carry
                bytes[32 + index] = UInt8(sum & 0xFF)
                carry = sum >> 8
            }
        } else {
            // R is the neutral element, or a point of order 2.
            bytes.replaceSubrange(0..<32, with: [isDrawn(oneIn: 2) ? 1 : 0xEC] + [UInt8](repeating: 0xFF, count: 31))
            if bytes[0] == 1 { bytes.replaceSubrange(1..<32, with: [UInt8](repeating: 0, count: 31)) }
        }
        return Signature(bytes) ?? Signature()
    }

    // MARK: writeUnauthorised

    /// Entries that nothing authorises: kept outside of the frontier, and passed on to nobody.
    mutating func unauthorised() -> Load {
        var load = Load()
        // The same few logs again and again, so that quarantines stay small.
        let incarnation = ShortID([UInt8](repeating: UInt8(draw(1..<5)), count: 16)) ?? ShortID()
        let log = dataLog(incarnation)
        var header = Header(
            sequence: 0, previous: log.id(network: network), auth: grant, time: 7, record: .new(kind: 900),
            operations: [Self.register()])
        switch draw(0..<4) {
        case 0: break
        case 1: header.auth = nil
        case 2: header.auth = source.identity?.grant == grant ? honestGrant() : source.identity?.grant
        default: header.auth = Digest(1, 2, 3, 4)
        }
        var chain = [entry(header, values: [Value.integer(5).encoded])]
        if isDrawn(oneIn: 2) {
            var second = next(after: chain, in: log)
            second.time = 7
            chain.append(entry(second, values: [Value.integer(6).encoded]))
            load.add(sealed([chain[0]], log), of: log)
            load.add(sealed([chain[1]], log), of: log)
        } else {
            load.add(sealed(chain, log), of: log)
        }
        return load
    }

    /// A grant that stands and is not this device's.
    private func honestGrant() -> Digest? {
        source.authority.grants.keys.sorted().first { $0 != grant }
    }
}
