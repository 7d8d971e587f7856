package import Bytes
package import Crypto

/// Whether a log holds statements or records; the number stands in the log id.
package enum LogClass: Int, Hashable, Sendable {
    case control = 0
    case data = 1
}

/// What a log is the log of: one incarnation of one device, in one space, in one class.
///
/// Source: Protocol/02-entries.md#logs.
package struct LogDescriptor: Hashable, Sendable {
    /// At most `CharterLimits.spaceBytes` bytes.
    package let space: String
    package let logClass: LogClass
    package let device: VerifyingKey
    package let incarnation: ShortID

    package init(space: String, logClass: LogClass, device: VerifyingKey, incarnation: ShortID) {
        self.space = space
        self.logClass = logClass
        self.device = device
        self.incarnation = incarnation
    }

    /// The log id.
    package func id(network: Digest) -> Digest {
        var writer = CBORWriter(reserving: 160)
        writer.writeArray(count: 5)
        writer.write(bytes: network.bytes)
        writeElements(to: &writer)
        return Hash.blake2b(.log, writer.bytes)
    }

    /// Appends `[space, class, device key, incarnation]`.
    package func write(to writer: inout CBORWriter) {
        writer.writeArray(count: 4)
        writeElements(to: &writer)
    }

    private func writeElements(to writer: inout CBORWriter) {
        writer.write(space)
        writer.write(logClass.rawValue)
        writer.write(bytes: device.bytes)
        writer.write(bytes: incarnation.bytes)
    }

    /// Reads `[space, class, device key, incarnation]`.
    package init(from reader: inout CBORReader) throws(DecodeError) {
        try reader.readArray(count: 4, "log descriptor")
        let start = reader.offset
        space = try reader.readText(upTo: CharterLimits.spaceBytes, "space")
        guard !space.isEmpty else { throw .outOfRange(what: "space", at: start) }
        let number = try reader.readInt(upTo: 1, "log class")
        logClass = number == 0 ? .control : .data
        device = try reader.readFixed("device key")
        incarnation = try reader.readFixed("incarnation")
    }
}

extension VerifyingKey {
    /// The device id: the first 16 bytes of the hash of the signing key.
    package var deviceID: ShortID { Hash.blake2b(.device, bytes).short }
}

extension CBORReader {
    /// A byte string of exactly the width of the identifier.
    package mutating func readFixed<T: FixedBytes>(_ what: String) throws(DecodeError) -> T {
        let range = try readRange(count: T.byteCount, what)
        guard let value = T(bytes[range]) else { throw .outOfRange(what: what, at: range.lowerBound) }
        return value
    }

    /// A byte string of exactly the width of the identifier, or null.
    package mutating func readOptionalFixed<T: FixedBytes>(_ what: String) throws(DecodeError) -> T? {
        readNull() ? nil : try readFixed(what)
    }
}

extension CBORWriter {
    /// An identifier as a byte string.
    package mutating func write(_ id: some FixedBytes) { write(bytes: id.bytes) }

    /// An identifier as a byte string, or null.
    package mutating func write(optional id: (some FixedBytes)?) {
        if let id { write(id) } else { writeNull() }
    }
}
