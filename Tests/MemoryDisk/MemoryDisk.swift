internal import CMemoryDisk
package import Store

/// A disk in memory on which a whole store runs: it loses, tears and reorders what was not synced when the power fails,
/// and fails calls as it is told.
///
/// SQLite reaches it by `name`, the marker of the store's life by `marker`. One thread at a time; disks are independent
/// of each other. Everything that a disk does follows from its seeds and the calls that it got.
@safe package final class MemoryDisk {
    /// What an ordinary call can suffer.
    package enum Fault: Int32, CaseIterable, Sendable {
        /// EIO of any call but fsync.
        case io = 1
        /// ENOSPC of a write or a creation.
        case full = 2
        /// A part is written, then there is no space.
        case shortWrite = 3
        /// EIO of fsync: what it should have kept may be gone, and the next one succeeds.
        case fsync = 4
    }

    /// How much was done to a disk so far.
    package struct Injected: Hashable, Sendable {
        package var ioErrors = 0
        package var fullDisks = 0
        package var shortWrites = 0
        package var failedSyncs = 0
        /// Crashes in the middle of a call.
        package var crashes = 0
        package var powerLosses = 0
        /// Sectors of unsynced writes, by what became of them when the power failed.
        package var keptSectors = 0
        package var lostSectors = 0
        package var tornSectors = 0
        /// Files that got a length back that they had before, and names that got back their meaning.
        package var lostLengths = 0
        package var lostNames = 0
        package var flippedBits = 0
        /// What a lying disk was asked to sync.
        package var ignoredSyncs = 0

        package init() {}

        /// Faults of calls.
        package var faults: Int { ioErrors + fullDisks + shortWrites + failedSyncs }
    }

    /// A bit that was flipped.
    package struct Flip: Hashable, Sendable {
        package let file: String
        package let offset: Int
        package let bit: Int
    }

    private let disk: OpaquePointer
    private var copies: UInt64 = 0

    /// An empty disk.
    /// - Parameter identity: what its files are told from those of other disks by.
    package init(identity: UInt64 = 1) { unsafe disk = memory_disk_create(identity) }

    deinit { unsafe memory_disk_release(disk) }

    /// The name of the file system, for `Connection.Settings.fileSystem`.
    package var name: String { unsafe String(cString: memory_disk_name(disk)) }

    /// Input and output calls so far; those that a crashed disk refuses are not counted.
    package var calls: Int { Int(unsafe memory_disk_calls(disk)) }

    /// The number of the call that failed last; nil if none did.
    package var lastFault: Int? {
        let call = Int(unsafe memory_disk_last_fault(disk))
        return call < 0 ? nil : call
    }

    /// Whether a crash came, after which every call fails.
    package var isCrashed: Bool { unsafe memory_disk_is_crashed(disk) != 0 }

    /// How much was done to this disk so far.
    package var injected: Injected {
        let counts = unsafe memory_disk_injected(disk)
        var injected = Injected()
        injected.ioErrors = Int(counts.io)
        injected.fullDisks = Int(counts.full)
        injected.shortWrites = Int(counts.short_writes)
        injected.failedSyncs = Int(counts.fsync)
        injected.crashes = Int(counts.crashes)
        injected.powerLosses = Int(counts.power_losses)
        injected.keptSectors = Int(counts.kept_sectors)
        injected.lostSectors = Int(counts.lost_sectors)
        injected.tornSectors = Int(counts.torn_sectors)
        injected.lostLengths = Int(counts.lost_lengths)
        injected.lostNames = Int(counts.lost_names)
        injected.flippedBits = Int(counts.flipped_bits)
        injected.ignoredSyncs = Int(counts.ignored_syncs)
        return injected
    }

    /// The bytes of all files.
    package var used: Int { Int(unsafe memory_disk_used(disk)) }

    /// The most bytes that all files may have together; nil for no limit.
    package var capacity: Int? {
        didSet { unsafe memory_disk_set_capacity(disk, Int64(capacity ?? -1)) }
    }

    /// A disk that says that it has synced and has not.
    package var isLying = false {
        didSet { unsafe memory_disk_set_lying(disk, isLying ? 1 : 0) }
    }

    // MARK: Faults

    /// The first call from this number on that can suffer the fault does, and all later ones where `forEver`.
    package func fail(atCall call: Int, with fault: Fault, forEver: Bool = false) {
        unsafe memory_disk_fail_at(disk, Int64(call), fault.rawValue, forEver ? 1 : 0)
    }

    /// Ordinary calls fail now and then, with all sorts of faults.
    package func failAtRandom(seed: UInt64, perMillion: Int) {
        unsafe memory_disk_fail_at_random(disk, seed, UInt32(clamping: perMillion))
    }

    /// The call of this number does a part of its work, and it and all later ones fail, until the power was lost or the
    /// process started again.
    package func crash(atCall call: Int) { unsafe memory_disk_crash_at(disk, Int64(call)) }

    /// No more faults but those that happened; a crashed disk stays so.
    package func clearFaults() { unsafe memory_disk_clear_faults(disk) }

    /// The power fails and comes back: of what was not synced any part is kept.
    ///
    /// Connections that were open get errors from now on; they have to be given up.
    package func powerLoss(seed: UInt64) { unsafe memory_disk_power_loss(disk, seed) }

    /// The process was killed and the system lives on: nothing is lost, and what was open is of no more use.
    package func restart() { unsafe memory_disk_restart(disk) }

    /// Flips one bit of a file, of any where no name is given; nil if there is no byte.
    @discardableResult
    package func flipBit(seed: UInt64, in file: String? = nil) -> Flip? {
        let flip =
            if let file { unsafe memory_disk_flip_bit(disk, seed, file) } else {
                unsafe memory_disk_flip_bit(disk, seed, nil)
            }
        let name = unsafe withUnsafeBytes(of: flip.name) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return name.isEmpty ? nil : Flip(file: name, offset: Int(flip.offset), bit: Int(flip.bit))
    }

    // MARK: Copies

    /// Another disk with the same files, as a program that reads them would copy them.
    /// - Parameter asImage: block by block, so that nothing can tell its files from these.
    package func copy(asImage: Bool = false) -> MemoryDisk {
        copies += 1
        let identity = unsafe memory_disk_identity(disk)
        // A number that no other copy has: each is the root of copies of its own.
        let copy = MemoryDisk(identity: asImage ? identity : (identity &* 0x9E37_79B9_7F4A_7C15) &+ copies)
        unsafe memory_disk_restore(copy.disk, disk)
        return copy
    }

    /// The files of another disk in place of these, as a backup is brought back; what was open is of no more use.
    /// - Parameter asImage: block by block, so that nothing can tell these files from the other's.
    package func restore(from other: MemoryDisk, asImage: Bool = false) {
        let identity = unsafe memory_disk_identity(disk)
        copies += 1
        unsafe memory_disk_restore(disk, other.disk)
        let own = (identity &* 0xD6E8_FEB8_6659_FD93) &+ copies
        unsafe memory_disk_set_identity(disk, asImage ? memory_disk_identity(other.disk) : own)
    }

    // MARK: A store

    /// The file name of the database.
    package static let database = "store.db"

    /// Opens the database of this disk, and creates it where there is none, with the same steps as in a data folder.
    package func connection(
        schema: StoreSchema, settings: Connection.Settings = Connection.Settings()
    ) throws(StoreError) -> Connection {
        if size(of: Self.database) == nil {
            try call("creation", Self.database) { unsafe memory_disk_create_file(disk, Self.database) }
            try call("creation", Self.database) { unsafe memory_disk_sync(disk, Self.database) }
            try synchronizeFolder()
        }
        var settings = settings
        settings.fileSystem = name
        let connection = try Connection.open(path: Self.database, schema: schema, settings: settings)
        try synchronizeFolder()
        return connection
    }

    /// Makes the names of the folder durable.
    package func synchronizeFolder() throws(StoreError) {
        try call("fsync", ".") { unsafe memory_disk_sync_folder(disk) }
    }

    /// The size of a file in bytes; nil if there is none.
    ///
    /// No call of the store: it is not counted and cannot fail.
    package func size(of file: String) -> Int? {
        let size = Int(unsafe memory_disk_size(disk, file))
        return size < 0 ? nil : size
    }

    /// The marker of a store's life on this disk.
    package var marker: LifeMarker { LifeMarker(place: DiskMarkerPlace(owner: self)) }

    // MARK: Calls of the marker

    /// One call; what it gives if it is not negative.
    @discardableResult
    private func call(_ operation: String, _ file: String, _ body: () -> Int64) throws(StoreError) -> Int {
        let result = body()
        guard result < 0 else { return Int(result) }
        throw Self.failure(Int(-result), operation, file)
    }

    private static func failure(_ code: Int, _ operation: String, _ file: String) -> StoreError {
        switch Int32(code) {
        case noSpace: .full(path: file)
        case noEntry: .notFound(path: file)
        case exists: .alreadyExists(path: file)
        default: .io(path: file, operation: operation, code: code, extendedCode: 0, message: "the disk failed")
        }
    }

    /// The system's error numbers.
    private static let (noEntry, exists, noSpace): (Int32, Int32, Int32) = (2, 17, 28)

    /// The number of a file; nil if there is none.
    func inode(of file: String) throws(StoreError) -> Int? {
        let result = unsafe memory_disk_inode(disk, file)
        return result == -Int64(Self.noEntry) ? nil : try call("looking", file) { result }
    }

    /// The number of the disk.
    var identity: UInt64 { unsafe memory_disk_identity(disk) }

    func read(_ count: Int, of file: String, at offset: Int) throws(StoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let found = try call("reading", file) {
            unsafe memory_disk_read(disk, file, &bytes, Int64(count), Int64(offset))
        }
        return Array(bytes.prefix(found))
    }

    func write(_ bytes: [UInt8], to file: String, at offset: Int) throws(StoreError) {
        let count = try call("writing", file) {
            unsafe memory_disk_write(disk, file, bytes, Int64(bytes.count), Int64(offset))
        }
        guard count == bytes.count else { throw .full(path: file) }
        try call("writing", file) { unsafe memory_disk_sync(disk, file) }
    }

    /// An empty file in place of any other, durably.
    func replace(_ file: String) throws(StoreError) {
        if size(of: file) != nil {
            try call("removing", file) { unsafe memory_disk_remove(disk, file) }
            try synchronizeFolder()
        }
        try call("creation", file) { unsafe memory_disk_create_file(disk, file) }
        try call("creation", file) { unsafe memory_disk_sync(disk, file) }
        try synchronizeFolder()
    }
}
