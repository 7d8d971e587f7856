import Bytes
import Crypto
import Records
package import Replica

/// Which organisations have not answered yet when they were asked to pass something on.
package enum PublicisePending {}

extension PublicisePending: Query {
    package static let verb = "publicise pending"

    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        let relays = try Relays(base)
        var lists = Lists()
        for request in try requests(question, base) {
            let item = try request.id("item").map { (id) throws(QueryError) in try base.record(id) } ?? nil
            try lists.add(request, item, relays, base)
        }
        return Answer(
            .pairs([
                "pending": .array(lists.pending), "declined": .array(lists.declined),
                "requests": .array(lists.requests),
            ]))
    }
}

extension PublicisePending {
    /// The request that is asked for, or all that run, those that end first before others.
    private static func requests(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> [RecordView] {
        if let wanted = question.value(of: "request") { return [try base.find(wanted, ["publicity_request"])] }
        var running: [(until: String, request: RecordView)] = []
        for request in try base.live("publicity_request") {
            if let from = request.day("period", "from"), from > base.today { continue }
            let until = request.day("period", "until")
            if let until, until < base.today { continue }
            if let id = request.id("item"), let item = try base.record(id) {
                // There is nothing left to relay.
                if item.state.isDeleted || item.state("state") == "withdrawn" { continue }
            }
            // What has no end comes last.
            running.append((until ?? "~", request))
        }
        return running.sorted { ($0.until, $0.request.id) < ($1.until, $1.request.id) }.map(\.request)
    }

    private struct Lists {
        var pending: [Document] = []
        var declined: [Document] = []
        var requests: [Document] = []

        mutating func add(
            _ request: RecordView, _ item: RecordView?, _ relays: Relays, _ base: RecordBase<some RecordStore>
        ) throws(QueryError) {
            let until = request.day("period", "until")
            let left = Document.Member(
                "daysLeft", until.map { .int(CivilTime.days(from: base.today, to: $0)) } ?? .null)
            let subject = [
                Document.Member("request", request.id.document), .init("what", .optional(try base.line(request))),
            ]
            var (relayed, refused, silent) = (0, 0, 0)
            let targets = relays.targets(request, item: item)
            for organisation in targets {
                let row = [Document.Member("org", organisation.document)] + subject
                switch relays.reply(request.id, organisation) {
                case .relayed: relayed += 1
                case .declined(let pickup, let reason):
                    refused += 1
                    declined.append(
                        .object(
                            row + [.init("reason", .string(reason)), .init("date", .optional(pickup.day("date")))]))
                case nil:
                    silent += 1
                    pending.append(.object(row + [.init("until", .optional(until)), left]))
                }
            }
            requests.append(
                .object(
                    [
                        .init("id", request.id.document), .init("item", item?.id.document ?? .null),
                        .init("until", .optional(until)), left, .init("asked", .int(Int64(targets.count))),
                        .init("relayed", .int(Int64(relayed))), .init("declined", .int(Int64(refused))),
                        .init("pending", .int(Int64(silent))),
                    ]))
        }
    }
}

/// What one organisation has passed on in a year.
package enum PubliciseBy {}

extension PubliciseBy: Query {
    package static let verb = "publicise by"

    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        let found = try base.find(question.arguments.first ?? "", ["organisation"])
        let year = try self.year(question, base.today)
        let organisation = found.id
        var pickups: [(date: String, id: ShortID, row: Document)] = []
        var declined: [(date: String, id: ShortID, row: Document)] = []
        var reach: Int64 = 0
        for pickup in try base.live("pickup", "org", organisation) {
            guard pickup.id("org") == organisation, let reply = Relays.Reply(pickup),
                let date = pickup.day("date") ?? pickup.claimedDay("request"), date.hasPrefix(year + "-")
            else { continue }
            let start = [Document.Member("date", .string(date)), .init("id", pickup.id.document)]
            let item = try base.lineOf(pickup.id("request"))
            let what = Document.Member("what", .optional(item))
            switch reply {
            case .relayed:
                let counted = pickup.counter("reach")
                let (sum, isBeyond) = reach.addingReportingOverflow(counted)
                reach = isBeyond ? .max : sum
                let row =
                    start + [
                        what, .init("channel", .strings(pickup.words("channel"))),
                        .init("url", .optional(pickup.text("url"))), .init("reach", .int(counted)),
                    ]
                pickups.append((date, pickup.id, .object(row)))
            case .declined(_, let reason):
                declined.append((date, pickup.id, .object(start + [what, .init("reason", .string(reason))])))
            }
        }
        pickups.sort { ($0.date, $0.id) < ($1.date, $1.id) }
        declined.sort { ($0.date, $0.id) < ($1.date, $1.id) }
        return Answer(
            .pairs([
                "org": organisation.document, "year": .string(year), "relayed": .int(Int64(pickups.count)),
                "reach": .int(reach), "pickups": .array(pickups.map(\.row)), "declined": .array(declined.map(\.row)),
            ]))
    }
}

extension PubliciseBy {
    /// Four digits: the year that is asked for, else that of today.
    private static func year(_ question: Question, _ today: String) throws(QueryError) -> String {
        guard let year = question.value(of: "year") else { return String(today.prefix(4)) }
        guard CivilTime.isDate(year + "-01-01") else {
            throw .invalid(what: "--year: \(year) is no year", remedy: "such as --year 2027")
        }
        return year
    }
}
