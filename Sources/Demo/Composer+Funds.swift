import Bytes
import Records

/// Calls for proposals, and how the network goes for them together.
extension Composer {
    mutating func composeOpportunities() {
        let story = ["spotted", "screened", "closed", "cancelled"]
        for index in 0..<census["opportunity"] {
            let key = "opportunity-\(index)"
            var dice = dice(key)
            let finder = index % 6 == 5 ? dice.pick(writers) : author(index, sectorEach: 3)
            var state = index < 15 ? index < 11 ? "open" : story[index - 11] : "open"
            if index >= 15 {
                switch dice.below(100) {
                case 0..<80: state = "open"
                case 80..<88: state = "spotted"
                case 88..<93: state = "screened"
                case 93..<98: state = "closed"
                default: state = "cancelled"
                }
            }
            addOpportunity(key, index, finder, state, &dice)
        }
    }

    private mutating func addOpportunity(
        _ key: String, _ index: Int, _ finder: Member, _ state: String, _ dice: inout Dice
    ) {
        let donor = donors[index % donors.count]
        let topics = [dice.pick(finder.topics), dice.pick(Topic.narrow)].unique
        let posted = -dice.within(3...70)
        let deadline =
            state == "closed" ? -dice.within(5...60) : index % 10 == 0 ? dice.within(4...13) : dice.within(15...240)
        var record = DemoRecord(key, .opportunity, by: finder.name, on: sign(posted + dice.below(3), of: finder))
        record.set("funder", donor.key)
        let title = dice.below(4)
        record.say("title", languages(finder)) { text("opportunity.title", title, $0, topic: topics[0]) }
        record.set("summary", text("opportunity.summary", dice.below(2), tongue(finder)))
        record.set("url", "https://calls.example.org/\(index)")
        record.set("type", dice.pick(["grant", "fellowship", "equipment"]))
        let least = dice.within(1...20) * 5_000
        record.set("award.min", "\(least)")
        record.set("award.max", "\(least * dice.within(2...6))")
        record.set("award.currency", dice.pick(["EUR", "USD"]))
        record.set("opens", date(posted))
        record.set("deadlines", deadlines(deadline, &dice))
        record.add("themes", topics)
        record.add("countries_eligible", eligible(finder, &dice))
        record.add("applicant_types", dice.chance(70) ? ["c2"] : ["c2", "partner"])
        record.set("min_partners", String(dice.within(2...4)))
        record.set("min_countries", String(dice.within(1...2)))
        record.set("cofunding_pct", dice.pick(["0", "10", "20"]))
        record.add("languages", dice.pick(2, of: ["en", "fr", "es", "ru", "ar"]))
        record.set("posted", date(posted))
        record.set("source", "example.org")
        record.set("checked_at", date(min(posted + dice.below(20), 0)))
        let way: [String] =
            switch state {
            case "closed", "cancelled": ["spotted", "open", state]
            case "open": dice.chance(50) ? ["open"] : ["spotted", "screened", "open"]
            default: Workflow.opportunity.way(to: state)
            }
        record.walk("state", way, until: -1, by: { $0 == "spotted" ? finder.name : sector.name })
        add(record)
        opportunities.append(Item(key: key, member: finder, topics: topics))
    }

    private func deadlines(_ day: Int, _ dice: inout Dice) -> String {
        func stage(_ name: String, _ day: Int) -> Document {
            .pairs(["stage": .string(name), "date": .string(date(day)), "zone": .string("Europe/Paris")])
        }
        let note = dice.chance(30) ? [stage("concept", day - 40)] : []
        return JSONWriter.text(.array(note + [stage("full", day)]))
    }

    /// The countries of a few institutes; none where all may apply.
    private func eligible(_ finder: Member, _ dice: inout Dice) -> [String] {
        guard dice.chance(75) else { return [] }
        let near = finder.name == sector.name ? dice.pick(2, of: Array(institutes.prefix(80))) : [finder]
        return near.flatMap { [$0.country] + $0.serves }.unique
    }

    mutating func composeInterests() {
        guard !opportunities.isEmpty else { return }
        var made = 0
        for turn in 0..<opportunities.count * institutes.count where made < census["interest"] {
            let (index, round) = (turn % opportunities.count, turn / opportunities.count)
            let opportunity = opportunities[index]
            let institute = institutes[(index * 5 + round) % institutes.count]
            let key = "interest-\(index)-\(institute.name)"
            var dice = dice(key)
            var record = DemoRecord(key, .interest, by: institute.name, on: -dice.within(1...20))
            record.set("org", institute.organisation)
            record.set("opportunity", opportunity.key)
            let stance =
                made < 4
                ? ["lead", "partner", "support", "decline"][made]
                : dice.pick(["lead", "partner", "partner", "support"])
            record.set("stance", stance)
            if stance != "decline" {
                record.set("brings", text("interest.brings", dice.below(3), tongue(institute)))
                record.set("capacity.value", "\(dice.within(2...40) * 1_000).00")
                record.set("capacity.currency", "EUR")
                record.set("until", date(dice.within(10...120)))
            }
            add(record)
            made += 1
        }
    }

