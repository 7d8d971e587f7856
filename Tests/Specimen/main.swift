import Commands
import Foundation
import Records

/// A workflow in which every state follows every other, so that any two may meet.
let light = Workflow(
    [
        Workflow.State(1, "green", caution: 10), Workflow.State(2, "yellow", caution: 20),
        Workflow.State(3, "red", caution: 30),
    ], starts: ["green", "yellow", "red"], beginsByItself: false,
    steps: ["green": ["yellow", "red"], "yellow": ["green", "red"], "red": ["green", "yellow"]])

/// A kind with every merge type so far: adding a kind is adding this row.
let specimen = Kind(
    900, "specimen", "Specimen", titleField: 16,
    fields: [
        Field(16, "soft", "Soft register", .line, .register(.soft)),
        Field(17, "hard", "Hard register", .line, .register(.hard)),
        Field(18, "set", "Set", .line, .set),
        Field(19, "map", "Soft map", .line, .languages(.soft)),
        Field(20, "hard_map", "Hard map", .line, .languages(.hard)),
        Field(21, "state", "Workflow", .code(light.codes), .workflow(light)),
        Field(22, "number", "Whole number", .integer(-1_000_000...1_000_000), .register(.hard)),
        Field(23, "flag", "Flag", .boolean, .register(.soft)),
        Field(24, "amount", "Decimal number", .decimal(-1_000_000...1_000_000), .register(.hard)),
        Field(25, "day", "Date", .date, .register(.soft)),
        Field(26, "moment", "Instant", .instant, .register(.soft)),
        Field(27, "other", "Another specimen", .id(kinds: [900]), .register(.soft)),
        Field(
            28, "pair", "Group",
            .group(
                .init([.init("low", .integer(0...100)), .init("high", .integer(0...100))], ascending: ["low", "high"])),
            .register(.hard)),
    ])

exit(
    Commands.run(
        arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment,
        schema: Schema.standard.adding(specimen)))
