/// Bytes that wait to be sent, in one buffer whose sent part is cut off now and then.
struct SendQueue {
    private var bytes: [UInt8] = []
    private var sentCount = 0

    /// The bytes that wait.
    var count: Int { bytes.count - sentCount }

    mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

    /// Gives the waiting bytes to `send`, which says how many it took.
    mutating func send(_ send: (UnsafeRawBufferPointer) -> Int64) -> Int64 {
        let taken = unsafe bytes.withUnsafeBytes { unsafe send(UnsafeRawBufferPointer(rebasing: $0[sentCount...])) }
        if taken > 0 { sentCount += Int(taken) }
        if sentCount == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= 64 << 10)
            sentCount = 0
        } else if sentCount >= 64 << 10, sentCount >= bytes.count / 2 {
            // Each byte is moved at most once for each byte sent.
            bytes.removeFirst(sentCount)
            sentCount = 0
        }
        return taken
    }
}
