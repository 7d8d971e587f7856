import Crypto
import Replica
import Testing

@testable import Store

@Suite struct SessionJournalTests {
    private let peer = ShortID(7, 7)

    /// Sends everything that one store holds to the other in batches of one session.
    private func send(
        _ from: ReplicaStore, to: ReplicaStore, in session: inout OpenSession, time: Int64, batch: Int = 3
    ) throws {
        var segments: [(place: Int, segment: IncomingSegment)] = []
        for branch in from.sharedBranches() {
            var next = branch.parentSequence + 1
            while let run = try from.segment(branch: branch.number, from: next) {
                segments.append((run.place, IncomingSegment(descriptor: branch.descriptor, bytes: run.bytes)))
                next = run.last + 1
            }
        }
        var rest = segments.sorted { $0.place < $1.place }.map(\.segment)[...]
        var waiting = WaitingRoom()
        while !rest.isEmpty {
            _ = try to.ingest(Array(rest.prefix(batch)), waiting: &waiting, from: &session, time: time)
            rest = rest.dropFirst(batch)
        }
        #expect(waiting.count == 0)
    }

    private func rows(_ store: ReplicaStore) throws -> Int {
        try store.connection.prepare("SELECT count(*) FROM arrivals").first { $0.int(0) } ?? 0
    }

