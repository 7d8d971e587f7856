internal import CSodium

/// Secret bytes in locked memory between guard pages, wiped when the last reference goes.
///
/// Written once at creation and read-only from then on. The memory comes from `sodium_malloc`.
// SAFETY: @unchecked because of the pointer; the pages behind it are made read-only before `init` returns.
@safe package final class SecretBytes: @unchecked Sendable {
    /// The number of bytes.
    package let count: Int
    private let memory: UnsafeMutablePointer<UInt8>

    /// Copies `bytes`; the caller wipes its own array.
    package convenience init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    /// Copies `bytes`; the caller wipes its own array.
    package convenience init(_ bytes: ArraySlice<UInt8>) {
        unsafe self.init(count: bytes.count) { target in
            for (index, byte) in bytes.enumerated() { unsafe target[index] = byte }
        }
    }

    /// Makes room for `count` bytes and lets the closure write them.
    init(count: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Void) {
        Crypto.initialize()
        guard let memory = unsafe sodium_malloc(count) else { preconditionFailure("no locked memory left") }
        let bytes = unsafe memory.bindMemory(to: UInt8.self, capacity: count)
        unsafe self.memory = bytes
        self.count = count
        unsafe body(bytes)
        let result = unsafe sodium_mprotect_readonly(memory)
        precondition(result == 0, "locked memory could not be made read-only")
    }

    deinit { unsafe sodium_free(memory) }

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
