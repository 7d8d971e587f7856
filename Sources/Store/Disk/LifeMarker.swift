internal import Bytes
package import Crypto

/// The marker of one life of a store, kept outside the database and bound to the machine (design.md §6).
///
/// A file of two slots of 512 bytes at 0 and 4096, written in turn and in place, so that a torn write keeps the older
/// one and the file stays the same file. Its binding tells it from every copy: a copied or restored folder has another
/// file.
package struct LifeMarker {
    /// What the marker says.
    package enum Reading: Hashable, Sendable {
        /// This life, on this machine, and the mark below which numbers were handed out.
        case fits(incarnation: ShortID, highWater: UInt64)
        /// There is no marker.
        case absent
        /// A marker that was copied here, with what it says.
        case foreign(incarnation: ShortID, highWater: UInt64)
        /// A file that holds no whole marker.
        case damaged
    }

    private let place: any MarkerPlace
    /// The newest slot, and the file that it was read from; nil until a marker that fits was read or created.
    private var current: (file: any MarkerFile, record: Record)?
    /// The turn of the slot that this marker has written durably; what another process wrote, or a write that failed,
    /// may be shown by the system and not be on the disk.
    private var durableTurn: UInt64?

    /// A marker in a data folder.
    /// - Parameter machineIDPath: the machine's id; a file that does not exist counts as empty.
    package init(_ home: Home, machineIDPath: String = "/etc/machine-id") {
        self.init(place: HomeMarkerPlace(home: home, machineIDPath: machineIDPath))
    }

    /// A marker in another place.
    package init(place: any MarkerPlace) { self.place = place }

    /// Reads the marker.
    package mutating func read() throws(StoreError) -> Reading {
        guard let file = try place.open() else { return .absent }
        let even = Record(decoding: try file.read(Record.byteCount, at: 0))
        let odd = Record(decoding: try file.read(Record.byteCount, at: Record.stride))
        guard let newest = [even, odd].compactMap({ $0 }).max(by: { $0.turn < $1.turn }) else { return .damaged }
        guard newest.binding == (try file.binding()) else {
            return .foreign(incarnation: newest.incarnation, highWater: newest.highWater)
        }
        current = (file, newest)
        return .fits(incarnation: newest.incarnation, highWater: newest.highWater)
    }

    /// Begins a life: a new file takes the place of any other.
    ///
    /// Durable on return.
    package mutating func create(_ incarnation: ShortID) throws(StoreError) {
        current = nil
        // A crash inside of it leaves no marker: the next start opens one more life, and nothing is lost.
        let file = try place.create()
        let record = Record(turn: 1, incarnation: incarnation, highWater: 0, binding: try file.binding())
        try write(record, to: file)
        current = (file, record)
    }

    /// Raises the mark: every number below it may have been handed out.
    ///
    /// Durable on return; a lower one changes nothing.
    package mutating func raise(to highWater: UInt64) throws(StoreError) {
        guard let (file, record) = current else { preconditionFailure("a mark without a marker that fits") }
        guard highWater > record.highWater || durableTurn != record.turn else { return }
        let (turn, overflow) = record.turn.addingReportingOverflow(1)
        guard !overflow else { throw .damagedFile(path: place.path, what: "its counter is at its end") }
        let next = Record(
            turn: turn, incarnation: record.incarnation, highWater: max(highWater, record.highWater),
            binding: record.binding)
        try write(next, to: file)
        current = (file, next)
    }

    /// The mark as last read, created or raised; nil without a marker that fits.
    package var highWater: UInt64? { current?.record.highWater }

    private mutating func write(_ record: Record, to file: any MarkerFile) throws(StoreError) {
        durableTurn = nil
        try file.write(record.encoded, at: Int(record.turn % 2) * Record.stride)
        durableTurn = record.turn
    }
}

/// One slot of a marker: magic, turn, incarnation, mark, binding, checksum; zeros to 512 bytes.
private struct Record {
    static let byteCount = 512
    /// From slot to slot: two sectors of any disk.
    static let stride = 4096
    private static let magic = Array("LIAILIF1".utf8)

    let turn: UInt64
    let incarnation: ShortID
    let highWater: UInt64
    let binding: Digest

    var encoded: [UInt8] {
        var bytes = content
        Hash.blake2b(.stored, bytes).append(to: &bytes)
        return bytes + [UInt8](repeating: 0, count: Self.byteCount - bytes.count)
    }

    private var content: [UInt8] {
        var bytes = Self.magic
        bytes.append(bigEndian: turn)
        incarnation.append(to: &bytes)
        bytes.append(bigEndian: highWater)
        binding.append(to: &bytes)
        return bytes
    }

    init(turn: UInt64, incarnation: ShortID, highWater: UInt64, binding: Digest) {
        self.turn = turn
        self.incarnation = incarnation
        self.highWater = highWater
        self.binding = binding
    }

    /// Nil unless the bytes are a whole slot.
    init?(decoding bytes: [UInt8]) {
        guard bytes.count == Self.byteCount, bytes.starts(with: Self.magic) else { return nil }
        func word(_ offset: Int) -> UInt64 { bytes[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        guard let incarnation = ShortID(bytes[16..<32]), let binding = Digest(bytes[40..<72]) else { return nil }
        self.init(turn: word(8), incarnation: incarnation, highWater: word(32), binding: binding)
        guard encoded == bytes else { return nil }
    }
}
