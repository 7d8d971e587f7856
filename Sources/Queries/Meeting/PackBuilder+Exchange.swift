import Crypto
import Records
import Replica

/// What institutes gave, relayed and said to each other, and who works with them.
extension PackBuilder {
    mutating func contributions() throws(QueryError) -> PackTable {
        var table = PackTable(
            "contributions", Heading.contributions,
            [
                column("contribution", "org"), column("contribution", "title"), column("contribution", "type"),
                column("contribution", "date"), column("contribution", "state"),
                column("contribution", "source_url", as: "source"), idColumn,
            ], isGrouped: true)
        var found: [(org: (String, ShortID), date: String, record: RecordView)] = []
        for contribution in try base.live("contribution", "date", from: first, to: at) {
            let date = contribution.day("date")
            guard let date, isReported(date), !["draft", "withdrawn"].contains(contribution.state("state") ?? "")
            else { continue }
            found.append((rank(contribution.id("org")), date, contribution))
        }
        found.sort { a, b in a.org != b.org ? a.org < b.org : (a.date, a.record.id) < (b.date, b.record.id) }
        for (_, date, contribution) in found {
            table.rows.append([
                try record(contribution.id("org")), spoken(contribution, "title"), code(contribution, "type"),
                .day(date), code(contribution, "state"),
                contribution.text("source_url").map { .link($0) } ?? .nothing, .id(contribution.id),
            ])
        }
        return table
    }

    mutating func pickups() throws(QueryError) -> PackTable {
        var table = PackTable(
            "pickups", Heading.pickups,
            [
                column("pickup", "org"), column("publicity_request", "item"), column("pickup", "channel"),
                column("pickup", "url"), column("pickup", "date"), column("pickup", "reach"),
                column("pickup", "declined_reason", as: "declined"), idColumn,
            ], isGrouped: true)
        var found: [(org: (String, ShortID), date: String, reply: Relays.Reply)] = []
        for pickup in try base.live("pickup", "date", from: first, to: at) {
            guard let date = pickup.day("date"), isReported(date), let reply = Relays.Reply(pickup) else { continue }
            found.append((rank(pickup.id("org")), date, reply))
        }
        found.sort { a, b in
            a.org != b.org ? a.org < b.org : (a.date, a.reply.pickup.id) < (b.date, b.reply.pickup.id)
        }
        for (_, date, reply) in found {
            let pickup = reply.pickup
            var reason = PackTable.Cell.nothing
            if case .declined(_, let text) = reply { reason = .text(text) }
            table.rows.append([
                try record(pickup.id("org")), try record(pickup.id("request")), codes(pickup, "channel"),
                pickup.text("url").map { .link($0) } ?? .nothing, .day(date), .number(pickup.counter("reach")), reason,
                .id(pickup.id),
            ])
        }
        return table
    }

    /// How often people spoke with each organisation, and in which ways.
    mutating func interactions() throws(QueryError) -> PackTable {
        let ways = ["channel", "formality"].flatMap { field -> [(field: String, code: Code)] in
            guard case .code(let codes)? = kind("interaction")?.field(named: field)?.type else { return [] }
            return codes.map { (field, $0) }
        }
        var table = PackTable(
            "interactions", Heading.interactions,
            [PackTable.Column("org", label("activity", "org")), .init("total", Heading.total)]
                + ways.map { .init($0.code.word, $0.code.label) } + [.init("last", Heading.last)])
        var counts: [ShortID: (total: Int64, ways: [Int64], last: String)] = [:]
        for interaction in try base.live("interaction", "when", from: first, to: at) {
            guard let date = interaction.day("when"), isReported(date) else { continue }
            let words = ways.map { interaction.text($0.field) == $0.code.word }
            for organisation in Set(interaction.ids("orgs").map { standing($0) }) {
                var count = counts[organisation] ?? (0, ways.map { _ in 0 }, "")
                count.total += 1
                for (index, isSo) in words.enumerated() where isSo { count.ways[index] += 1 }
                count.last = max(count.last, date)
                counts[organisation] = count
            }
        }
        for (organisation, count) in counts.sorted(by: { rank($0.key) < rank($1.key) }) {
            table.rows.append(
                [try record(organisation), .number(count.total)] + count.ways.map { .number($0) } + [.day(count.last)])
        }
        return table
    }

