import Bytes
import Crypto
import Records
import Replica

/// Finds for every id in an answer what people call it, and the shortest beginning that is only its own.
struct IDNaming {
    /// The fewest digits of a prefix.
    private static let leastDigits = 8

    let schema: Schema
    let language: String

    /// The names of all ids of records, devices and entries in a document, in the order in which they first appear.
    /// - Parameter unseen: members of objects in which no id is named.
    func names(
        _ document: Document, _ store: some RecordStore, without unseen: Set<String> = []
    ) throws(Failure) -> [Response.IDName] {
        var ids: [String] = []
        var seen: Set<String> = []
        IDNaming.collect(document, without: unseen, &ids, &seen)
        let devices = try storeError { () throws(RecordStoreError) in try store.devices() }
        let records = Dictionary(devices.map { ($0.device, $0.record) }) { first, _ in first }
        let deviceIDs = devices.map(\.device.hex).sorted()
        let entries = ids.filter { $0.utf8.count == 64 }.sorted()
        let rendering = RecordRendering(schema)
        var names: [Response.IDName] = []
        names.reserveCapacity(ids.count)
        try storeError { () throws(RecordStoreError) in
            try store.reading { () throws(RecordStoreError) in
                for id in ids {
                    guard let short = ShortID(hex: id) else {
                        let count = IDNaming.digits(of: id, among: entries)
                        names.append(.init(id: id, prefix: String(id.prefix(count)), name: nil))
                        continue
                    }
                    let state = try store.state(of: records[short] ?? short) { schema.kind($0)?.titleField }
                    let name = state.flatMap { rendering.title($0, language: language) }
                    let digits = try store.digits(of: short, atLeast: IDNaming.leastDigits)
                    let count = max(digits, IDNaming.digits(of: id, among: deviceIDs))
                    names.append(.init(id: id, prefix: String(id.prefix(count)), name: name))
                }
            }
        }
        return names
    }

    /// How many digits of an id no other of these begins with; they ascend.
    private static func digits(of id: String, among all: [String]) -> Int {
        var (low, high) = (0, all.count)
        while low < high {
            let middle = (low + high) / 2
            if all[middle] < id { low = middle + 1 } else { high = middle }
        }
        let next = low < all.count && all[low] == id ? low + 1 : low
        let common = [low - 1, next].filter(all.indices.contains).map { place in
            zip(all[place].utf8, id.utf8).prefix { $0 == $1 }.count
        }
        return min(max(leastDigits, (common.max() ?? 0) + 1), id.utf8.count)
    }

    private static func collect(
        _ document: Document, without unseen: Set<String>, _ ids: inout [String], _ seen: inout Set<String>
    ) {
        switch document {
        case .string(let text): note(text, &ids, &seen)
        case .array(let items): for item in items { collect(item, without: unseen, &ids, &seen) }
        case .object(let members):
            for member in members where !unseen.contains(member.name) {
                collect(member.value, without: unseen, &ids, &seen)
            }
        default: break
        }
    }

    private static func note(_ text: String, _ ids: inout [String], _ seen: inout Set<String>) {
        let count = text.utf8.count
        guard count == 32 || count == 64, [UInt8](hex: text) != nil, seen.insert(text).inserted else { return }
        ids.append(text)
    }
}
