import Bytes

/// Finds messages in the plaintexts of a channel, wherever their borders fall.
///
/// Holds what came in and is not read yet, and never makes room for what was only announced.
package struct MessageStream: Sendable {
    private let limit: Int
    private var buffer: [UInt8] = []
    /// Where the next message begins.
    private var start = 0

    /// - Parameter messageBytes: the most bytes that one message may have.
    package init(messageBytes: Int) { limit = messageBytes }

    /// Takes a plaintext.
    package mutating func append(_ plaintext: [UInt8]) {
        if start > 0, start == buffer.count || start >= 65_536 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer.append(contentsOf: plaintext)
    }

    /// The room that it has, bytes.
    package var roomByteCount: Int { buffer.capacity }

    /// The number of bytes that are not read yet.
    package var byteCount: Int { buffer.count - start }

    /// The content of the next message that is there as a whole; nil if more bytes must come.
    /// - Throws: `limit` for a longer message as soon as its length is known, `malformed` for no byte string.
    package mutating func next() throws(SyncError) -> [UInt8]? {
        guard start < buffer.count else { return nil }
        guard buffer[start] >> 5 == 2 else {
            throw .malformed(.wrongType(expected: "byte string", at: 0))
        }
        let info = Int(buffer[start] & 31)
        guard info <= 27 else { throw .malformed(.unsupported(at: 0)) }
        let width = info < 24 ? 0 : 1 << (info - 24)
        guard buffer.count - start > width else { return nil }
        var length = UInt64(info)
        if width > 0 {
            length = buffer[(start + 1)...(start + width)].reduce(0) { $0 << 8 | UInt64($1) }
            guard length >= [24, 0x100, 0x1_0000, 0x1_0000_0000][info - 24] else {
                throw .malformed(.notDeterministic(at: 0))
            }
        }
        guard length <= UInt64(limit) else { throw .limit("messageBytes") }
        let first = start + 1 + width
        guard buffer.count - first >= Int(length) else { return nil }
        start = first + Int(length)
        // Room that a great message needed is given back with it (R4).
        defer { if start == buffer.count, buffer.capacity > 16_384 { (buffer, start) = ([], 0) } }
        return Array(buffer[first..<start])
    }
}
