import Records
import Replica
import Testing

@Suite struct SchemaTests {
    static let kinds = Schema.standard.kinds

    /// Numbers and names for ever; those in parentheses are kept for fields that come later.
    static let numbers = """
        32 organisation: 16 name, 17 short, 18 type, 19 country, 20 serves, 21 themes, 22 languages, 23 website, \
        24 ror, 25 iati_org, (26 logo), 27 about, 28 status, 29 focal_points
        33 device: 16 alias, 17 org, 18 role_hint, 19 country, 20 position, 21 addresses, 22 blob_policy, \
        23 profile, 24 person
        34 contact: 16 name, 17 native_name, 18 display, 19 honorific, 20 emails, 21 phones, 22 primary_email, \
        23 languages, 24 country, 25 expertise, 26 affiliations, 27 orcid, 28 uid, (29 photo), 30 availability, \
        31 consent, 32 review_by, 33 org
        35 contribution: 16 org, 17 type, 18 title, 19 summary, 20 body, 21 date, 22 place, 23 countries, 24 themes, \
        25 activity, 26 lead, 27 media, 28 source_url, 29 slug, 30 translation, 31 licence, 32 embargo_until, \
        33 state
        36 opportunity: 16 funder, 17 funder_name, 18 title, 19 summary, 20 url, 21 type, 22 award, 23 opens, \
        24 deadlines, 25 themes, 26 countries_eligible, 27 applicant_types, 28 min_partners, 29 min_countries, \
        30 cofunding_pct, 31 languages, 32 posted, 33 source, 34 checked_at, 35 state, (36 attachments)
        37 agreement: 16 org, 17 resolution, 18 term, 19 evaluation_due, 20 renewal, (21 documents)
        38 objective: 16 owner, 17 code, 18 title, 19 description, 20 period, 21 themes, 22 countries, \
        23 contributes_to, 24 indicator, 25 target, 26 state
        39 contact_note: 16 contact, 17 text
        40 engagement: 16 advisor, 17 institute, 18 objectives, 19 proposed_by, 20 state, 21 period, 22 days, \
        23 terms, 24 outcome
        41 introduction: 16 subject, 17 proposed_by, 18 can_help, 19 regions, 20 how_known, 21 rationale, \
        22 consent, 23 state, 24 owner, 25 next_step
        42 meeting: 16 type, 17 edition, 18 title, 19 period, 20 place, 21 mode, 22 link, 23 previous, \
        24 participants, 25 agenda, 26 state, (27 papers)
        43 rsvp: 16 meeting, 17 person, 18 answer, 19 delegate
        44 agenda_item: 16 meeting, 17 title, 18 presenter, 19 minutes, 20 notes, 21 origin, (22 paper)
        45 decision: 16 meeting, 17 number, 18 text, 19 adopted, 20 adopted_on
        46 action: 16 meeting, 17 decision, 18 text, 19 owner, 20 due, 21 state, 22 progress, 23 evidence
        47 activity: 16 org, 17 partners, 18 title, 19 summary, 20 type, 21 objectives, 22 themes, 23 countries, \
        24 planned, 25 actual, 26 state, 27 reached_women, 28 reached_men, 29 reached_undisclosed, 30 budget, \
        31 spent, 32 results, (33 evidence), 34 iati_id
        48 interaction: 16 when, 17 channel, 18 formality, 19 orgs, 20 people, 21 subject, 22 note, 23 follow_up, \
        24 objective
        49 comment: 16 on, 17 text, 18 reply_to, 19 mentions
        50 photo: (16 blob), (17 size), 18 caption, 19 taken, 20 place, 21 alt, 22 licence, 23 people, \
        24 consent_scope, 25 consent_until, (26 consent_form), 27 state
        51 issue: 16 org, 17 number, 18 date, 19 lang, 20 items, 21 intro, 22 state
        52 subscription: 16 address, 17 lang, 18 list, 19 status
        53 publicity_request: 16 item, 17 targets, 18 to_all, 19 period, 20 suggested, 21 assets
        54 pickup: 16 request, 17 org, 18 channel, 19 url, 20 date, 21 reach, (22 clipping), 23 declined_reason
        55 interest: 16 org, 17 opportunity, 18 stance, 19 brings, 20 capacity, 21 until
        56 bid: 16 opportunity, 17 lead, 18 partners, 19 title, 20 state, 21 shares, 22 total, 23 sections, \
        24 checklist, 25 submitted, (26 documents)
        57 support: 16 type, 17 from, 18 to, 19 for, 20 due, 21 text, 22 state, (23 document)
        58 theme: 16 notation, 17 name, 18 broader, 19 definition
        59 saved_view: 16 name, 17 kind, 18 where, 19 owner
        """

