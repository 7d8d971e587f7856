internal import Bytes
package import Crypto
internal import CSQLite
internal import Glibc

/// The marker of one life of a store, kept outside the database and bound to the machine (design.md §6).
///
/// A file of two slots of 512 bytes at 0 and 4096, written in turn and in place, so that a torn write keeps the older
/// one and the file stays the same file. The binding hashes the machine's id with the file's inode number and time of
/// birth: a copied or restored folder has another file.
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

    private let home: Home
    private let machineIDPath: String
    /// The newest slot, and the file that it was read from; nil until a marker that fits was read or created.
    private var current: (file: FileDescriptor, record: Record)?

    /// - Parameter machineIDPath: the machine's id; a file that does not exist counts as empty.
    package init(_ home: Home, machineIDPath: String = "/etc/machine-id") {
        self.home = home
        self.machineIDPath = machineIDPath
    }

    /// Reads the marker.
    package mutating func read() throws(StoreError) -> Reading {
        guard try home.exists(.life) else { return .absent }
        let file = try home.openExisting(.life, O_RDWR)
        let even = Record(decoding: try bytes(of: file, slot: 0))
        let odd = Record(decoding: try bytes(of: file, slot: 1))
        guard let newest = [even, odd].compactMap({ $0 }).max(by: { $0.turn < $1.turn }) else { return .damaged }
        guard newest.binding == (try binding(of: file)) else {
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
        // A crash between the two leaves no marker: the next start opens one more life, and nothing is lost.
        try home.remove(.life)
        try home.create(.life)
        let file = try home.openExisting(.life, O_RDWR)
        let record = Record(turn: 1, incarnation: incarnation, highWater: 0, binding: try binding(of: file))
        try write(record, to: file)
        current = (file, record)
    }

    /// Raises the mark: every number below it may have been handed out.
    ///
    /// Durable on return; a lower one does nothing.
    package mutating func raise(to highWater: UInt64) throws(StoreError) {
        guard let (file, record) = current else { preconditionFailure("a mark without a marker that fits") }
        guard highWater > record.highWater else { return }
        let (turn, overflow) = record.turn.addingReportingOverflow(1)
        guard !overflow else { throw .damagedFile(path: path, what: "its counter is at its end") }
        let next = Record(
            turn: turn, incarnation: record.incarnation, highWater: highWater, binding: record.binding)
        try write(next, to: file)
        current = (file, next)
    }

    /// The mark as last read, created or raised; nil without a marker that fits.
    package var highWater: UInt64? { current?.record.highWater }

    private var path: String { home.path(of: .life) }

    private func bytes(of file: FileDescriptor, slot: Int) throws(StoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Record.byteCount)
        do {
            let count = try systemCall {
                unsafe pread(file.number, &bytes, bytes.count, off_t(slot * Record.stride))
            }
            return Array(bytes.prefix(count))
        } catch {
            throw StoreError(error, path: path, operation: "reading")
        }
    }

    private func write(_ record: Record, to file: FileDescriptor) throws(StoreError) {
        let bytes = record.encoded
        let offset = off_t(Int(record.turn % 2) * Record.stride)
        do throws(SystemFailure) {
            let count = try systemCall { unsafe pwrite(file.number, bytes, bytes.count, offset) }
            guard count == bytes.count else { throw SystemFailure(code: ENOSPC) }
            try systemCall { fsync(file.number) }
        } catch {
            throw StoreError(error, path: path, operation: "writing")
        }
    }

    private func binding(of file: FileDescriptor) throws(StoreError) -> Digest {
        var birth = liaison_birth()
        let code = unsafe liaison_file_birth(file.number, &birth)
        guard code == 0 else { throw StoreError(SystemFailure(code: code), path: path, operation: "looking") }
        var place: [UInt8] = []
        for word in [birth.inode, UInt64(bitPattern: birth.seconds), UInt64(birth.nanoseconds)] {
            place.append(bigEndian: word)
        }
        return Hash.blake2b(.stored, place, machineID())
    }

    /// At most 64 bytes of the machine's id; empty if there is none.
    private func machineID() -> [UInt8] {
        guard let number = try? systemCall({ unsafe Glibc.open(machineIDPath, O_RDONLY | O_CLOEXEC | O_NONBLOCK) })
        else {
            return []
        }
        let file = FileDescriptor(number)
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe pread(file.number, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(0, count)))
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
