package import Bytes
package import Crypto

/// One entry of a segment with everything that was left out or implied filled in.
package struct SegmentEntry: Hashable, Sendable {
    package let id: Digest
    package let header: Header
    /// The encoding of the header that the id is of.
    package let headerBytes: [UInt8]
    /// The ids of the entries that the context covers, in its order.
    package let names: [Digest]
    package var body: Body

    package init(id: Digest, header: Header, headerBytes: [UInt8], names: [Digest], body: Body) {
        self.id = id
        self.header = header
        self.headerBytes = headerBytes
        self.names = names
        self.body = body
    }

    /// What counts against `SegmentLimits.bytes`.
    package var size: Int { headerBytes.count + header.bodySize }
}

/// The statement that a device's key signs over the newest entry of a segment.
package enum Seal {
    /// The signed bytes: `["liaison seal", log id, seq, entry id]`.
    package static func message(log: Digest, sequence: Int, entry: Digest) -> [UInt8] {
        var writer = CBORWriter(reserving: 96)
        writer.writeArray(count: 4)
        writer.write("liaison seal")
        writer.write(log)
        writer.write(sequence)
        writer.write(entry)
        return writer.bytes
    }
}

/// Why a segment was refused.
package enum SegmentError: Error, Hashable, Sendable {
    /// The bytes are not a segment.
    case malformed(DecodeError)
    /// `prev`, sequence numbers or the order of a transaction do not fit the entry at this place of the segment.
    case chain(sequence: Int)
    /// The seeds do not cover what they must, or cover what they must not.
    case seeds
    /// A value does not fit its commitment.
    case commitment(sequence: Int)
    /// What the entries name does not give the context of an explicit segment.
    case context(sequence: Int)
    /// The seal does not verify under the log's key.
    case seal
    /// A compact segment inflates beyond its limit, or a segment is longer than allowed.
    case tooLarge
}

/// Where the full segments of a chain end.
///
/// Source: Protocol/03-segments.md#where-segments-end.
package struct SegmentFill: Hashable, Sendable {
    package private(set) var entries = 0
    package private(set) var bytes = 0

    package init() {}

    /// Continues a run that already holds so much.
    package init(entries: Int, bytes: Int) {
        self.entries = entries
        self.bytes = bytes
    }

    /// Whether any run could have filled a segment so far; a single transaction may be larger than a segment may.
    package var isPossible: Bool {
        (0...SegmentLimits.entries).contains(entries) && (0...SegmentLimits.encodedBytes).contains(bytes)
    }

    /// Adds a transaction; where it does not fit, or states a grant of its own, a new segment begins.
    /// - Returns: true if the transaction begins a new segment.
    package mutating func add(count: Int, bytes more: Int, statesAuth: Bool) -> Bool {
        let begins =
            statesAuth || entries == 0 || entries + count > SegmentLimits.entries || bytes + more > SegmentLimits.bytes
        if begins { self = SegmentFill() }
        entries += count
        bytes += more
        return begins
    }
}
