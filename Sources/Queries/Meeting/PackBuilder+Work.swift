import Crypto
import Records
import Replica

/// What was done and what is planned: activities by organisation, objective and state.
extension PackBuilder {
    /// The activities of a pack, counted.
    struct Work {
        var report: PackTable
        var planning: PackTable
        /// For each organisation how many activities of the report are in each state.
        var byOrganisation: [ShortID: [String: Int64]] = [:]
        /// Likewise for each objective.
        var byObjective: [ShortID: [String: Int64]] = [:]
    }

    /// When an activity is: as it really was, else as it was planned; what goes on lasts until today at least.
    private struct Days {
        let start: String?
        let end: String?
        let state: String?

        init(_ activity: RecordView, at: String) {
            state = activity.state("state")
            let planned = (start: activity.day("planned", "start"), end: activity.day("planned", "end"))
            let actual = (start: activity.day("actual", "start"), end: activity.day("actual", "end"))
            let first = actual.start ?? planned.start
            let last = actual.end ?? planned.end ?? first
            start = first
            end = state == "ongoing" ? max(last ?? at, at) : last
        }

        var isUndated: Bool { start == nil && end == nil }
        /// Whether it is only meant to be.
        var isPlan: Bool { state == "idea" || state == "planned" || state == nil }
    }

    mutating func activities() throws(QueryError) -> Work {
        var work = Work(
            report: PackTable("activities", Heading.activities, activityColumns, isGrouped: true),
            planning: PackTable("planning", Heading.planning, planningColumns, isGrouped: true))
        let codes = try objectiveRanks()
        var reported: [(key: ActivityKey, row: [PackTable.Cell])] = []
        var planned: [(key: ActivityKey, row: [PackTable.Cell])] = []
        for activity in try base.live("activity") {
            let days = Days(activity, at: at)
            let isReported = days.isUndated ? !days.isPlan : overlaps(days.start, days.end)
            let isPlanned =
                (days.isPlan || days.state == "ongoing")
                && (days.isUndated || (activity.day("planned", "end") ?? days.end ?? at) >= at)
            guard isReported || isPlanned else { continue }
            let key = ActivityKey(
                organisation: rank(activity.id("org")),
                objective: activity.ids("objectives").compactMap { codes[$0] }.min { $0 < $1 } ?? ("~", ShortID()),
                state: place(activity, "state"), start: days.start ?? "~", id: activity.id)
            if isReported {
                reported.append((key, try reportRow(activity, days)))
                count(activity, &work)
            }
            if isPlanned { planned.append((key, try planningRow(activity))) }
        }
        work.report.rows = reported.sorted { $0.key.precedes($1.key) }.map(\.row)
        work.planning.rows = planned.sorted { $0.key.precedes($1.key) }.map(\.row)
        return work
    }

    private struct ActivityKey {
        let organisation: (String, ShortID)
        let objective: (String, ShortID)
        let state: Int
        let start: String
        let id: ShortID

        func precedes(_ other: ActivityKey) -> Bool {
            if organisation != other.organisation { return organisation < other.organisation }
            if objective != other.objective { return objective < other.objective }
            return (state, start, id) < (other.state, other.start, other.id)
        }
    }

    /// Objectives by their codes.
    private func objectiveRanks() throws(QueryError) -> [ShortID: (String, ShortID)] {
        let all = try base.live("objective").map { ($0.id, ($0.text("code") ?? "~", $0.id)) }
        return Dictionary(all) { first, _ in first }
    }

    private func count(_ activity: RecordView, _ work: inout Work) {
        let state = activity.state("state") ?? "idea"
        if let organisation = activity.id("org") {
            work.byOrganisation[standing(organisation), default: [:]][state, default: 0] += 1
        }
        for objective in activity.ids("objectives") {
            work.byObjective[objective, default: [:]][state, default: 0] += 1
        }
    }

    private var activityColumns: [PackTable.Column] {
        [
            column("activity", "org"), column("activity", "title"), column("activity", "type"),
            column("activity", "objectives"), column("activity", "state"),
            column("activity", "planned", "start", as: "start"),
            column("activity", "planned", "end", as: "end"), column("activity", "partners"),
            column("activity", "countries"),
            column("activity", "reached_women", as: "reachedWomen"),
            column("activity", "reached_men", as: "reachedMen"),
            column("activity", "reached_undisclosed", as: "reachedUndisclosed"), column("activity", "budget"),
            column("activity", "spent"), idColumn,
        ]
    }

