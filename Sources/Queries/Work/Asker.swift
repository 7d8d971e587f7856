import Crypto
import Records
import Replica

/// For whom `followups` and `inbox` are asked: whoever uses this device, or whom `--for` names.
struct Asker {
    /// The contact of the person, if the device or the question says who it is.
    let person: ShortID?
    /// The organisation for which the person acts.
    let organisation: ShortID?
    /// The devices of the person.
    let devices: Set<ShortID>
    /// The ids under which records name the person: the contact, and those that were merged into it.
    let names: Set<ShortID>

    init(_ question: Question, _ base: RecordBase<some RecordStore>) throws(QueryError) {
        let admitted = try base.read { () throws(RecordStoreError) in try base.store.devices() }
        var persons: [ShortID: ShortID] = [:]
        for device in admitted {
            guard let person = try base.record(device.record)?.id("person") else { continue }
            persons[device.device] = person
        }
        if let text = question.value(of: "for") {
            let record = try base.find(text, ["contact", "organisation"])
            let isPerson = record.kind.name == "contact"
            person = isPerson ? record.id : nil
            organisation = isPerson ? record.id("org") : record.id
        } else {
            person = base.store.ownDevice.flatMap { persons[$0] }
            organisation = base.store.ownOrganisation
        }
        guard person != nil || organisation != nil else {
            throw .invalid(
                what: "nobody knows whose device this is",
                remedy: "--for ID with the id of a contact or an organisation: liaison list contact")
        }
        let wanted = person
        devices = Set(persons.filter { $0.value == wanted }.map(\.key))
        names = Set(try wanted.map { (person) throws(QueryError) in try base.all(behind: person) } ?? [])
    }

    /// Whether something that belongs to these is mine or my organisation's.
    func owns(_ owners: [ShortID]) -> Bool { owners.contains { names.contains($0) || $0 == organisation } }

    /// Whether I wrote an operation; where nobody knows my devices, whether my organisation did.
    func wrote(_ device: ShortID, _ writer: ShortID?) -> Bool {
        devices.isEmpty ? organisation != nil && writer == organisation : devices.contains(device)
    }
}