    // MARK: Bids

    mutating func composeBids() {
        let states = Workflow.bid.codes
        for index in 0..<census["bid"] {
            let key = "bid-\(index)"
            var dice = dice(key)
            let lead = institutes[(index * 4 + 3) % institutes.count]
            let state =
                index < states.count ? states[index] : dice.pick(["drafting", "review", "submitted", "won", "lost"])
            addBid(key, index, lead, state, &dice)
        }
    }

    private mutating func addBid(_ key: String, _ index: Int, _ lead: Member, _ state: String, _ dice: inout Dice) {
        let opportunity = opportunities[index % opportunities.count]
        let partners = dice.pick(2, of: partnersNear(index * 4 + 3))
        var record = DemoRecord(key, .bid, by: lead.name, on: -dice.within(30...90))
        record.set("opportunity", opportunity.key)
        record.set("lead", lead.organisation)
        record.add("partners", partners.map(\.organisation))
        record.say("title", languages(lead)) { text("bid.title", 0, $0, topic: opportunity.topics[0]) }
        var total = 0
        for (place, member) in ([lead] + partners).enumerated() {
            let share = dice.within(2...30) * 1_000
            total += share
            let role = text("bid.role", place, tongue(lead))
            record.values.append(
                Assignment(
                    field: "shares", key: member.organisation,
                    text: JSONWriter.text(
                        .pairs(["value": .string("\(share).00"), "currency": .string("EUR"), "role": .string(role)]))))
        }
        record.set("total.value", "\(total).00")
        record.set("total.currency", "EUR")
        for section in 0..<3 { record.add("sections", [self.section(section, state, tongue(lead))]) }
        record.add("checklist", (0..<3).map { text("bid.checklist", $0, tongue(lead)) })
        let submitted = instant(-dice.within(4...20), 12)
        let way: [String] =
            state == "withdrawn" ? ["forming", "drafting", "withdrawn"] : Workflow.bid.way(to: state)
        record.walk(
            "state", way, until: -2, by: { _ in lead.name },
            also: {
                guard $0 == "submitted" else { return [] }
                return [
                    Assignment(field: "submitted", key: "ref", text: "DEMO-\(index + 1)"),
                    Assignment(field: "submitted", key: "when", text: submitted),
                ]
            })
        add(record)
        bids.append(Item(key: key, member: lead, topics: opportunity.topics))
    }

    private func section(_ number: Int, _ state: String, _ language: String) -> String {
        let isDone = ["review", "submitted", "won", "lost"].contains(state)
        let progress = isDone ? "done" : number == 0 && state != "forming" ? "draft" : "open"
        return JSONWriter.text(
            .pairs([
                "title": .string(text("bid.section", number, language)),
                "text": progress == "open" ? .null : .string(text("bid.sectiontext", 0, language)),
                "state": .string(progress),
            ]))
    }

    mutating func composeSupports() {
        let types = ["letter", "endorsement", "in-kind", "contact"]
        for index in 0..<census["support"] {
            let key = "support-\(index)"
            var dice = dice(key)
            let bid = bids[index % bids.count]
            let state = index < 3 ? ["asked", "given", "declined"][index] : dice.pick(["asked", "given", "given"])
            var record = DemoRecord(key, .support, by: bid.member.name, on: -dice.within(5...30))
            record.set("type", types[index % 4])
            record.set("from", index % 2 == 0 ? sector.organisation : dice.pick(others).key)
            record.set("to", bid.member.organisation)
            record.set("for", bid.key)
            record.set("due", date(dice.within(-5...45)))
            record.set("text", text("support.text", index % 4, tongue(bid.member)))
            record.walk("state", Workflow.support.way(to: state), until: -1, by: { _ in sector.name })
            add(record)
        }
    }

    // MARK: Views

    mutating func composeViews() {
        for index in 0..<census["saved_view"] {
            let key = "saved_view-\(index)"
            let owner = index % 3 == 0 ? sector : institutes[index % institutes.count]
            let (kind, condition) = [
                ("contact", "country=\(owner.country)"), ("action", "state=open"),
                ("contribution", "state=submitted"), ("opportunity", "state=open"),
            ][index % 4]
            var record = DemoRecord(key, .savedView, by: owner.name, on: -30)
            record.set("name", text("view.\(kind)", 0, tongue(owner)))
            record.set("kind", kind)
            record.add("where", [condition])
            record.set("owner", staff(owner.organisation).first?.key)
            add(record)
        }
    }
}
