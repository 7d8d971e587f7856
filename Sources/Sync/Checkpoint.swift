import Bytes
package import Crypto
package import Replica

/// What both sides held when they were last equal.
///
/// Source: Protocol/07-sync.md#checkpoint.
package struct Checkpoint: Hashable, Sendable {
    /// A log of the table.
    package struct Log: Hashable, Sendable {
        package let id: Digest
        package let descriptor: LogDescriptor
        /// Ascending.
        package let heads: [Head]

        package init(id: Digest, descriptor: LogDescriptor, heads: [Head]) {
            self.id = id
            self.descriptor = descriptor
            self.heads = heads
        }
    }

    /// The first 8 bytes of a hash over the frontiers.
    package let name: UInt64
    /// Ascending by id.
    package let logs: [Log]

    package init(name: UInt64, logs: [Log]) {
        self.name = name
        self.logs = logs
    }

    /// The name of a checkpoint at these frontiers: that of `policy`, then those of the other shared spaces.
    static func name(policy: Digest, spaces: [SpaceDigests]) -> UInt64 {
        var bytes = policy.bytes
        for space in spaces { space.frontier.append(to: &bytes) }
        return Hash.blake2b(.session, bytes).word0
    }

    /// What the store keeps.
    package var encoded: [UInt8] {
        var writer = CBORWriter(reserving: 32 + logs.count * 150)
        writer.writeArray(count: 2)
        writer.write(prefix: name)
        writer.writeArray(count: logs.count)
        for log in logs {
            writer.writeArray(count: 3)
            writer.write(log.id)
            log.descriptor.write(to: &writer)
            writer.write(log.heads)
        }
        return writer.bytes
    }

    /// Reads what the store kept; nil if it is damaged: the next session is a cold one then.
    package init?(decoding bytes: [UInt8]) {
        do throws(DecodeError) {
            var reader = CBORReader(bytes)
            try reader.readArray(count: 2, "checkpoint")
            name = try reader.readPrefix("name")
            var logs: [Log] = []
            for _ in 0..<(try reader.readArray(upTo: .max, "logs")) {
                try reader.readArray(count: 3, "log")
                let id: Digest = try reader.readFixed("log id")
                let descriptor = try LogDescriptor(from: &reader)
                logs.append(Log(id: id, descriptor: descriptor, heads: try reader.readHeads(SyncLimits(), from: 0)))
            }
            try reader.finish()
            self.logs = logs
        } catch {
            return nil
        }
    }
}
