import Bytes
import Crypto
import Replica
import Testing

@testable import Sync

/// Time, room and counts that one session may cost.
@Suite struct BudgetTests {
    // MARK: Time

    @Test func `R2: bytes prolong the time by what a slow link takes for them, and no further than a silence`() {
        let limits = SyncLimits()
        var patience = Patience()
        patience.renew(now: 1_000, limits: limits)
        #expect(patience.end == 61_000)
        // One byte every nine seconds.
        for step in 1...6 { patience.took(byteCount: 1, now: 1_000 + 9_000 * step, limits: limits) }
        #expect(patience.end < 61_020)
        patience.took(byteCount: 512 * 3, now: 57_000, limits: limits)
        #expect(patience.end < 64_020)
        patience.took(byteCount: 1 << 20, now: 57_000, limits: limits)
        #expect(patience.end == 117_000)
    }

    @Test func `R2: what was handed to a slow link gives its peer the time to take it`() {
        let limits = SyncLimits()
        var patience = Patience()
        patience.renew(now: 0, limits: limits)
        patience.gave(byteCount: 51_200, now: 0, limits: limits)
        #expect(patience.end == 160_000)
        // However much it was: no longer than for one flight.
        patience.gave(byteCount: 1 << 30, now: 0, limits: limits)
        #expect(patience.end == 60_000 + 512_000)
        // A byte that comes takes nothing of it.
        patience.took(byteCount: 1, now: 10, limits: limits)
        #expect(patience.end == 60_000 + 512_000)
    }

    @Test func `R2: a live session may be silent, but not in the middle of a message`() {
        var link = HostileTests.live()
        #expect(link.timers[1] == nil || link.timers[1] ?? 0 <= 60_000)
        link.fireTimer(.responder)
        #expect(link.sessions[1].isLive && link.timers[1] == nil)
        link.now = 1_000_000
        // A message of a type that is not known yet, first half of it.
        link.streams[1] = [0x42, 0x81]
        link.settle()
        let end = link.timers[1]
        #expect(end == link.now + 60_000)
        // The other half in time: it may be silent again.
        link.streams[1] = [0x17]
        link.settle()
        link.fireTimer(.responder)
        #expect(link.sessions[1].isLive && link.timers[1] == nil)
        link.streams[1] = [0x42]
        link.settle()
        link.streams[1] = [0x81]
        link.now += 50_000
        link.settle()
        link.fireTimer(.responder)
        link.fireTimer(.responder)
        #expect(link.outcomes[1]?.failure == .idle && link.sessions[1].isClosed)
    }

    @Test func `R10: pushed segments that lack what they name do not put off the comparison of heads`() {
        let (left, right) = Sample.pair(devices: 4, entries: 12)
        var link = Link(left, right)
        link.run()
        let named = left.write(device: 1, nonce: 70)
        link.write(.initiator, device: 2, nonce: 71, names: named.map(\.head))
        link.settle()
        let due = link.timers[1]
        #expect(due != nil)
        for nonce in UInt64(80)..<90 {
            link.write(.initiator, device: 3, nonce: nonce, names: named.map(\.head))
            link.settle()
        }
        #expect(link.timers[1] == due)
    }

    // MARK: Room

    @Test func `R4: room for a great message is given back with it`() throws {
        var stream = MessageStream(messageBytes: 1 << 20)
        stream.append([0x5A, 0x00, 0x0F, 0xFF, 0xFF])
        #expect(stream.roomByteCount < 1_000)
        for _ in 0..<16 { stream.append([UInt8](repeating: 7, count: 65_536)) }
        #expect(stream.roomByteCount < 4 << 20)
        #expect(try stream.next()?.count == 0xF_FFFF)
        #expect(stream.byteCount == 1)
        #expect(throws: SyncError.self) { try stream.next() }

        var exact = MessageStream(messageBytes: 1 << 20)
        exact.append([0x5A, 0x00, 0x0F, 0xFF, 0xFF] + [UInt8](repeating: 7, count: 0xF_FFFF))
        #expect(try exact.next()?.count == 0xF_FFFF)
        #expect(exact.byteCount == 0 && exact.roomByteCount == 0)
    }

