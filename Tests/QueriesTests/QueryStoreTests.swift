import Crypto
import Queries
import Records
import Replica
import Testing

@Suite struct QueryStoreTests {
    @Test func recordsAreWrittenChangedAndDeleted() throws {
        var store = QueryStore()
        let sector = try store.admit("Sector", "type=sector-division", "country=FR")
        let institute = try store.admit("Institute of Water", "type=c2", "country=SN")
        #expect(store.ownOrganisation == institute && store.devices().count == 2)
        let contact = try store.new("contact", "display=Amina", "country=SN")
        try store.set(contact, "country=ML")
        #expect(store.state(of: contact)?.fields.map(\.field) == [18, 24, 32])
        #expect(store.history(of: contact).count == 2)
        #expect(store.lastWritten(by: institute, before: store.time) == nil)
        #expect(store.lastWritten(by: institute, before: store.time + 1) == store.time)
        try store.at("2026-03-01", as: sector)
        try store.setApart(contact, ["primary_email=a@example.org"], ["primary_email=b@example.org"])
        #expect(store.conflictCandidates() == [contact])
        try store.delete(contact)
        #expect(store.state(of: contact)?.isDeleted == true)
        var seen: [ShortID] = []
        store.forEach(kind: 34) { seen.append($0.id) }
        #expect(seen == [contact])
    }

    @Test func whatIsShownFollowsFromTheSetOfEntries() throws {
        var store = QueryStore(scrambled: true)
        try store.admit("Sector", "type=sector-division", "country=FR")
        for country in ["FR", "SN", "ML"] {
            let contact = try store.new("contact", "display=\(country)", "country=\(country)")
            try store.setApart(contact, ["country=SI", "emails=a@example.org"], ["country=OM", "languages=fr"])
        }
        let again = store.replayed { $0.reversed() }
        for entry in store.entries { #expect(store.state(of: entry.record) == again.state(of: entry.record)) }
        #expect(store.digests(of: "net") == again.digests(of: "net"))
    }
}
