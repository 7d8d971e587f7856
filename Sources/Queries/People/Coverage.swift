import Bytes
import Crypto
package import Replica

/// Which objectives have an advisor, which have none, and who could help.
package enum Coverage: Query {
    /// As it is typed.
    package static let verb = "coverage"

    /// How many people are suggested for an objective that nobody covers.
    private static let suggested = 3

    /// Sets objectives against engagements.
    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        var owner: ShortID?
        if let text = question.value(of: "owner") { owner = try base.find(text, ["organisation"]).id }
        var pool = try AdvisorPool(base)
        let objectives = pool.objectives.filter { owner == nil || $0.owner == owner }
        let current = pool.engagements.filter(\.isCurrent)
        var rows: [Document] = []
        var cells: [Document] = []
        var uncovered: [Document] = []
        for objective in objectives {
            let covering = current.filter { $0.objectives.contains(objective.id) }
            var advisors: [ShortID] = []
            for engagement in covering {
                let advisor = pool.people[engagement.person].id
                if !advisors.contains(advisor) { advisors.append(advisor) }
                cells.append(cell(engagement, advisor, objective))
            }
            rows.append(
                .pairs([
                    "objective": objective.id.document, "code": .optional(objective.code),
                    "owner": objective.owner?.document ?? .null, "state": .string(objective.state),
                    "advisors": .ids(advisors.sorted()),
                ]))
            guard covering.isEmpty else { continue }
            let people = pool.suggestions(objective, limit: suggested).map { pool.people[$0.person].id }
            uncovered.append(
                .pairs([
                    "objective": objective.id.document, "owner": objective.owner?.document ?? .null,
                    "suggested": .ids(people),
                ]))
        }
        let idle = pool.people.filter { $0.isAdvisor && $0.load == 0 }
        let notes = uncovered.isEmpty ? [] : ["liaison advisor suggest OBJECTIVE says why each is suggested"]
        return Answer(
            .pairs([
                "objectiveCount": .int(Int64(objectives.count)),
                "coveredCount": .int(Int64(rows.count - uncovered.count)),
                "uncoveredCount": .int(Int64(uncovered.count)), "idleCount": .int(Int64(idle.count)),
                "objectives": .array(rows), "engagements": .array(cells), "uncovered": .array(uncovered),
                "idle": .array(idle.map(row)),
            ]), notes: notes)
    }

    private static func cell(
        _ engagement: AdvisorPool.Engagement, _ advisor: ShortID, _ objective: AdvisorPool.Objective
    ) -> Document {
        .pairs([
            "engagement": engagement.id.document, "objective": objective.id.document, "advisor": advisor.document,
            "institute": engagement.institute?.document ?? .null, "state": .string(engagement.state),
            "from": .optional(engagement.from), "to": .optional(engagement.to),
        ])
    }

    private static func row(_ person: AdvisorPool.Person) -> Document {
        .pairs([
            "advisor": person.id.document, "country": .optional(person.country),
            "languages": .strings(person.languages), "expertise": .strings(person.expertise),
            "availability": .optional(person.availability), "lastEnded": .optional(person.lastEnded),
        ])
    }
}

/// Who could advise on an objective, and why.
package enum AdvisorSuggest: Query {
    /// As it is typed.
    package static let verb = "advisor suggest"

    /// Ranks the people who could take on an objective.
    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        let limit = try question.number("limit", in: 1...10_000, or: 10)
        let record = try base.find(question.arguments.first ?? "", ["objective"])
        let owner = try record.id("owner").flatMap { (id) throws(QueryError) in try base.record(id) }
        let objective = AdvisorPool.objective(record, owner)
        var pool = try AdvisorPool(base)
        var rows: [Document] = []
        for suggestion in pool.suggestions(objective, limit: limit) {
            let person = pool.people[suggestion.person]
            rows.append(
                .pairs([
                    "contact": person.id.document, "points": Check.points(suggestion.points),
                    "of": Check.points(AdvisorPool.greatest(objective)), "advisor": .bool(person.isAdvisor),
                    "availability": .optional(person.availability),
                    "checks": .array(pool.checks(suggestion.person, objective).map(\.document)),
                ]))
        }
        return Answer(.pairs(["objective": objective.id.document, "suggestions": .array(rows)]))
    }
}
