package import Crypto
import Replica

extension ReplicaStore {
    /// Destroys one value with its salt here, for good: no file of this store holds its bytes when this returns.
    ///
    /// Its entry, id and commitment stay, so that nothing else changes. No command leads here before erasure orders do.
    /// - Parameter operation: the index of the operation in its entry.
    /// - Throws: `StoreError`; nothing was destroyed then, unless only emptying the log of writes failed, which may
    ///   be tried again by the same call.
    package func eraseValue(entry id: Digest, operation: Int) throws(StoreError) {
        guard let place = try place(of: id),
            let number = try connection.query("SELECT n FROM segments WHERE branch = ?1 AND first <= ?2 AND last >= ?2")
                .bind(1, place.branch).bind(2, place.sequence).first({ $0.int(0) })
        else { return }
        let piece = try storedSegment(number)
        let index = place.sequence - piece.first
        guard piece.entries.indices.contains(index), piece.entries[index].id == id,
            let value = piece.entries[index].header.valueIndex(of: operation)
        else { return }
        do throws(StoreError) {
            try connection.transaction { () throws(StoreError) in
                try puncture(log: topology.branches[place.branch].log, at: piece.entries[index])
                var entries = piece.entries
                entries[index].body = entries[index].body.erasing([value])
                try replace(piece, by: entries)
                try eraseQuarantined(
                    piece.entries[index], value: value, log: topology.logs[topology.branches[place.branch].log].id)
                try eraseProjected(entry: id, operation: operation)
            }
        } catch {
            try load()
            throw error
        }
        try connection.checkpoint()
    }

    /// Destroys a value in what is derived.
    private func eraseProjected(entry id: Digest, operation: Int) throws(StoreError) {
        let rows = try operations(entry: id, place: operation)
        for table in ["current", "past"] {
            try connection.prepare(
                """
                UPDATE \(table) SET held = ?, value = NULL WHERE entry = (SELECT n FROM entries
                WHERE id = ?) AND place = ?
                """
            ).bind(1, Held.erased.rawValue).bind(2, id).bind(3, operation).run()
        }
        for row in rows { try forgetFacts(row) }
    }

    /// Writes a piece again with other bodies.
    private func replace(_ piece: StoredSegment, by entries: [SegmentEntry]) throws(StoreError) {
        let place = try connection.query("SELECT place FROM segments WHERE n = ?").bind(1, piece.number).first {
            $0.int(0)
        }
        try connection.query("DELETE FROM segments WHERE n = ?").bind(1, piece.number).run()
        try insertPiece(
            branch: piece.branch, start: piece.start, entries: entries,
            seeds: ReplicaStore.cover(piece.seeds, for: entries),
            seal: piece.seal, auth: piece.auth)
        try connection.query("UPDATE segments SET place = ? WHERE branch = ? AND first = ?").bind(1, place).bind(
            2, piece.branch
        )
        .bind(3, piece.first).run()
    }

    /// Replaces the secret of an own block that gives the leaf of an entry by the siblings along the path to it.
    private func puncture(log: Int, at entry: SegmentEntry) throws(StoreError) {
        let sequence = entry.header.sequence
        let rows = try connection.query(
            "SELECT first, level, node FROM seeds WHERE log = ? AND first <= ? AND first > ?"
        ).bind(1, log)
            .bind(2, sequence).bind(3, sequence - SaltTree.blockSize).all { (r) throws(StoreError) in
                try storedSeed(r)
            }
        // Whoever forked this log had other secrets.
        guard var seed = rows.first(where: { $0.leaves.contains(sequence) }), case .full(let leaf, _) = entry.body,
            SaltTree.leaf(of: seed, at: sequence) == leaf
        else { return }
        try connection.query("DELETE FROM seeds WHERE log = ? AND first = ?").bind(1, log).bind(2, seed.first).run()
        while seed.level < 8 {
            let (low, high) = seed.children
            let (next, sibling) = low.leaves.contains(sequence) ? (low, high) : (high, low)
            try connection.query("INSERT INTO seeds(log, first, level, node) VALUES(?, ?, ?, ?)").bind(1, log).bind(
                2, sibling.first
            )
            .bind(3, sibling.level).bind(4, sibling.node).run()
            seed = next
        }
    }

    /// Destroys the value in what is quarantined of the same log: a longer copy of what is held may lie there.
    private func eraseQuarantined(_ entry: SegmentEntry, value: Int, log: Digest) throws(StoreError) {
        let rows = try connection.query("SELECT n, bytes FROM quarantine WHERE log = ?1 AND first <= ?2 AND last >= ?2")
            .bind(1, log)
            .bind(2, entry.header.sequence).all { (number: $0.int(0), bytes: $0.bytes(1)) }
        for row in rows {
            guard let segment = try? ExplicitSegment(decoding: row.bytes, network: network),
                let index = segment.entries.firstIndex(where: { $0.id == entry.id })
            else { continue }
            var entries = segment.entries
            entries[index].body = entries[index].body.erasing([value])
            let erased = ExplicitSegment(descriptor: segment.descriptor, entries: entries, seal: segment.seal).encoded
            try connection.query("UPDATE quarantine SET bytes = ? WHERE n = ?").bind(1, erased).bind(2, row.number)
                .run()
        }
    }
}

extension Header {
    /// The place in the body of the value of an operation; nil if it carries none.
    func valueIndex(of operation: Int) -> Int? {
        guard operations.indices.contains(operation), operations[operation].hasValue else { return nil }
        return operations[..<operation].count { $0.hasValue }
    }
}
