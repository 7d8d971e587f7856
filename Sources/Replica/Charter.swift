package import Bytes
package import Crypto

/// What founds a network: its name and root keys.
///
/// The network id is its hash.
///
/// Source: Protocol/02-entries.md#charter.
package struct Charter: Hashable, Sendable {
    /// At most `CharterLimits.nameBytes` bytes.
    package let name: String
    /// 1 to `CharterLimits.rootKeys`.
    package let rootKeys: [VerifyingKey]
    /// How many root keys an act of the root needs; this version understands 1.
    package let threshold: Int
    /// Claimed, seconds since 1970 in UTC.
    package let created: Int64
    package let nonce: ShortID

    package init(name: String, rootKeys: [VerifyingKey], threshold: Int, created: Int64, nonce: ShortID) {
        self.name = name
        self.rootKeys = rootKeys
        self.threshold = threshold
        self.created = created
        self.nonce = nonce
    }

    /// The deterministic encoding.
    package var encoded: [UInt8] {
        var writer = CBORWriter(reserving: 160)
        writer.writeArray(count: 6)
        writer.write(1)
        writer.write(name)
        writer.writeArray(count: rootKeys.count)
        for key in rootKeys { writer.write(key) }
        writer.write(threshold)
        writer.write(created)
        writer.write(nonce)
        return writer.bytes
    }

    /// The network id.
    package var network: Digest { Hash.blake2b(.charter, encoded) }

    /// Decodes a charter.
    package init(decoding bytes: [UInt8]) throws(DecodeError) {
        var reader = CBORReader(bytes)
        try reader.readArray(count: 6, "charter")
        guard try reader.readInt(upTo: EntryLimits.number, "charter version") == 1 else {
            throw .invalid(what: "charter of a later version")
        }
        name = try reader.readName("network name")
        let keysStart = reader.offset
        var keys: [VerifyingKey] = []
        for _ in 0..<(try reader.readArray(upTo: CharterLimits.rootKeys, "root keys")) {
            keys.append(try reader.readFixed("root key"))
        }
        guard !keys.isEmpty else { throw .outOfRange(what: "root keys", at: keysStart) }
        rootKeys = keys
        threshold = try reader.readInt(upTo: CharterLimits.rootKeys, "threshold")
        guard threshold == 1 else { throw .invalid(what: "threshold of the charter") }
        created = try Header.readTime(&reader)
        nonce = try reader.readFixed("nonce")
        try reader.finish()
    }
}

extension CBORReader {
    /// The name of a network or organisation: text that is not empty.
    mutating func readName(_ what: String) throws(DecodeError) -> String {
        let start = offset
        let name = try readText(upTo: CharterLimits.nameBytes, what)
        guard !name.isEmpty else { throw .outOfRange(what: what, at: start) }
        return name
    }
}