    mutating func engagements() throws(QueryError) -> PackTable {
        var table = PackTable(
            "engagements", Heading.engagements,
            [
                column("engagement", "institute"), column("engagement", "advisor"), column("engagement", "objectives"),
                column("engagement", "state"), column("engagement", "period", "from", as: "start"),
                column("engagement", "period", "to", as: "end"),
                column("engagement", "days"), column("engagement", "outcome"), idColumn,
            ], isGrouped: true)
        var found: [(org: (String, ShortID), start: String, record: RecordView)] = []
        for engagement in try base.live("engagement") {
            let (from, to) = (engagement.day("period", "from"), engagement.day("period", "to"))
            let isOpen = ["proposed", "accepted", "active"].contains(engagement.state("state") ?? "proposed")
            let isOfPeriod = from == nil && to == nil ? isOpen || wasTouched(engagement) : overlaps(from, to)
            guard isOfPeriod else { continue }
            found.append((rank(engagement.id("institute")), from ?? "~", engagement))
        }
        found.sort { a, b in a.org != b.org ? a.org < b.org : (a.start, a.record.id) < (b.start, b.record.id) }
        for (_, _, engagement) in found {
            table.rows.append([
                try record(engagement.id("institute")), try record(engagement.id("advisor")),
                try records(engagement.ids("objectives")), code(engagement, "state"),
                .day(engagement.day("period", "from")), .day(engagement.day("period", "to")),
                .number(engagement.counter("days")), .text(engagement.text("outcome")), .id(engagement.id),
            ])
        }
        return table
    }

    /// Introductions that are under way, and those that somebody has written to since.
    mutating func introductions() throws(QueryError) -> PackTable {
        var table = PackTable(
            "introductions", Heading.introductions,
            [
                column("introduction", "proposed_by", as: "proposedBy"), column("introduction", "subject"),
                column("introduction", "can_help", as: "canHelp"),
                column("introduction", "how_known", as: "howKnown"), column("introduction", "consent"),
                column("introduction", "state"), column("introduction", "owner"),
                column("introduction", "next_step", as: "nextStep"), idColumn,
            ], isGrouped: true)
        let found = try base.live("introduction").filter { introduction in
            !["engaged", "declined"].contains(introduction.state("state") ?? "") || wasTouched(introduction)
        }
        for introduction in found.sorted(by: {
            let (a, b) = (rank($0.id("proposed_by")), rank($1.id("proposed_by")))
            return a != b ? a < b : $0.id < $1.id
        }) {
            table.rows.append([
                try record(introduction.id("proposed_by")), try record(introduction.id("subject")),
                try records(introduction.ids("can_help")), code(introduction, "how_known"),
                code(introduction, "consent"), code(introduction, "state"), try record(introduction.id("owner")),
                .day(introduction.day("next_step")), .id(introduction.id),
            ])
        }
        return table
    }

    /// Bids that are under way, and those that somebody has written to since.
    mutating func bids() throws(QueryError) -> PackTable {
        var table = PackTable(
            "bids", Heading.bids,
            [
                column("bid", "lead"), column("bid", "title"), column("bid", "opportunity"), column("bid", "partners"),
                column("bid", "state"), column("bid", "total"), column("bid", "submitted"),
                idColumn,
            ], isGrouped: true)
        let found = try base.live("bid").filter { bid in
            let isOver = ["won", "lost", "withdrawn"].contains(bid.state("state") ?? "")
            return !isOver || isReported(bid.day("submitted", "when")) || wasTouched(bid)
        }
        for bid in found.sorted(by: {
            let (a, b) = (rank($0.id("lead")), rank($1.id("lead")))
            return a != b ? a < b : $0.id < $1.id
        }) {
            table.rows.append([
                try record(bid.id("lead")), spoken(bid, "title"), try record(bid.id("opportunity")),
                try records(bid.ids("partners")), code(bid, "state"), .text(bid.money("total")),
                .day(bid.day("submitted", "when")), .id(bid.id),
            ])
        }
        return table
    }
}