    private mutating func reportRow(_ activity: RecordView, _ days: Days) throws(QueryError) -> [PackTable.Cell] {
        // The end of what goes on is the planned one, which may have passed.
        let end = activity.day("actual", "end") ?? activity.day("planned", "end")
        return [
            try record(activity.id("org")), spoken(activity, "title"), code(activity, "type"),
            try records(activity.ids("objectives")), code(activity, "state"), .day(days.start), .day(end),
            try records(activity.ids("partners")), words(activity, "countries"),
            .number(activity.counter("reached_women")), .number(activity.counter("reached_men")),
            .number(activity.counter("reached_undisclosed")), .text(activity.money("budget")),
            .text(activity.money("spent")), .id(activity.id),
        ]
    }

    private var planningColumns: [PackTable.Column] {
        [
            column("activity", "org"), column("activity", "title"), column("activity", "type"),
            column("activity", "objectives"), column("activity", "state"),
            column("activity", "planned", "start", as: "start"),
            column("activity", "planned", "end", as: "end"), column("activity", "partners"),
            column("activity", "budget"), idColumn,
        ]
    }

    private mutating func planningRow(_ activity: RecordView) throws(QueryError) -> [PackTable.Cell] {
        [
            try record(activity.id("org")), spoken(activity, "title"), code(activity, "type"),
            try records(activity.ids("objectives")), code(activity, "state"), .day(activity.day("planned", "start")),
            .day(activity.day("planned", "end")), try records(activity.ids("partners")),
            .text(activity.money("budget")), .id(activity.id),
        ]
    }

    /// The words of a set, as they are.
    func words(_ record: RecordView, _ field: String) -> PackTable.Cell {
        let words = record.words(field)
        return words.isEmpty ? .nothing : .codes(words.map { .init(word: $0, label: nil) })
    }

    // MARK: Counts

    /// The states of activities in the order of the table.
    private var states: [Workflow.State] {
        guard case .workflow(let workflow)? = kind("activity")?.field(named: "state")?.merge else { return [] }
        return workflow.states
    }

    /// One row for each organisation: how much it did, gave, relayed, and how often people spoke with it.
    /// - Parameter content: the tables of contributions, pickups and interactions.
    mutating func overview(_ work: Work, _ content: [PackTable]) throws(QueryError) -> PackTable {
        let columns = [PackTable.Column("org", label("activity", "org")), .init("activities", Heading.activities)]
        var table = PackTable(
            "organisations", Heading.organisations,
            columns + states.map { .init($0.code, $0.label) } + content.map { .init($0.name, $0.heading) })
        let counts = content.map(\.countByOrganisation)
        var shown = Set(organisations.filter(ContactQuiet.isExpected).map(\.id))
        shown.formUnion(work.byOrganisation.keys)
        for count in counts { shown.formUnion(count.keys) }
        for id in shown.sorted(by: { rank($0) < rank($1) }) {
            let byState = work.byOrganisation[id] ?? [:]
            let states = states.map { PackTable.Cell.number(byState[$0.code] ?? 0) }
            table.rows.append(
                [try record(id), .number(byState.values.reduce(0, +))] + states
                    + counts.map { .number($0[id] ?? 0) })
        }
        return table
    }

    /// One row for each objective that is agreed or proposed, or that something was done for.
    mutating func objectives(_ work: Work) throws(QueryError) -> PackTable {
        var table = PackTable(
            "objectives", Heading.objectives,
            [
                column("objective", "owner"), column("objective", "code"), column("objective", "title"),
                column("objective", "state"), column("objective", "indicator"), column("objective", "target"),
                .init("activities", Heading.activities),
            ] + states.map { .init($0.code, $0.label) } + [idColumn], isGrouped: true)
        let all = try base.live("objective").filter { objective in
            if work.byObjective[objective.id] != nil { return true }
            guard objective.state("state") != "dropped" else { return false }
            return (objective.day("period", "to") ?? at) >= since ?? ""
        }
        let sorted = all.sorted { a, b in
            let (first, second) = (rank(a.id("owner")), rank(b.id("owner")))
            if first != second { return first < second }
            return (a.text("code") ?? "~", a.id) < (b.text("code") ?? "~", b.id)
        }
        for objective in sorted {
            let byState = work.byObjective[objective.id] ?? [:]
            table.rows.append(
                [
                    try record(objective.id("owner")), .text(objective.text("code")), spoken(objective, "title"),
                    code(objective, "state"), .text(objective.text("indicator")), .text(objective.text("target")),
                    .number(byState.values.reduce(0, +)),
                ] + states.map { .number(byState[$0.code] ?? 0) } + [.id(objective.id)])
        }
        return table
    }
}
