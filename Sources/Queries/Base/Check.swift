import Bytes

/// One reason for or against something that is proposed: every line of such an answer explains itself.
struct Check: Hashable {
    /// How far it holds; the raw value is what it counts in half points.
    enum Mark: Int {
        case no, half, yes

        var word: String {
            switch self {
            case .no: "no"
            case .half: "half"
            case .yes: "yes"
            }
        }
    }

    /// What was asked, such as `theme water`.
    let name: String
    let mark: Mark
    /// Who or what makes it so.
    let why: String

    init(_ name: String, _ mark: Mark, _ why: String) {
        self.name = name
        self.mark = mark
        self.why = why
    }

    init(_ name: String, _ holds: Bool, _ why: String) { self.init(name, holds ? .yes : .no, why) }

    var document: Document {
        .pairs(["check": .string(name), "ok": .string(mark.word), "why": .string(why)])
    }

    /// A number of half points as people write it: `7.5`.
    static func points(_ halves: Int) -> Document {
        .string("\(halves / 2)" + (halves.isMultiple(of: 2) ? "" : ".5"))
    }
}
