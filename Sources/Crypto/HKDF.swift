/// HMAC and HKDF over BLAKE2b with 64 bytes of output, exactly as Noise defines them (Noise revision 34 §4.3).
package enum HKDF {
    /// Bytes of a hash, a MAC and a derived key.
    package static let byteCount = 64
    /// Bytes of a block of BLAKE2b.
    private static let blockByteCount = 128

    /// HMAC-BLAKE2b-512 (RFC 2104 over RFC 7693).
    package static func authenticate(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var block = key.count > blockByteCount ? Hash.blake2b(byteCount: byteCount, key) : key
        block += [UInt8](repeating: 0, count: blockByteCount - block.count)
        defer { Crypto.wipe(&block) }
        var inner = masked(block, with: 0x36, before: message)
        defer { Crypto.wipe(&inner) }
        var outer = masked(block, with: 0x5c, before: Hash.blake2b(byteCount: byteCount, inner))
        defer { Crypto.wipe(&outer) }
        return Hash.blake2b(byteCount: byteCount, outer)
    }

    /// A masked key and what follows it, in one piece: what is put together from parts leaves the parts in memory.
    private static func masked(_ key: [UInt8], with mask: UInt8, before rest: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(key.count + rest.count)
        for byte in key { result.append(byte ^ mask) }
        result += rest
        return result
    }

    /// Two outputs of 64 bytes from a chaining key and input key material.
    package static func derive(chainingKey: [UInt8], _ input: [UInt8]) -> (first: [UInt8], second: [UInt8]) {
        var temporary = authenticate(key: chainingKey, input)
        defer { Crypto.wipe(&temporary) }
        let first = authenticate(key: temporary, [1])
        var message = first + [2]
        defer { Crypto.wipe(&message) }
        return (first, authenticate(key: temporary, message))
    }
}