    @Test func `R12: no more segments than one batch are handed to the store together`() {
        var link = HostileTests.live()
        let log = MemoryStore.descriptor(device: 1, .data)
        let segment = Message.segment(log: .descriptor(log), bytes: [1]).encoded
        var actions: [Action] = []
        let bytes = [[UInt8]](repeating: segment, count: 1_000).flatMap { $0 }
        link.sessions[1].received(Array(bytes), now: link.now, store: link.stores[1], actions: &actions)
        let batches = actions.compactMap { if case .ingest(let batch) = $0 { batch.count } else { nil } }
        #expect(batches == [SyncLimits().batchSegments])
    }

    @Test func `R12: pushed segments that wait are tried again in proportion to what comes`() {
        var intake = Intake(messageBytes: 1 << 20)
        let limits = SyncLimits()
        func segment(_ byteCount: Int) -> IncomingSegment {
            IncomingSegment(log: Digest(), descriptor: nil, bytes: [UInt8](repeating: 1, count: byteCount))
        }
        for _ in 0..<200 { intake.wait(segment(1_000), isLive: true, limits: limits) }
        var tried = 0
        var came = 0
        for _ in 0..<1_000 {
            intake.add(segment(200))
            came += 200
            let batch = intake.takeBatch(isAll: false, isLive: true)
            for segment in intake.endIngest().dropLast() { intake.wait(segment, isLive: true, limits: limits) }
            tried += batch.reduce(0) { $0 + $1.bytes.count }
        }
        #expect(tried > came && tried <= 10 * came, "\(tried) bytes were looked at for \(came) that came")
    }

    @Test func `R4: segments that wait have a budget of bytes and of their own number`() {
        var limits = SyncLimits()
        limits.waitingSegments = 10
        limits.liveWaitingBytes = 5_000
        func segment(_ byteCount: Int) -> IncomingSegment {
            IncomingSegment(log: Digest(), descriptor: nil, bytes: [UInt8](repeating: 1, count: byteCount))
        }
        var many = Intake(messageBytes: 1 << 20)
        for _ in 0..<100 { many.wait(segment(1), isLive: false, limits: limits) }
        #expect(many.waiting.count == 10 && many.hasGap)
        var live = Intake(messageBytes: 1 << 20)
        for _ in 0..<100 { live.wait(segment(1_000), isLive: true, limits: limits) }
        #expect(live.waiting.count == 5 && live.waitingByteCount == 5_000)
    }

    // MARK: Counts

    @Test func `R6: a million tiny items in one message are refused by their count, or skipped`() throws {
        func message(_ head: [UInt8], _ tail: [UInt8] = []) -> [UInt8] {
            // The head of an array of a million, and as many small numbers as a message has room for.
            let room = SyncLimits().messageBytes - head.count - tail.count - 5
            return head + [0x9A, 0x00, 0x0F, 0x42, 0x40] + [UInt8](repeating: 0, count: min(1_000_000, room)) + tail
        }
        let prefix: [UInt8] = [0x48, 0, 0, 0, 0, 0, 0, 0, 1]
        let logs = SyncLimits().logs
        #expect(logs < 1_000_000)
        for bytes in [
            message([0x85, 0x00, 0x01] + prefix + prefix), message([0x83, 0x02] + prefix),
            message([0x83, 0x03] + prefix), message([0x82, 0x04]),
            // Heads of one log.
            message([0x83, 0x03] + prefix + [0x81]),
        ] {
            #expect(throws: SyncError.self, "\(bytes.prefix(12))") {
                try Message.decode(bytes, limits: SyncLimits())
            }
            do throws(SyncError) { _ = try Message.decode(bytes, limits: SyncLimits()) } catch {
                guard case .malformed(.outOfRange) = error else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
        // A type of later versions is skipped, whatever it holds.
        #expect(try Message.decode(message([0x82, 0x18, 0x63]), limits: SyncLimits()) == nil)
        // So is what later versions add to a known one.
        #expect(try Message.decode(message([0x82, 0x06]), limits: SyncLimits()) == .sent)
    }
}
