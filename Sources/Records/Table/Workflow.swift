/// The states of a workflow field and the steps between them.
package struct Workflow: Hashable, Sendable {
    /// One state.
    package struct State: Hashable, Sendable {
        /// Stands in operations; never used again within the workflow.
        package let number: Int
        /// The word of the command line and JSON.
        package let code: String
        /// Of several concurrent states the one with the greatest caution counts; no two states share one.
        package let caution: Int
        package let label: Label

        package init(_ number: Int, _ code: String, _ label: Label, caution: Int) {
            self.number = number
            self.code = code
            self.label = label
            self.caution = caution
        }
    }

    package let states: [State]
    /// The codes in which a record may begin.
    package let starts: [String]
    /// Whether a new record begins in the first of `starts` when nothing else is said.
    package let beginsByItself: Bool
    /// The allowed steps: from each code to these codes.
    package let steps: [String: [String]]

    package init(_ states: [State], starts: [String], beginsByItself: Bool, steps: [String: [String]]) {
        self.states = states
        self.starts = starts
        self.beginsByItself = beginsByItself
        self.steps = steps
    }

    /// All codes, in the table's order.
    package var codes: [String] { states.map(\.code) }

    /// The same with their labels: the type of the field.
    package var codeList: [Code] { states.map { Code($0.code, $0.label) } }

    /// The state of this number; nil when this version does not know it.
    package func state(_ number: Int) -> State? { states.first { $0.number == number } }

    /// The state of this code; nil when there is none.
    package func state(code: String) -> State? { states.first { $0.code == code } }

    /// The code of a state; `#5` when this version does not know it.
    package func code(_ number: Int) -> String { state(number)?.code ?? "#\(number)" }
}
