import Commands
import Foundation
import Records

extension Label {
    /// The same text in every language: nobody translates a specimen.
    init(draft text: String) { self.init(text, fr: text, es: text, ru: text, ar: text, zh: text) }
}

/// A workflow in which every state follows every other, so that any two may meet.
let light = Workflow(
    [
        Workflow.State(1, "green", Label(draft: "green"), caution: 10),
        Workflow.State(2, "yellow", Label(draft: "yellow"), caution: 20),
        Workflow.State(3, "red", Label(draft: "red"), caution: 30),
    ], starts: ["green", "yellow", "red"], beginsByItself: false,
    steps: ["green": ["yellow", "red"], "yellow": ["green", "red"], "red": ["green", "yellow"]])

/// A kind with every merge type so far: adding a kind is adding this row.
let specimen = Kind(
    900, "specimen", Label(draft: "Specimen"), titleField: 16,
    fields: [
        Field(16, "soft", Label(draft: "Soft register"), .line, .register(.soft)),
        Field(17, "hard", Label(draft: "Hard register"), .line, .register(.hard)),
        Field(18, "set", Label(draft: "Set"), .line, .set),
        Field(19, "map", Label(draft: "Soft map"), .line, .languages(.soft)),
        Field(20, "hard_map", Label(draft: "Hard map"), .line, .languages(.hard)),
        Field(21, "state", Label(draft: "Workflow"), .code(light.codeList), .workflow(light)),
        Field(22, "number", Label(draft: "Whole number"), .integer(-1_000_000...1_000_000), .register(.hard)),
        Field(23, "flag", Label(draft: "Flag"), .boolean, .register(.soft)),
        Field(24, "amount", Label(draft: "Decimal number"), .decimal(-1_000_000...1_000_000), .register(.hard)),
        Field(25, "day", Label(draft: "Date"), .date, .register(.soft)),
        Field(26, "moment", Label(draft: "Instant"), .instant, .register(.soft)),
        Field(27, "other", Label(draft: "Another specimen"), .id(kinds: [900]), .register(.soft)),
        Field(
            28, "pair", Label(draft: "Group"),
            .group(
                .init(
                    [
                        .init("low", Label(draft: "Low"), .integer(0...100)),
                        .init("high", Label(draft: "High"), .integer(0...100)),
                    ], ascending: ["low", "high"])),
            .register(.hard)),
        Field(29, "counter", Label(draft: "Counter"), .integer(-1_000...1_000), .counter),
        Field(30, "list", Label(draft: "List"), .line, .list(.hard)),
        Field(
            31, "parts", Label(draft: "List of groups"),
            .group(
                .init([
                    .init("name", Label(draft: "Name"), .line, isRequired: true),
                    .init("count", Label(draft: "Count"), .integer(0...100)),
                ])), .list(.soft)),
    ])

exit(
    Commands.run(
        arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment,
        schema: Schema.standard.adding(specimen)))
