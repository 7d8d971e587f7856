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
    func names(_ document: Document, _ store: some RecordStore) throws(Failure) -> [Response.IDName] {
        var ids: [String] = []
        var seen: Set<String> = []
        IDNaming.collect(document, &ids, &seen)
        let devices = try storeError { () throws(RecordStoreError) in try store.devices() }
        let deviceIDs = devices.map(\.device.hex)
        let entries = ids.filter { $0.utf8.count == 64 }
        var names: [Response.IDName] = []
        for id in ids {
            guard let short = ShortID(hex: id) else {
                names.append(
                    .init(
                        id: id,
                        prefix: IDNaming.prefix(id) { prefix in
                            entries.count { $0.hasPrefix(prefix) } == 1
                        }, name: nil))
                continue
            }
            let record = devices.first { $0.device == short }?.record ?? short
            let state = try storeError { () throws(RecordStoreError) in try store.state(of: record) }
            let prefix = try unique(id, store, deviceIDs)
            let name = state.flatMap { RecordRendering(schema).title($0, language: language) }
            names.append(.init(id: id, prefix: prefix, name: name))
        }
        return names
    }

    private func unique(_ id: String, _ store: some RecordStore, _ devices: [String]) throws(Failure) -> String {
        for count in IDNaming.leastDigits..<id.utf8.count {
            let prefix = String(id.prefix(count))
            let match = try storeError { () throws(RecordStoreError) in try store.find(idPrefix: prefix) }
            let others = devices.count { $0 != id && $0.hasPrefix(prefix) }
            if case .several = match { continue }
            if case .one(let record) = match, record.hex != id { continue }
            if others == 0 { return prefix }
        }
        return id
    }

    private static func prefix(_ id: String, isUnique: (String) -> Bool) -> String {
        for count in leastDigits..<id.utf8.count {
            let prefix = String(id.prefix(count))
            if isUnique(prefix) { return prefix }
        }
        return id
    }

    private static func collect(_ document: Document, _ ids: inout [String], _ seen: inout Set<String>) {
        switch document {
        case .string(let text): note(text, &ids, &seen)
        case .array(let items): for item in items { collect(item, &ids, &seen) }
        case .object(let members): for member in members { collect(member.value, &ids, &seen) }
        default: break
        }
    }

    private static func note(_ text: String, _ ids: inout [String], _ seen: inout Set<String>) {
        let count = text.utf8.count
        guard count == 32 || count == 64, [UInt8](hex: text) != nil, seen.insert(text).inserted else { return }
        ids.append(text)
    }
}
