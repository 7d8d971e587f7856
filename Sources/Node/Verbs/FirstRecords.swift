import Crypto
package import Records
import Replica
package import Store

/// What a device writes when it enters a network: its own record, and that of an organisation that it founds.
package enum FirstRecords {
    /// Writes them in one transaction, under the names that were kept when the device entered.
    package static func write(to store: ReplicaStore, schema: Schema, time: Int64) throws(Failure) {
        let (device, language): (String, String)
        do throws(StoreError) {
            guard try store.meta("introduced") == nil, let name = try store.meta("deviceName") else { return }
            device = String(decoding: name, as: UTF8.self)
            language = try store.meta("language").map { String(decoding: $0, as: UTF8.self) } ?? "en"
        } catch { throw Failure(error) }
        guard let grant = store.ownGrant else {
            throw Failure(.notPermitted, "the admission of this device is not held yet", hint: "liaison sync")
        }
        let editor = RecordEditor(schema: schema, language: language) { (prefix: String, _) throws(RecordError) in
            guard let id = ShortID(hex: prefix) else { throw .notFound("record \(prefix)", remedy: "liaison list") }
            return id
        }
        var drafts: [EntryDraft] = []
        do throws(RecordError) {
            if grant.admission.organisation == nil {
                drafts.append(
                    try editor.create(
                        .organisation, as: .pair(kind: Kind.organisation.number, ids: [grant.id.short]),
                        [Assignment(path: "name", text: grant.organisationName)]))
            }
            drafts.append(
                try editor.create(
                    .device, as: .pair(kind: Kind.device.number, ids: [grant.deviceID]),
                    [Assignment(path: "alias", text: device), Assignment(path: "org", text: grant.organisation.hex)]))
        } catch { throw Failure(error) }
        do throws(RecordStoreError) { _ = try store.write(drafts, space: SpaceName.net, time: time) } catch {
            throw Failure(error)
        }
        do { try store.setMeta("introduced", [1]) } catch { throw Failure(error) }
    }
}
