package import Records

/// One record of the demonstration, as its author types it.
package struct DemoRecord: Hashable, Sendable {
    /// Unique in the network, such as `contact-12`: what stands in place of the record's id in values.
    package let key: String
    package let kind: Kind
    /// The name of the member who creates it.
    package let author: String
    /// The day on which it is written, counted from the day of the demonstration: not after it, so at most 0.
    package internal(set) var day: Int
    package internal(set) var values: [Assignment]
    /// What happens to it later, in this order.
    package internal(set) var changes: [DemoChange] = []

    init(_ key: String, _ kind: Kind, by author: String, on day: Int, _ values: [Assignment] = []) {
        self.key = key
        self.kind = kind
        self.author = author
        self.day = min(day, 0)
        self.values = values
    }
}

/// What somebody does with a record that is there.
package struct DemoChange: Hashable, Sendable {
    /// A step of a workflow.
    package struct Step: Hashable, Sendable {
        /// The name of the field.
        package let field: String
        /// The code of the state in which the record must be for the step to make sense.
        package let from: String
    }

    /// The name of the member who does it.
    package let author: String
    /// As of records.
    package internal(set) var day: Int
    package let values: [Assignment]
    /// Nil for changes that only fill in what is empty.
    package let step: Step?
}

// What is typed.
extension DemoRecord {
    /// A value of a field, or of a part or language of it; nothing where there is no text.
    mutating func set(_ path: String, _ text: String?) {
        guard let text, !text.isEmpty else { return }
        values.append(Assignment(path: path, text: text))
    }

    /// Members of a set or elements of a list.
    mutating func add(_ field: String, _ texts: [String]) {
        for text in texts { values.append(Assignment(field: field, text: text)) }
    }

    /// One text in several languages.
    mutating func say(_ field: String, _ languages: [String], _ text: (String) -> String) {
        for language in languages { values.append(Assignment(field: field, key: language, text: text(language))) }
    }

    /// Fills in later what is still empty.
    mutating func fill(_ values: [Assignment], by author: String, on day: Int) {
        guard !values.isEmpty else { return }
        changes.append(DemoChange(author: author, day: min(day, 0), values: values, step: nil))
    }

    /// Moves a workflow through states, in the first of which the record begins; the days lie between its own and a
    /// last one.
    mutating func walk(
        _ field: String, _ states: [String], until last: Int, by author: (_ to: String) -> String,
        also: (_ to: String) -> [Assignment] = { _ in [] }
    ) {
        guard let first = states.first, case .workflow(let workflow)? = kind.field(named: field)?.merge else { return }
        if !workflow.beginsByItself || workflow.starts.first != first { set(field, first) }
        let end = max(day, min(last, 0))
        for index in states.indices.dropFirst() {
            let to = states[index]
            changes.append(
                DemoChange(
                    author: author(to), day: day + (end - day) * index / (states.count - 1),
                    values: [Assignment(field: field, text: to)] + also(to),
                    step: .init(field: field, from: states[index - 1])))
        }
    }
}

extension Workflow {
    /// The shortest way from the state in which records begin to another.
    func way(to target: String) -> [String] {
        var ways = starts.prefix(1).map { [$0] }
        var seen = Set(starts.prefix(1))
        var index = 0
        while index < ways.count {
            let way = ways[index]
            index += 1
            guard let last = way.last else { continue }
            if last == target { return way }
            for next in steps[last] ?? [] where seen.insert(next).inserted { ways.append(way + [next]) }
        }
        return [target]
    }
}
