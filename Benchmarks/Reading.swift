import Crypto
import Records
import Replica
import Store

extension Runner {
    /// How fast records are read of a hundred thousand, without the commands around it.
    func reading() throws {
        guard isWanted("read") else { return }
        let office = Office(folder: folder)
        try office.make()
        let connection = try Connection.open(in: try Home.open(office.path), schema: ReplicaStore.schema)
        defer { connection.close() }
        let store = try ReplicaStore(
            connection: connection, charter: nil, identity: nil, marker: nil, entropy: SeededEntropy(seed: 3),
            indexed: Schema.standard.indexed)
        let access = RecordAccess(store, time: 0)
        func each(_ what: String, _ count: Int, _ read: ((RecordState) -> Void) throws -> Void) throws {
            var figures: [Double] = []
            for _ in 0..<5 {
                var found = 0
                figures.append(try seconds { try read { _ in found += 1 } } * 1e6)
                guard found == count else { throw BenchError.text("\(what): \(found) records") }
            }
            let median = Runner.median(figures)
            print("\(what): \(median / 1_000) milliseconds, \(median / count) microseconds for each record")
        }
        try each("read all of 10,000 opportunities", Office.opportunityCount) {
            try access.forEach(kind: Kind.opportunity.number, $0)
        }
        try each("read all of 90,000 contacts", Office.contactCount) {
            try access.forEach(kind: Kind.contact.number, $0)
        }
        guard let country = Kind.contact.field(named: "country")?.number,
            let language = Kind.contact.field(named: "languages")?.number
        else { throw BenchError.text("contacts have other fields") }
        let wanted = [FieldValue(field: country, value: .text("SN"))]
        try each("find 1,000 of them by a value", 1_000) {
            try access.forEach(kind: Kind.contact.number, holding: wanted, $0)
        }
        let both = wanted + [FieldValue(field: language, value: .text("zh"))]
        try each("find 1,000 of them by two", 1_000) {
            try access.forEach(kind: Kind.contact.number, holding: both, $0)
        }
    }
}
