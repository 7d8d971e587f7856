import Crypto
import Glibc
import MemoryDisk
import Node
import Replica
import Testing

@testable import Store

/// Every call of the disk that an operation makes fails, once or for ever, in each way that it can.
///
/// Of many calls a sample is tried, and all of them where LIAISON_EXHAUSTIVE is set.
@Suite struct EveryCallTests {
    /// What is done, and how it is seen to be done.
    struct Operation: Sendable, CustomTestStringConvertible {
        let name: String
        /// More entries than before, where the operation has succeeded.
        let entries: Int
        let perform: @Sendable (inout DiskStore) throws -> Void
        let isDone: @Sendable (DiskStore) throws -> Bool

        var testDescription: String { name }

        init(
            _ name: String, entries: Int = 0, isDone: @escaping @Sendable (DiskStore) throws -> Bool = { _ in true },
            _ perform: @escaping @Sendable (inout DiskStore) throws -> Void
        ) {
            (self.name, self.entries, self.perform, self.isDone) = (name, entries, perform, isDone)
        }
    }

    static let operations = [
        Operation("open") { disk in try disk.open(seed: 9) },
        Operation("write one", entries: 1, isDone: { try $0.store.count(of: "one") == 1 }) { disk in
            try disk.store.create(1, "one")
        },
        Operation("write 256", entries: 256, isDone: { try $0.store.count(of: "many") == 256 }) { disk in
            try disk.store.create(256, "many")
        },
        Operation("ingest", entries: 8, isDone: { try $0.store.count(of: "theirs") == 8 }) { disk in
            try disk.store.receive(disk.founder)
        },
        Operation("rebuild") { disk in try disk.store.rebuild() },
        Operation("verify") { disk in
            // What could not be read is a finding, where SQLite looks at the whole file.
            let problems = try disk.store.verify()
            guard problems.isEmpty else { throw StoreError.corrupt(path: "store.db", code: 11, message: problems[0]) }
        },
        Operation("keep a value", isDone: { try $0.store.meta("kept") == [1, 2, 3] }) { disk in
            try disk.store.setMeta("kept", [1, 2, 3])
        },
        Operation("open a life", entries: 1) { disk in try disk.store.openIncarnation(time: 7) },
        Operation("export") { disk in
            try disk.store.exportSegments { (_, _, bytes) throws(StoreError) in
                if bytes.isEmpty { throw .closed }
            }
        },
        Operation("empty the log") { disk in try disk.store.connection.checkpoint() },
        Operation("erase", isDone: { try $0.store.count(of: "to erase") == 0 }) { disk in
            let branch = try #require(disk.store.sharedBranches().last)
            let entry = try #require(try disk.store.entryID(branch: branch.number, sequence: branch.head))
            try disk.store.eraseValue(entry: entry, operation: 0)
        },
        Operation("hand out") { disk in
            let shared = SharedStore(store: disk.store)
            for branch in disk.store.sharedBranches() { _ = try shared.segment(branch: branch.number, from: 0) }
        },
        Operation("close and open") { disk in
            disk.store.connection.close()
            try disk.open(seed: 8)
        },
    ]

    private static func base() throws -> DiskStore {
        let base = try DiskStore(seed: 501)
        let store = base.store
        for index in 0..<6 { try store.create(1 + index, "some") }
        _ = try base.founder.create(8, "theirs")
        try store.create(1, "to erase")
        return base
    }

