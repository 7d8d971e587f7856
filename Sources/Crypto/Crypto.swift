internal import CSodium

/// What the whole target shares: the library's start, comparing and wiping.
package enum Crypto {
    /// True once libsodium has chosen its implementations for this processor.
    private static let isReady = sodium_init() >= 0

    /// Prepares libsodium; safe to call any number of times, from any thread.
    ///
    /// Key types and `SystemEntropy` call it themselves, so forgetting it costs speed and nothing else.
    package static func initialize() {
        precondition(isReady, "libsodium could not be initialised")
    }

    /// Whether two byte strings are equal, in a time that depends on their lengths alone.
    package static func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }

    /// Overwrites the bytes with zeros and empties the array; copies that were made of it live on.
    package static func wipe(_ bytes: inout [UInt8]) {
        unsafe bytes.withUnsafeMutableBytes { buffer in
            if let base = buffer.baseAddress { unsafe sodium_memzero(base, buffer.count) }
        }
        bytes = []
    }
}
