internal import CSodium
internal import Glibc

/// Secret bytes in locked memory between guard pages, wiped when the last reference goes.
///
/// Written once at creation. The memory comes from `sodium_malloc`: keys that last have pages of their own, which are
/// read-only from then on; those of a session share pages (`SecretSlots`).
// SAFETY: @unchecked because of the pointer; nothing writes behind it after `init` returns.
@safe package final class SecretBytes: @unchecked Sendable {
    /// The number of bytes.
    package let count: Int
    private let memory: UnsafeMutablePointer<UInt8>
    private let isSlot: Bool

    /// Copies `bytes`; the caller wipes its own array.
    package convenience init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    /// Copies `bytes`; the caller wipes its own array.
    package convenience init(_ bytes: ArraySlice<UInt8>) {
        unsafe self.init(count: bytes.count) { target in
            for (index, byte) in bytes.enumerated() { unsafe target[index] = byte }
        }
    }

    /// Copies at most 64 `bytes` that a session needs for as long as it lasts; the caller wipes its own array.
    package init(ofSession bytes: ArraySlice<UInt8>) {
        precondition(bytes.count <= SecretSlots.byteCount, "a secret of \(bytes.count) bytes needs pages of its own")
        count = bytes.count
        isSlot = true
        unsafe memory = SecretSlots.shared.take()
        for (index, byte) in bytes.enumerated() { unsafe memory[index] = byte }
    }

    /// Makes room for `count` bytes and lets the closure write them.
    init(count: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Void) {
        Crypto.initialize()
        guard let memory = unsafe sodium_malloc(count) else { preconditionFailure("no locked memory left") }
        let bytes = unsafe memory.bindMemory(to: UInt8.self, capacity: count)
        unsafe self.memory = bytes
        self.count = count
        isSlot = false
        unsafe body(bytes)
        let result = unsafe sodium_mprotect_readonly(memory)
        precondition(result == 0, "locked memory could not be made read-only")
    }

    deinit {
        if isSlot {
            unsafe SecretSlots.shared.giveBack(memory)
        } else {
            unsafe sodium_free(memory)
        }
    }

    /// Lends the `count` bytes, for as long as the closure runs.
    func withBytes<R, E>(_ body: (UnsafePointer<UInt8>) throws(E) -> R) throws(E) -> R {
        try unsafe body(UnsafePointer(memory))
    }

    /// Lends a copy of the bytes, which is wiped afterwards unless the closure keeps it.
    package func withCopy<R, E>(_ body: ([UInt8]) throws(E) -> R) throws(E) -> R {
        var copy = unsafe [UInt8](UnsafeBufferPointer(start: memory, count: count))
        defer { Crypto.wipe(&copy) }
        return try body(copy)
    }
}

/// Locked memory for the secrets of sessions, of which each handshake makes a dozen.
///
/// A region of its own for each would cost ten system calls and three mappings, of which a process may have some
/// 65,000: strangers who only begin handshakes could use them up.
// SAFETY: `free` is touched only while `mutex` is held, and a slot has one owner at a time. A `pthread_mutex_t` and
// not `Synchronization.Mutex`: the thread sanitizer knows only the first (CONTRIBUTING.md, workarounds).
@safe private final class SecretSlots: @unchecked Sendable {
    static let shared = SecretSlots()
    static let byteCount = 64
    private static let slotsInBlock = 64
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    /// Slots that nobody has, all zero; their blocks are kept for the next sessions.
    private var free: [UnsafeMutablePointer<UInt8>] = unsafe []

    private init() { unsafe pthread_mutex_init(mutex, nil) }

    func take() -> UnsafeMutablePointer<UInt8> {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        if let slot = unsafe free.popLast() { return unsafe slot }
        Crypto.initialize()
        let (count, byteCount) = (SecretSlots.slotsInBlock, SecretSlots.byteCount)
        guard let block = unsafe sodium_malloc(count * byteCount) else { preconditionFailure("no locked memory left") }
        let bytes = unsafe block.bindMemory(to: UInt8.self, capacity: count * byteCount)
        unsafe bytes.initialize(repeating: 0, count: count * byteCount)
        for index in 1..<count { unsafe free.append(bytes.advanced(by: index * byteCount)) }
        return unsafe bytes
    }

    /// Wipes a slot and keeps it for the next secret.
    func giveBack(_ slot: UnsafeMutablePointer<UInt8>) {
        unsafe sodium_memzero(slot, SecretSlots.byteCount)
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        unsafe free.append(slot)
    }
}
