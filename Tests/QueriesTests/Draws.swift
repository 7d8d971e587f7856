import Bytes
import Crypto
import Records
import Replica
import Testing

/// Random choices of a test, all from one number: Sebastiano Vigna's SplitMix64.
struct Draws: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// True so many times of a hundred.
    mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }

    /// One of some values.
    mutating func one<T>(_ values: [T]) -> T { values[number(0...(values.count - 1))] }

    /// Each of some values so many times of a hundred.
    mutating func some<T>(_ values: [T], _ percent: Int) -> [T] { values.filter { _ in chance(percent) } }
}

extension Document {
    /// The objects of a list.
    func rows(_ name: String) -> [Document] { self[name]?.items ?? [] }

    /// The texts under these names, `—` for what is missing.
    func texts(_ names: String...) -> [String] {
        names.map { name in
            switch self[name] {
            case .string(let text)?: text
            case .int(let number)?: String(number)
            case .bool(let flag)?: flag ? "yes" : "no"
            case .array(let items)?: items.compactMap(\.text).joined(separator: " ")
            default: "—"
            }
        }
    }
}

extension ShortID {
    /// A value of a field that names a record: `org=…`.
    func of(_ field: String) -> String { "\(field)=\(hex)" }
}

extension QueryStore {
    /// Writes down whose device the first one of an organisation is.
    mutating func giveDevice(of organisation: ShortID, to person: ShortID) throws {
        let device = try #require(devices().first { $0.organisation == organisation })
        let editor = RecordEditor(schema: schema, language: "en") { (text: String, _) throws(RecordError) -> ShortID in
            guard let id = ShortID(hex: text) else { throw .notFound(text, remedy: nil) }
            return id
        }
        let draft = try editor.create(
            .device, as: .pair(kind: 33, ids: [device.device]),
            [Assignment(field: "alias", text: "d"), Assignment(field: "person", text: person.hex)])
        _ = try write([draft])
    }
}
