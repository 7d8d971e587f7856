internal import Bytes

/// A byte string of one fixed length, kept as big-endian words so that it costs no allocation.
///
/// Order is the order of the bytes. Conforming types hold nothing but `UInt64` words, most significant first.
package protocol FixedBytes: Hashable, Comparable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// All zero bytes.
    init()
}

extension FixedBytes {
    /// The number of bytes.
    package static var byteCount: Int { MemoryLayout<Self>.size }

    /// Takes exactly `byteCount` bytes; nil for any other number of them.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init()
        unsafe fill { target in
            // Arrays and slices of them lend their bytes; one by one is many times slower.
            let isCopied: Bool? = bytes.withContiguousStorageIfAvailable { source in
                guard let start = source.baseAddress else { return false }
                unsafe target.update(from: start, count: Self.byteCount)
                return true
            }
            if isCopied == true { return }
            for (index, byte) in zip(0..<Self.byteCount, bytes) { unsafe target[index] = byte }
        }
    }

    /// Decodes hexadecimal digits, two for each of `byteCount` bytes; nil for anything else.
    package init?(hex text: some StringProtocol) {
        guard let bytes = [UInt8](hex: text) else { return nil }
        self.init(bytes)
    }

    /// The bytes in order.
    package var bytes: [UInt8] { prefix(Self.byteCount) }

    /// The bytes as lower-case hexadecimal digits.
    package var hex: String { bytes.hex }

    /// The same digits as `hex`, whole.
    package var description: String { hex }

    /// The first bytes, all of them if there are fewer than `count`.
    package func prefix(_ count: Int) -> [UInt8] {
        unsafe withBytes { source in
            unsafe [UInt8](UnsafeBufferPointer(start: source, count: min(max(0, count), Self.byteCount)))
        }
    }

    /// Appends the bytes in order.
    package func append(to bytes: inout [UInt8]) {
        unsafe withBytes { source in
            unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: source, count: Self.byteCount))
        }
    }

    /// Lends `byteCount` bytes in order, for as long as the closure runs.
    package func withBytes<R, E>(_ body: (UnsafePointer<UInt8>) throws(E) -> R) throws(E) -> R {
        var copy = self
        copy.swapWords()
        return try unsafe withUnsafePointer(to: copy) { (pointer) throws(E) -> R in
            // SAFETY: a value of UInt64 words, seen as its bytes.
            try unsafe body(UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt8.self))
        }
    }

    /// Lends `byteCount` bytes in order to be overwritten, for as long as the closure runs.
    package mutating func fill<R>(_ body: (UnsafeMutablePointer<UInt8>) -> R) -> R {
        swapWords()
        defer { swapWords() }
        return unsafe withUnsafeMutablePointer(to: &self) { pointer in
            // SAFETY: a value of UInt64 words, seen as its bytes.
            unsafe body(UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: UInt8.self))
        }
    }

    /// Turns words in the machine's order into bytes in theirs, and back.
    private mutating func swapWords() {
        // SAFETY: the protocol requires that a conforming type holds nothing but UInt64 words.
        unsafe Swift.withUnsafeMutableBytes(of: &self) { buffer in
            for offset in stride(from: 0, to: buffer.count, by: 8) {
                let word = unsafe buffer.load(fromByteOffset: offset, as: UInt64.self)
                unsafe buffer.storeBytes(of: word.bigEndian, toByteOffset: offset, as: UInt64.self)
            }
        }
    }
}