    @Test func kindsAndFieldsHaveTheirNumbersForEver() {
        let lines = SchemaTests.numbers.split(separator: "\n")
        #expect(lines.map { $0.prefix { $0 != ":" } } == SchemaTests.kinds.map { "\($0.number) \($0.name)"[...] })
        for (kind, line) in zip(SchemaTests.kinds, lines) {
            let rows = line.drop { $0 != ":" }.dropFirst().split(separator: ",").map { $0.drop { $0 == " " } }
            let known = Set(rows.map { String($0.filter { $0 != "(" && $0 != ")" }) })
            let fields = Set(kind.fields.dropFirst(Field.common.count).map { "\($0.number) \($0.name)" })
            #expect(fields.subtracting(known).sorted() == [], "\(kind.name)")
            #expect(Set(rows.filter { !$0.hasPrefix("(") }.map(String.init)).subtracting(fields).sorted() == [])
        }
    }

    @Test(arguments: kinds) func everythingIsFoundByNumberAndName(_ kind: Kind) throws {
        #expect(Schema.standard.kind(kind.number) == kind)
        #expect(try Schema.standard.kind(named: kind.name) == kind)
        #expect(try Schema.standard.kind(named: String(kind.name.map { $0 == "_" ? "-" : $0 })) == kind)
        for field in kind.fields {
            #expect(kind.field(field.number) == field)
            #expect(kind.field(named: field.name) == field)
        }
        for number in [Int.min, -1, 0, 1, 4, 15, 999, .max] { #expect(kind.field(number) == nil) }
        #expect(kind.field(named: "") == nil)
    }

    @Test(arguments: kinds) func numbersAndNamesOfFieldsAreUnique(_ kind: Kind) {
        #expect(Set(kind.fields.map(\.number)).count == kind.fields.count)
        #expect(Set(kind.fields.map(\.name)).count == kind.fields.count)
        #expect(kind.fields.map(\.number) == kind.fields.map(\.number).sorted())
        let own = kind.fields.dropFirst(Field.common.count)
        #expect(own.allSatisfy { $0.number >= ReservedField.first })
        #expect(Field.common.allSatisfy { $0.number > ReservedField.because && $0.number < ReservedField.first })
    }

    @Test(arguments: kinds) func namesCanBeTypedAndSplit(_ kind: Kind) {
        for name in kind.fields.map(\.name) + [kind.name] {
            #expect(name.utf8.allSatisfy { (97...122).contains($0) || $0 == UInt8(ascii: "_") }, "\(name)")
        }
    }

    @Test(arguments: kinds) func titlesAreTextsOrCodes(_ kind: Kind) throws {
        let field = try #require(kind.field(kind.titleField))
        switch field.type {
        case .text, .code: break
        default: Issue.record("the title of \(kind.name) is no text")
        }
    }

    @Test func someRecordsMayHaveNoTitleYet() {
        let kinds = SchemaTests.kinds.filter { $0.field($0.titleField)?.need != .atNew }
        #expect(
            kinds.map(\.name) == ["agreement", "engagement", "publicity_request", "pickup", "interest", "support"])
    }

