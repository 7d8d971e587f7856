import Bytes
import Crypto
import Foundation
import Node
import Records
import Replica
import Store

/// The home of a node with a hundred thousand records of the table of kinds, as an office has them.
struct Office {
    /// How many records of each kind there are.
    static let contactCount = 90_000
    static let opportunityCount = 10_000
    /// Each has a thousand of the contacts.
    static let countries = [
        "AF", "AL", "DZ", "AD", "AO", "AR", "AM", "AU", "AT", "AZ", "BS", "BH", "BD", "BB", "BY", "BE", "BZ", "BJ",
        "BT", "BO", "BA", "BW", "BR", "BN", "BG", "BF", "BI", "KH", "CM", "CA", "TD", "CL", "CN", "CO", "CG", "CR",
        "CI", "HR", "CU", "CY", "DK", "DJ", "DM", "DO", "EC", "EG", "SV", "EE", "ET", "FJ", "FI", "FR", "GA", "GM",
        "GE", "DE", "GH", "GR", "GD", "GT", "GN", "GY", "HT", "HN", "HU", "IS", "IN", "ID", "IR", "IQ", "IE", "IL",
        "IT", "JM", "JP", "JO", "KZ", "KE", "KW", "KG", "LA", "LV", "LB", "LS", "LR", "LY", "LT", "LU", "MG", "SN",
    ]
    private static let themes = ["water", "heritage", "media", "open-science", "ethics-of-ai", "memory-of-the-world"]
    private static let languages = ["en", "fr", "ar", "es", "ru", "zh"]

    let path: String

    init(folder: String) { path = folder + "/office" }

    /// Makes the home, if there is none.
    func make() throws { try Office.make(path, fill) }

    /// Makes a home and fills it, if there is none.
    static func make(_ path: String, _ fill: (ReplicaStore) throws -> Void) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        let unfinished = path + "-unfinished"
        try? FileManager.default.removeItem(atPath: unfinished)
        try found(unfinished, fill)
        try FileManager.default.moveItem(atPath: unfinished, toPath: path)
    }

    /// The store is closed when this returns.
    private static func found(_ unfinished: String, _ fill: (ReplicaStore) throws -> Void) throws {
        var entropy = SeededEntropy(seed: 11)
        let beginning = try NodeHome.begin(unfinished, keepsKeys: false, entropy: &entropy)
        let root = SigningKey(from: &entropy)
        let charter = Charter(
            name: "Bench", rootKeys: [root.verifyingKey], threshold: 1, created: 0, nonce: ShortID(1, 2))
        let home = try NodeHome.create(
            beginning, charter: charter, grant: nil, schema: .standard,
            values: ["language": Array("en".utf8), "deviceName": Array("office".utf8)], entropy: entropy)
        let grant = try Founding.found(
            home.store, root: root, device: beginning.signing, channelKey: beginning.channel, organisation: "Sector",
            time: 1)
        try home.store.setMeta("grant", grant.id.bytes)
        try FirstRecords.write(to: home.store, schema: .standard, time: 2)
        try home.store.setMeta("entered", [1])
        try fill(home.store)
    }

    private func fill(_ store: ReplicaStore) throws {
        let funder = try write([funder], to: store)[0].record
        try fill(store, Office.contactCount) { try editor.create(.contact, contact($0)) }
        try fill(store, Office.opportunityCount) { try editor.create(.opportunity, opportunity($0, funder)) }
    }

    private func fill(_ store: ReplicaStore, _ count: Int, _ make: (Int) throws -> EntryDraft) throws {
        for start in stride(from: 0, to: count, by: 100) {
            _ = try write((start..<min(start + 100, count)).map { try make($0) }, to: store)
        }
    }

    private func write(_ drafts: [EntryDraft], to store: ReplicaStore) throws -> [WrittenEntry] {
        try store.write(drafts, space: SpaceName.net, time: 3)
    }

    private var editor: RecordEditor {
        RecordEditor(schema: .standard, language: "en") { (prefix: String, _) throws(RecordError) in
            guard let id = ShortID(hex: prefix) else { throw .notFound(prefix, remedy: nil) }
            return id
        }
    }

    private var funder: EntryDraft {
        get throws { try editor.create(.organisation, [Assignment(path: "name", text: "Fund of the Bench")]) }
    }

    private func contact(_ index: Int) -> [Assignment] {
        [
            Assignment(path: "name.family", text: "Family \(index % 9_973)"),
            Assignment(path: "name.given", text: "Given \(index % 997)"),
            Assignment(path: "display", text: "Given \(index % 997) Family \(index % 9_973)"),
            Assignment(path: "emails", text: "person\(index)@example.org"),
            Assignment(path: "country", text: Office.countries[index % Office.countries.count]),
            Assignment(path: "languages", text: Office.languages[index % 6]),
            Assignment(path: "languages", text: Office.languages[(index + 1) % 6]),
            Assignment(path: "expertise", text: Office.themes[index % 5]),
            Assignment(path: "uid", text: "urn:uuid:0000-\(index)"),
            Assignment(path: "consent.basis", text: "consent"),
            Assignment(path: "review_by", text: "2028-0\(1 + index % 9)-1\(index % 10)"),
        ]
    }

    private func opportunity(_ index: Int, _ funder: ShortID) -> [Assignment] {
        [
            Assignment(path: "funder", text: funder.hex), Assignment(path: "title", text: "Call number \(index)"),
            Assignment(path: "themes", text: Office.themes[index % 6]),
            Assignment(path: "themes", text: Office.themes[(index + 1) % 6]),
            Assignment(path: "applicant_types", text: "c2"),
            Assignment(path: "countries_eligible", text: Office.countries[index % Office.countries.count]),
            Assignment(
                path: "deadlines", text: #"[{"stage":"full","date":"2027-0\#(1 + index % 9)-01","zone":"UTC"}]"#),
        ]
    }
}