    @Test func `what each session brought is noted, and stays when everything is derived anew`() throws {
        let network = try TestNetwork(members: 3, seed: 401)
        let (author, reader) = (network.stores[1], network.stores[2])
        let access = RecordAccess(reader, time: 0)
        let first = try author.create("one")
        let second = try author.create("two")
        var session = OpenSession(device: peer, peer: "author")
        try send(author, to: reader, in: &session, time: 100, batch: 1)
        #expect(session.number == 1)
        // Another log writes in between, and what is known already brings nothing.
        try reader.set(first.record, 16, "by the reader")
        try send(author, to: reader, in: &session, time: 110)
        let changed = try author.set(second.record, 16, "two again")
        let late = try author.create("three")
        var another = OpenSession(device: peer, peer: nil)
        try send(author, to: reader, in: &another, time: 200)
        let further = try author.set(late.record, 16, "three again")
        try send(author, to: reader, in: &another, time: 260)

        func check() throws {
            // The opening of the author's life is a statement.
            #expect(
                try access.sessions() == [
                    SessionNote(
                        number: 2, device: peer, peer: nil, began: 200, ended: 260, received: 3, statements: 0,
                        sent: 0),
                    SessionNote(
                        number: 1, device: peer, peer: "author", began: 100, ended: 100, received: 2, statements: 1,
                        sent: 0),
                ])
            #expect(
                try Set(access.arrivals(in: [1]))
                    == [
                        Arrival(record: first.record, entries: [first.entry], isNew: true),
                        Arrival(record: second.record, entries: [second.entry], isNew: true),
                    ])
            let newer: Set = [
                Arrival(record: second.record, entries: [changed.entry], isNew: false),
                Arrival(record: late.record, entries: [late.entry, further.entry], isNew: true),
            ]
            #expect(try Set(access.arrivals(in: [2])) == newer)
            #expect(try Set(access.arrivals(in: [2, 2, 9])) == newer)
            #expect(try access.arrivals(in: [1, 2]).map(\.record) == [first, second, late].map(\.record).sorted())
            #expect(try access.arrivals(in: []) == [])
        }
        try check()
        // One branch, so one row for each session.
        #expect(try rows(reader) == 2)
        try reader.rebuild()
        try check()
        #expect(try reader.verify() == [])
    }

    @Test func `a batch that was not stored leaves no trace, and the next one is noted whole`() throws {
        let network = try TestNetwork(members: 3, seed: 411)
        let (author, reader) = (network.stores[1], network.stores[2])
        let record = try author.create("one").record
        var session = OpenSession(device: peer, peer: "author")
        reader.connection.checkFiles = { () throws(StoreError) in throw .full(path: "test") }
        #expect(throws: StoreError.full(path: "test")) { try send(author, to: reader, in: &session, time: 100) }
        #expect(session.number == nil)
        let access = RecordAccess(reader, time: 0)
        #expect(try access.sessions() == [])
        #expect(try rows(reader) == 0)
        reader.connection.checkFiles = nil
        try send(author, to: reader, in: &session, time: 120)
        #expect(try access.sessions().map(\.received) == [1])
        #expect(try access.arrivals(in: [1]).map(\.record) == [record])
        // Once it has a row, a batch that fails changes nothing either.
        try author.set(record, 16, "two")
        let before = try access.sessions()
        reader.connection.checkFiles = { () throws(StoreError) in throw .full(path: "test") }
        #expect(throws: StoreError.full(path: "test")) { try send(author, to: reader, in: &session, time: 130) }
        #expect(try access.sessions() == before)
        reader.connection.checkFiles = nil
        try send(author, to: reader, in: &session, time: 140)
        #expect(try access.sessions().map(\.received) == [2])
    }

    @Test func `branches of a forked log come under their own numbers`() throws {
        let folder = TemporaryFolder()
        let network = try TestNetwork(members: 3, seed: 421)
        let (original, reader) = (network.stores[1], network.stores[2])
        let record = try original.create("before").record
        let twin = try original.twin(in: folder, name: "twin", seed: 422)
        let one = try original.set(record, 16, "by the original")
        let two = try twin.set(record, 16, "by the twin")
        var (first, second) = (OpenSession(device: peer, peer: "a"), OpenSession(device: peer, peer: "b"))
        try send(original, to: reader, in: &first, time: 1)
        try send(twin, to: reader, in: &second, time: 2)
        let access = RecordAccess(reader, time: 0)
        #expect(try access.arrivals(in: [1]).flatMap(\.entries).last == one.entry)
        #expect(try access.arrivals(in: [2]) == [Arrival(record: record, entries: [two.entry], isNew: false)])
        try reader.rebuild()
        #expect(try access.arrivals(in: [2]) == [Arrival(record: record, entries: [two.entry], isNew: false)])
    }

    @Test func `what was handed out counts once, and only the newest sessions are kept`() throws {
        let network = try TestNetwork(members: 2, seed: 431)
        let store = network.stores[1]
        let access = RecordAccess(store, time: 0)
        var session = OpenSession(device: peer, peer: "peer")
        try store.noteSent(0, in: &session, time: 5)
        #expect(try access.sessions() == [])
        try store.noteSent(4, in: &session, time: 6)
        try store.noteSent(4, in: &session, time: 7)
        try store.noteSent(9, in: &session, time: 8)
        #expect(
            try access.sessions() == [
                SessionNote(
                    number: 1, device: peer, peer: "peer", began: 6, ended: 8, received: 0, statements: 0, sent: 9)
            ])
        try store.connection.execute("INSERT INTO arrivals(session, branch, first, last) VALUES(1, 0, 0, 0)")
        for time in 0..<Int64(JournalLimits.sessions) {
            var next = OpenSession(device: peer, peer: nil)
            try store.noteSent(1, in: &next, time: time)
        }
        let kept = try access.sessions().map(\.number)
        #expect(kept.count == JournalLimits.sessions)
        #expect(kept.first == JournalLimits.sessions + 1 && kept.last == 2)
        #expect(try rows(store) == 0)
    }

    @Test func `R8: a device that asks again and again makes nobody forget what others brought`() throws {
        let network = try TestNetwork(members: 3, seed: 403)
        let (author, reader) = (network.stores[1], network.stores[2])
        _ = try author.create("one")
        var session = OpenSession(device: peer, peer: "author")
        try send(author, to: reader, in: &session, time: 100)
        let access = RecordAccess(reader, time: 0)
        let brought = try access.sessions()
        let arrivals = try rows(reader)
        #expect(brought.count == 1 && arrivals > 0)
        for time in 0..<Int64(JournalLimits.sessions + 50) {
            var greedy = OpenSession(device: ShortID(8, 8), peer: nil)
            try reader.noteSent(5, in: &greedy, time: time)
        }
        let kept = try access.sessions()
        #expect(kept.count == JournalLimits.sessions + 1)
        #expect(kept.last == brought.first)
        #expect(try rows(reader) == arrivals)
    }
}