    @Test(arguments: operations)
    func `S3 and S4: an operation on a failing disk is undone or done, and nothing before it is lost`(
        operation: Operation
    ) throws {
        let base = try Self.base()
        let acknowledged = LossCount(base.store).entries
        let calls: Range<Int>
        do {
            var disk = try base.copy(seed: 1)
            let first = disk.disk.calls
            try operation.perform(&disk)
            calls = 0..<disk.disk.calls - first
            #expect(LossCount(disk.store).entries == acknowledged + operation.entries)
            #expect(try operation.isDone(disk))
        }
        let isExhaustive = unsafe getenv("LIAISON_EXHAUSTIVE") != nil
        let step = isExhaustive ? 1 : max(1, calls.count / 6)
        var (tried, failed) = (0, 0)
        for fault in MemoryDisk.Fault.allCases {
            for forEver in [false, true] {
                var last = -1
                for offset in stride(from: tried % step, to: calls.count, by: step) {
                    let what = Comment("\(operation.name): \(fault) at call \(offset), for ever \(forEver)")
                    guard let outcome = try attempt(operation, base, fault, offset, forEver, acknowledged, what),
                        outcome.call > last
                    else { continue }
                    last = outcome.call
                    tried += 1
                    if outcome.hasFailed { failed += 1 }
                }
            }
        }
        print("\(operation.name): \(calls.count) calls, \(tried) faults, of which \(failed) were felt")
        #expect(tried > 0)
    }

    /// - Returns: the call that failed and whether that was felt; nil if none could.
    private func attempt(
        _ operation: Operation, _ base: DiskStore, _ fault: MemoryDisk.Fault, _ offset: Int, _ forEver: Bool,
        _ acknowledged: Int, _ what: Comment
    ) throws -> (call: Int, hasFailed: Bool)? {
        var disk = try base.copy(seed: UInt64(offset))
        let first = disk.disk.calls
        disk.disk.fail(atCall: first + offset, with: fault, forEver: forEver)
        var failure: (any Error)?
        do { try operation.perform(&disk) } catch { failure = error }
        guard let call = disk.disk.lastFault, call >= first else { return nil }
        if let failure {
            #expect(isTyped(failure), "\(what): \(failure)")
            try resume(operation, &disk, fault, failure, what)
        } else {
            #expect(LossCount(disk.store).entries == acknowledged + operation.entries, what)
        }
        let shown = LossCount(disk.store).entries
        disk.disk.clearFaults()
        if offset % 2 == 0 { disk.disk.powerLoss(seed: UInt64(offset)) } else { disk.disk.restart() }
        try disk.open(seed: UInt64(offset) &+ 10_000)
        let held = LossCount(disk.store).entries
        #expect(held >= acknowledged && (failure != nil || held == shown), what)
        // Each try has happened or not: the one that failed, and the one after it.
        #expect(held == acknowledged || (held - acknowledged).isMultiple(of: operation.entries), what)
        #expect(try disk.store.count(of: "some") == 21, what)
        if failure == nil { #expect(try operation.isDone(disk), what) }
        if offset % 8 == 0 { #expect(try disk.store.verify() == [], what) }
        try disk.store.create(1, "after")
        #expect(disk.store.forks() == [], what)
        return (call - first, failure != nil)
    }

    /// Once the disk is whole again: a full one is no reason to start the program again.
    private func resume(
        _ operation: Operation, _ disk: inout DiskStore, _ fault: MemoryDisk.Fault, _ failure: any Error,
        _ what: Comment
    ) throws {
        let isFull = fault == .full || fault == .shortWrite
        if isFull && !operation.name.contains("open") {
            // Still full: what is there can be read.
            #expect(try disk.store.count(of: "some") == 21, what)
        }
        disk.disk.clearFaults()
        do {
            try operation.perform(&disk)
            #expect(try operation.isDone(disk), what)
        } catch {
            #expect(!isFull, "\(what): after \(failure): \(error)")
            #expect(isTyped(error), "\(what): \(error)")
        }
    }

    /// The disk's failure as the store's own errors, or as those that pass it on.
    private func isTyped(_ error: any Error) -> Bool {
        if let error = error as? StoreError {
            switch error {
            case .full, .io, .failedBefore, .corrupt: return true
            default: return false
            }
        }
        return "\(type(of: error))".hasSuffix("StoreError")
    }
}
