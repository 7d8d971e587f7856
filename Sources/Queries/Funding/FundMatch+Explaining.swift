import Bytes
import Crypto
import Records
import Replica

/// Why a set of organisations was proposed, line by line.
extension FundMatch {
    /// One match as it stands in the answer.
    static func document(
        _ match: Match, _ call: Call, leadTime: Int, _ pool: inout PartnerPool, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Document {
        let next = call.next(base.today)
        let partners = match.members.filter { $0 != match.lead }
        let checks = try checks(match, call, leadTime: leadTime, &pool, base)
        return .pairs([
            "deadline": .optional(next?.date),
            "days": next.map { .int(CivilTime.days(from: base.today, to: $0.date)) } ?? .null,
            "opportunity": call.id.document,
            "points": Check.points(match.points), "of": Check.points(match.greatest),
            "lead": pool.partners[match.lead].id.document,
            "partners": .ids(partners.map { pool.partners[$0].id }),
            "bid": pool.bids[call.id]?.document ?? .null,
            "proved": .bool(match.isProved),
            "checks": .array(checks.map(\.document)),
        ])
    }

    /// First what the call demands, then what counts.
    private static func checks(
        _ match: Match, _ call: Call, leadTime: Int, _ pool: inout PartnerPool, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> [Check] {
        let members = match.members.map { pool.partners[$0] }
        var checks = deadlines(call, leadTime: leadTime, base.today)
        if !call.types.isEmpty {
            let types = call.types.filter { type in members.contains { $0.type == type } }
            checks.append(Check("applicants", true, types.joined(separator: ", ")))
        }
        if call.minimumPartners > 0 {
            checks.append(Check("organisations", true, "\(members.count) of at least \(call.minimumPartners)"))
        }
        if call.minimumCountries > 0 {
            let countries = Set(members.compactMap(\.country)).sorted().joined(separator: ", ")
            checks.append(Check("countries", true, "\(countries), at least \(call.minimumCountries)"))
        }
        if !call.countries.isEmpty {
            let lead = pool.partners[match.lead]
            checks.append(Check("country \(lead.country ?? "")", true, "\(lead.name) leads"))
        }
        for theme in call.themes { checks.append(self.theme(theme, match, &pool)) }
        if !call.countries.isEmpty {
            checks.append(shared("region", members.map { ($0.name, $0.reach.meets(call.eligible)) }))
        }
        if !call.languages.isEmpty {
            let speaks = pool.speaks(call)
            checks.append(
                shared(
                    "language \(call.languages.joined(separator: ", "))",
                    match.members.map { (pool.partners[$0].name, speaks[$0]) }))
        }
        checks.append(interest(match, call, pool))
        if let share = call.share { checks.append(cofunding(share, match, call, pool)) }
        checks.append(try together(match, pool, base))
        return checks
    }

    private static func deadlines(_ call: Call, leadTime: Int, _ today: String) -> [Check] {
        var checks: [Check] = []
        if let next = call.next(today) {
            let dispute = call.isDisputed ? ", and people disagree about it" : ""
            let days = CivilTime.days(from: today, to: next.date)
            checks.append(
                Check("deadline \(next.date)", true, "\(next.name) in \(days) days, at least \(leadTime)\(dispute)"))
        }
        for passed in call.stages where passed.date < today {
            checks.append(Check("stage \(passed.name)", false, "it ended on \(passed.date)"))
        }
        return checks
    }

    private static func theme(_ theme: String, _ match: Match, _ pool: inout PartnerPool) -> Check {
        let values = pool.values(theme)
        let best = match.members.map { values[$0] }.max() ?? 0
        guard best > 0 else { return Check("theme \(theme)", false, "none works on it") }
        var names: [String] = []
        for member in match.members where values[member] == best {
            let partner = pool.partners[member]
            let near = pool.nearest(to: theme, partner)
            names.append(best == 2 ? partner.name : "\(partner.name): \(near)")
        }
        return Check("theme \(theme)", best == 2 ? .yes : .half, names.joined(separator: ", "))
    }

    /// Something that counts for each member by itself.
    private static func shared(_ name: String, _ members: [(name: String, holds: Bool)]) -> Check {
        let yes = members.filter(\.holds).map(\.name)
        let no = members.filter { !$0.holds }.map(\.name)
        let why = [yes.joined(separator: ", "), no.isEmpty ? "" : "not \(no.joined(separator: ", "))"]
        return Check(
            name, no.isEmpty ? .yes : yes.isEmpty ? .no : .half, why.filter { !$0.isEmpty }.joined(separator: "; "))
    }

    private static func interest(_ match: Match, _ call: Call, _ pool: PartnerPool) -> Check {
        let stances = match.members.map { pool.interest($0, call)?.stance }
        let count = stances.reduce(0) { $0 + halves($1) }
        let why = zip(match.members, stances).map { place, stance in
            "\(pool.partners[place].name): \(stance ?? "not asked")"
        }
        let mark: Check.Mark = count == 2 * stances.count ? .yes : count == 0 ? .no : .half
        return Check("interest", mark, why.joined(separator: ", "))
    }

    private static func cofunding(_ share: String, _ match: Match, _ call: Call, _ pool: PartnerPool) -> Check {
        let name = "co-funding \(share) %"
        guard let need = call.need, let currency = call.currency else {
            return Check(name, false, "the award is not known")
        }
        let capacities = match.members.compactMap { pool.interest($0, call)?.capacity }
        let sum = capacities.filter { $0.currency == currency }.reduce(Int128(0)) { $0 + $1.units }
        let others = capacities.filter { $0.currency != currency }.map { "\(Amount.text($0.units)) \($0.currency)" }
        let also = others.isEmpty ? "" : ", and \(others.joined(separator: ", ")) not counted"
        return Check(
            name, sum >= need, "\(Amount.text(sum)) of \(Amount.text(need)) \(currency) declared\(also)")
    }

    private static func together(
        _ match: Match, _ pool: PartnerPool, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Check {
        var best: (past: PartnerPool.Past, names: String)?
        for (index, member) in match.members.enumerated() {
            for other in match.members[(index + 1)...] {
                guard let past = pool.past[.init(member, other)], past.halves > best?.past.halves ?? 0 else { continue }
                best = (past, "\(pool.partners[member].name) and \(pool.partners[other].name)")
            }
        }
        guard let best else { return Check("past bids", false, "none of two of them") }
        let what = best.past.halves == 2 ? "won" : "submitted"
        return Check(
            "past bids", best.past.halves == 2 ? .yes : .half,
            "\(best.names) \(what) \(try base.name(best.past.bid))")
    }
}