    @Test func newAsksForLittle() {
        let needed = SchemaTests.kinds.map { kind in
            let names = kind.fields.filter { $0.need == .atNew && $0.initial == .nothing }.map(\.name)
            return "\(kind.name): \(names.joined(separator: " "))"
        }
        #expect(
            needed == [
                "organisation: name", "device: alias", "contact: display", "contribution: type title",
                "opportunity: title", "agreement: org", "objective: title", "contact_note: contact text",
                "engagement: advisor institute", "introduction: subject rationale", "meeting: type title",
                "rsvp: meeting person answer", "agenda_item: meeting title", "decision: meeting text",
                "action: text owner due", "activity: title type", "interaction: channel subject", "comment: on text",
                "photo: caption", "issue: number date lang", "subscription: address", "publicity_request: item",
                "pickup: request", "interest: opportunity stance", "bid: opportunity title", "support: type from for",
                "theme: notation name", "saved_view: name kind",
            ])
    }

    @Test(arguments: kinds) func initialValuesFitTheirFields(_ kind: Kind) {
        for field in kind.fields {
            switch (field.initial, field.type) {
            case (.nothing, _), (.today, .date), (.monthsAhead, .date), (.now, .instant): break
            case (.ownOrganisation, .id(let kinds)): #expect(kinds.contains(Kind.organisation.number))
            default: Issue.record("\(kind.name).\(field.name) cannot begin so")
            }
            #expect(field.initial == .nothing || field.merge.type == .register)
        }
    }

    @Test(arguments: kinds) func pairsAreMadeOfFixedReferences(_ kind: Kind) throws {
        guard case .pair(let numbers) = kind.creation else { return }
        #expect(numbers.count == 2)
        for number in numbers {
            let field = try #require(kind.field(number))
            #expect(field.need == .atNew && field.isFixed && field.merge == .register(.soft), "\(field.name)")
            guard case .id(let kinds) = field.type, kinds.count == 1 else {
                Issue.record("\(field.name) names no record of one kind")
                return
            }
        }
    }

    @Test func pairKindsAreThese() {
        let pairs = SchemaTests.kinds.filter { if case .pair = $0.creation { true } else { false } }
        #expect(pairs.map(\.name) == ["rsvp", "pickup", "interest"])
    }

    @Test(arguments: kinds) func rulesNameFields(_ kind: Kind) throws {
        func part(_ field: String, _ name: String) throws -> ValueType {
            guard case .group(let group) = try #require(kind.field(named: field)).type else { return .boolean }
            return try #require(group.parts.first { $0.name == name }).type
        }
        for rule in kind.rules {
            switch rule {
            case .unique(let field): #expect(try #require(kind.field(named: field)).merge == .register(.soft))
            case .sum(let field, let name, let total):
                guard case .map(.id, _) = try #require(kind.field(named: field)).merge else {
                    Issue.record("\(field) has no values to add up")
                    return
                }
                #expect(try part(field, name) == part(total, name))
                #expect(try part(field, "currency") == part(total, "currency"))
            case .frozen(let field, let name, let state):
                _ = try #require(kind.field(named: field))
                guard case .workflow(let workflow) = try #require(kind.field(named: name)).merge else {
                    Issue.record("\(name) is no workflow")
                    return
                }
                #expect(workflow.state(code: state) != nil)
            case .anyOf(let fields):
                #expect(fields.count > 1 && fields.allSatisfy { kind.field(named: $0) != nil })
            }
        }
    }

    @Test(arguments: kinds) func workflowsHoldTogether(_ kind: Kind) {
        for field in kind.fields {
            guard case .workflow(let workflow) = field.merge else { continue }
            let codes = Set(workflow.codes)
            #expect(codes.count == workflow.states.count)
            #expect(Set(workflow.states.map(\.number)).count == workflow.states.count)
            #expect(Set(workflow.states.map(\.caution)).count == workflow.states.count)
            #expect(!workflow.starts.isEmpty && codes.isSuperset(of: workflow.starts))
            #expect(codes == Set(workflow.steps.keys))
            for (from, next) in workflow.steps {
                #expect(codes.isSuperset(of: next) && !next.contains(from), "\(field.name) from \(from)")
            }
            #expect(field.type == .code(workflow.codeList))
            #expect(reached(workflow) == codes, "\(kind.name).\(field.name)")
        }
    }

    private func reached(_ workflow: Workflow) -> Set<String> {
        var reached = Set(workflow.beginsByItself ? Array(workflow.starts.prefix(1)) : workflow.starts)
        for _ in workflow.states { reached.formUnion(reached.flatMap { workflow.steps[$0] ?? [] }) }
        return reached
    }

    /// What ends something before its time counts most, and what everybody sees counts least.
    @Test func theMostCautiousStatesComeFirst() {
        var ranked: [String] = []
        for kind in SchemaTests.kinds {
            for field in kind.fields {
                guard case .workflow(let workflow) = field.merge else { continue }
                let states = workflow.states.sorted { $0.caution > $1.caution }.map(\.code)
                ranked.append("\(kind.name).\(field.name): \(states.joined(separator: " "))")
            }
        }
        #expect(
            ranked == [
                "organisation.status: withdrawn lapsed proposed under-renewal designated",
                "contribution.state: withdrawn changes-requested submitted draft approved published",
                "opportunity.state: cancelled closed spotted screened open",
                "agreement.renewal: not-renewed proposed review not-due renewed",
                "objective.state: dropped proposed agreed met",
                "engagement.state: declined proposed accepted completed active",
                "introduction.state: declined suggested reviewed contacted engaged",
                "meeting.state: cancelled planned convened held minuted closed",
                "decision.adopted: withdrawn rejected proposed adopted",
                "action.state: dropped open doing done",
                "activity.state: cancelled idea planned ongoing completed",
                "photo.state: withdrawn pending cleared",
                "issue.state: withdrawn draft approved sent",
                "bid.state: withdrawn lost forming drafting review submitted won",
                "support.state: declined asked given",
            ])
    }

    @Test(arguments: kinds) func groupsAndReferencesHoldTogether(_ kind: Kind) {
        for field in kind.fields {
            check(field.type, "\(kind.name).\(field.name)")
            if case .map(.id(let kinds), _) = field.merge { check(.id(kinds: kinds), field.name) }
        }
    }

    private func check(_ type: ValueType, _ name: String) {
        switch type {
        case .group(let group):
            #expect(Set(group.parts.map(\.name)).count == group.parts.count, "\(name)")
            #expect(group.ascending.isEmpty || group.ascending.count == 2, "\(name)")
            #expect(Set(group.parts.map(\.name)).isSuperset(of: group.ascending), "\(name)")
            for part in group.parts { check(part.type, "\(name).\(part.name)") }
        case .list(let item, let maximumCount):
            #expect(maximumCount > 0)
            check(item, name)
        case .id(let kinds): #expect(kinds.allSatisfy { Schema.standard.kind($0) != nil }, "\(name)")
        case .code(let codes): #expect(Set(codes.map(\.word)).count == codes.count && !codes.isEmpty, "\(name)")
        case .text(_, let length):
            // Four bytes for each scalar and a head must fit one value.
            #expect(length * 4 + 5 <= Value.maximumByteCount, "\(name)")
        default: break
        }
    }

    @Test func anotherKindIsAnotherRow() throws {
        let more = Schema.standard.adding(
            Kind(
                900, "specimen", Label(draft: "Specimen"), titleField: 16,
                fields: [Field(16, "a", Label(draft: "A"), .line, .set)]))
        #expect(try more.kind(named: "specimen").number == 900)
        #expect(more.name(ofKind: 999) == "#999")
        #expect(throws: RecordError.unknownKind("specimen", known: SchemaTests.kinds.map(\.name))) {
            try Schema.standard.kind(named: "specimen")
        }
    }
}
