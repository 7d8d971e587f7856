internal import CSodium

/// BLAKE2b (RFC 7693) as this network uses it: 32 bytes, with a domain in the personal field.
package enum Hash {
    /// The hash of `bytes` in a domain.
    package static func blake2b(_ domain: Domain, _ bytes: [UInt8]) -> Digest {
        unsafe bytes.withUnsafeBytes { unsafe digest(domain, $0, key: []) }
    }

    /// The hash of two parts, one after the other with nothing between.
    package static func blake2b(_ domain: Domain, _ first: [UInt8], _ second: [UInt8]) -> Digest {
        blake2b(domain, first, second, [])
    }

    /// The hash of three parts, one after the other with nothing between.
    package static func blake2b(
        _ domain: Domain, _ first: [UInt8], _ second: [UInt8], _ third: [UInt8]
    ) -> Digest {
        let count = first.count + second.count + third.count
        return unsafe withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { buffer in
            unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[0..<first.count]).copyBytes(from: first)
            unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[first.count...]).copyBytes(from: second)
            unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[(first.count + second.count)...])
                .copyBytes(from: third)
            return unsafe digest(domain, UnsafeRawBufferPointer(rebasing: buffer[..<count]), key: [])
        }
    }

    /// The keyed hash of `bytes` in a domain.
    /// - Parameter key: 1 to 64 bytes; a longer one is our own fault and traps.
    package static func blake2b(_ domain: Domain, key: [UInt8], _ bytes: [UInt8]) -> Digest {
        unsafe bytes.withUnsafeBytes { unsafe digest(domain, $0, key: key) }
    }

    /// Plain BLAKE2b without key or domain, for protocols that fix it so (Noise takes 64 bytes).
    /// - Parameter count: 16 to 64 bytes of output; others are our own fault and trap.
    package static func blake2b(byteCount count: Int, _ bytes: [UInt8]) -> [UInt8] {
        precondition((16...64).contains(count), "BLAKE2b cannot give \(count) bytes")
        var output = [UInt8](repeating: 0, count: count)
        let result = unsafe crypto_generichash_blake2b(&output, count, bytes, UInt64(bytes.count), nil, 0)
        precondition(result == 0, "BLAKE2b refused its parameters")
        return output
    }

    private static func digest(_ domain: Domain, _ bytes: UnsafeRawBufferPointer, key: [UInt8]) -> Digest {
        precondition(key.count <= 64, "a BLAKE2b key of \(key.count) bytes")
        let personal = domain.personal
        var digest = Digest()
        unsafe digest.fill { target in
            let result = unsafe crypto_generichash_blake2b_salt_personal(
                target, Digest.byteCount, bytes.baseAddress, UInt64(bytes.count), key, key.count, nil, personal)
            precondition(result == 0, "BLAKE2b refused its parameters")
        }
        return digest
    }
}

/// A BLAKE2b-256 hash in a domain, fed piece by piece.
@safe package struct IncrementalHash: ~Copyable {
    /// On the heap because the C structure wants an alignment of 64 bytes.
    private let state: OpaquePointer
    private let memory: UnsafeMutableRawPointer

    /// Begins a hash in a domain, with a key of up to 64 bytes if there is one.
    package init(_ domain: Domain, key: [UInt8] = []) {
        precondition(key.count <= 64, "a BLAKE2b key of \(key.count) bytes")
        unsafe memory = .allocate(byteCount: crypto_generichash_blake2b_statebytes(), alignment: 64)
        unsafe state = OpaquePointer(memory)
        let result = unsafe crypto_generichash_blake2b_init_salt_personal(
            state, key, key.count, Digest.byteCount, nil, domain.personal)
        precondition(result == 0, "BLAKE2b refused its parameters")
    }

    deinit {
        unsafe sodium_memzero(memory, crypto_generichash_blake2b_statebytes())
        unsafe memory.deallocate()
    }

    /// Feeds the next piece.
    package mutating func update(_ bytes: [UInt8]) {
        let result = unsafe crypto_generichash_blake2b_update(state, bytes, UInt64(bytes.count))
        precondition(result == 0, "BLAKE2b was fed after its end")
    }

    /// Feeds the bytes of an id or digest.
    package mutating func update(_ value: some FixedBytes) {
        let result = unsafe value.withBytes { buffer in
            unsafe crypto_generichash_blake2b_update(state, buffer, UInt64(MemoryLayout.size(ofValue: value)))
        }
        precondition(result == 0, "BLAKE2b was fed after its end")
    }

    /// The hash of everything fed so far; ends the value.
    package consuming func finish() -> Digest {
        var digest = Digest()
        unsafe digest.fill { target in
            let result = unsafe crypto_generichash_blake2b_final(state, target, Digest.byteCount)
            precondition(result == 0, "BLAKE2b could not finish")
        }
        return digest
    }
}
