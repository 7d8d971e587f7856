import Bytes
import Crypto
import Records
import Replica
import Testing

@testable import Queries

@Suite struct DuplicatesTests {
    private var store = QueryStore()
    private let sector: ShortID

    init() throws {
        sector = try store.admit("Sector", "type=sector-division", "country=FR")
    }

    /// `certain survivor other,other: reasons` of every row; records by their names in `names`.
    private func rows(_ names: [ShortID: String], _ options: (name: String, value: String?)...) throws -> [String] {
        let answer = try store.ask(Duplicates.self, options: options, today: "2027-01-01")
        return try #require(answer.document["duplicates"]?.items).map { row in
            func name(_ document: Document?) -> String {
                document?.text.flatMap { ShortID(hex: $0) }.flatMap { names[$0] } ?? "?"
            }
            let others = (row["others"]?.items ?? []).map(name).joined(separator: ",")
            let why = (row["why"]?.items ?? []).compactMap(\.text).joined(separator: ", ")
            return "\(row["certain"]?.flag == true ? "certain" : "likely") \(name(row["survivor"])) \(others): \(why)"
        }
    }

    @Test mutating func whatIsSharedByNobodyElseIsCertain() throws {
        var names: [ShortID: String] = [:]
        names[try store.new("contact", "display=Amina Ndiaye", "uid=urn:1")] = "a"
        names[try store.new("contact", "display=A. Ndiaye", "uid=urn:1")] = "b"
        names[try store.new("contact", "display=Tomaž Žagar", "orcid=0000-0002-1825-0097")] = "c"
        names[try store.new("contact", "display=T. Zagar", "orcid=0000-0002-1825-0097")] = "d"
        names[try store.new("contact", "display=Aïssatou Ndiaye-Faye", "emails=af@example.org")] = "e"
        names[try store.new("contact", "display=NDIAYE FAYE Aissatou", "primary_email=AF@example.org")] = "f"
        names[try store.new("contact", "display=Office", "emails=af@example.org")] = "g"
        #expect(
            try rows(names, ("certain", nil)) == [
                "certain a b: same UID", "certain c d: same ORCID iD", "certain e f: same e-mail address and name",
            ])
        // What only shares the address is likely, and then so is the group.
        #expect(
            try rows(names) == [
                "certain a b: same UID", "certain c d: same ORCID iD", "likely e f,g: same e-mail address and name",
            ])
    }

    @Test mutating func likenessNeedsAPlace() throws {
        var names: [ShortID: String] = [:]
        names[try store.new("contact", "display=Ильяна Ёлкина", "country=KZ")] = "a"
        names[try store.new("contact", "display=Елкина Ильяна", "country=KZ")] = "b"
        names[try store.new("contact", "display=Nguyễn Đức Minh", "country=VN")] = "c"
        names[try store.new("contact", "display=Nguyen Duc Mihn", "country=VN")] = "d"
        names[try store.new("contact", "display=Maria Silva", "country=BR")] = "e"
        names[try store.new("contact", "display=Maria Silva", "country=UY")] = "f"
        names[try store.new("contact", "display=Room 1 Paris", "country=FR")] = "g"
        names[try store.new("contact", "display=Room 2 Paris", "country=FR")] = "h"
        names[try store.new("contact", "display=X", "phones=+221 33 000 00 00")] = "i"
        names[try store.new("contact", "display=Y", "phones=00221-330000000")] = "j"
        #expect(
            try rows(names) == [
                "likely a b: same name", "likely c d: nearly the same name", "likely i j: same telephone",
            ])
        #expect(try rows(names, ("certain", nil)) == [])
    }

    @Test mutating func twoIdentitiesAreTwoPeople() throws {
        var names: [ShortID: String] = [:]
        names[
            try store.new(
                "contact", "display=J. Silva", "emails=j@example.org", "orcid=0000-0002-1825-0097")] = "a"
        names[
            try store.new(
                "contact", "display=J. Silva", "emails=j@example.org", "orcid=0000-0001-5109-3700")] = "b"
        #expect(try rows(names, ("certain", nil)) == [])
        #expect(try rows(names) == ["likely a b: same e-mail address and name"])
    }

    @Test mutating func membersOfTheNetworkStay() throws {
        var names: [ShortID: String] = [:]
        names[try store.new("organisation", "name=Sector", "website=https://www.example.org/a")] = "a"
        try store.set(sector, "website=http://example.org")
        names[sector] = "sector"
        #expect(
            try rows(names, ("kind", "organisation"), ("certain", nil)) == ["certain sector a: same website and name"])
        let second = try store.admit("Sector", "type=sector-division", "website=https://example.org/")
        names[second] = "second"
        #expect(try rows(names, ("kind", "organisation"), ("certain", nil)) == [])
        #expect(throws: QueryError.self) { try rows(names, ("kind", "action")) }
    }

    @Test mutating func whatWasMergedIsOne() throws {
        let first = try store.new("contact", "display=Amina", "uid=urn:1")
        let second = try store.new("contact", "display=Amina", "uid=urn:1")
        try store.set(second, "merged_into=\(first.hex)")
        #expect(try rows([:]) == [])
        let third = try store.new("contact", "display=Amina N.", "uid=urn:1")
        #expect(try rows([first: "a", third: "c"]) == ["certain a c: same UID"])
    }

    @Test func namesAreFolded() {
        #expect(NameFold.folded("Dr Aïssatou NDIAYE-Faye") == "aissatou faye ndiaye")
        #expect(NameFold.folded("O’Brien, Seán") == "obrien sean" && NameFold.folded("O'Brien Sean") == "obrien sean")
        #expect(NameFold.folded("مُحَمَّد الأرشيف") == NameFold.folded("محمد الارشيف"))
        #expect(NameFold.folded("陈思远") == "陈思远" && NameFold.folded(" -- ") == "")
        #expect(NameFold.folded("Straße Łódź Ørsted") == "lodz orsted strasse")
    }

    @Test func nearNamesDifferInOneLetter() {
        func areNear(_ a: String, _ b: String) -> Bool {
            NameFold.areNear(Array(a.unicodeScalars), Array(b.unicodeScalars))
        }
        #expect(areNear("ndiaye", "ndiaye") && areNear("ndiaye", "ndaye") && areNear("ndiaye", "ndiayes"))
        #expect(areNear("ndiaye", "ndaiye") && areNear("ndiaye", "mdiaye"))
        #expect(!areNear("ndiaye", "ndaiey") && !areNear("abcd", "bcde") && !areNear("room1", "room2"))
    }

    // MARK: Against every pair

    /// The slow way: every pair of records, and groups by going through what is connected.
    private func slowly(_ people: [(id: ShortID, name: String, email: String, uid: String)]) -> Set<[ShortID]> {
        var groups: [[ShortID]] = []
        for one in people {
            let connected = groups.filter { group in
                people.contains { other in
                    group.contains(other.id)
                        && (one.uid == other.uid && one.uid != ""
                            || one.email == other.email && one.email != "" && one.name == other.name)
                }
            }
            groups.removeAll { connected.contains($0) }
            groups.append(connected.flatMap(\.self) + [one.id])
        }
        return Set(groups.filter { $0.count > 1 }.map { $0.sorted() })
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `certain groups are those of every pair`(seed: UInt64) throws {
        print("seed \(seed)")
        var random = SeededNumbers(seed)
        var store = QueryStore(scrambled: true)
        try store.admit("Sector", "type=sector-division")
        var people: [(id: ShortID, name: String, email: String, uid: String)] = []
        for _ in 0..<60 {
            let name = ["amina", "tomaz", "ilyana"].randomElement(using: &random) ?? ""
            let email = Bool.random(using: &random) ? "\(Int.random(in: 0..<15, using: &random))@example.org" : ""
            let uid = Int.random(in: 0..<3, using: &random) == 0 ? "u\(Int.random(in: 0..<12, using: &random))" : ""
            var words = ["display=\(name)"]
            if !email.isEmpty { words.append("emails=\(email)") }
            if !uid.isEmpty { words.append("uid=\(uid)") }
            people.append((try store.new("contact", words), name, email, uid))
        }
        let base = RecordBase(store, schema: .standard, language: "en", today: "2027-01-01")
        let groups = try DuplicateSearch(base).groups(.contact, onlyCertain: true)
        #expect(Set(groups.map { ([$0.survivor] + $0.others).sorted() }) == slowly(people), "seed \(seed)")
        #expect(groups.allSatisfy { $0.isCertain && $0.survivor < ($0.others.min() ?? $0.survivor) })
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `near names are those of every pair`(seed: UInt64) throws {
        print("seed \(seed)")
        var random = SeededNumbers(seed)
        var store = QueryStore(scrambled: true)
        try store.admit("Sector", "type=sector-division")
        var people: [(id: ShortID, name: String)] = []
        for _ in 0..<40 {
            var letters = Array("abcabcabc")
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let place = letters.indices.randomElement(using: &random) ?? 0
                switch Int.random(in: 0..<3, using: &random) {
                case 0: letters[place] = ["a", "b", "c"].randomElement(using: &random) ?? "a"
                case 1: letters.remove(at: place)
                default: letters.insert("d", at: place)
                }
            }
            people.append((try store.new("contact", "display=\(String(letters))", "country=SN"), String(letters)))
        }
        var near: Set<[ShortID]> = []
        var groups = people.map { Set([$0.id]) }
        for one in people {
            for other in people where one.id < other.id {
                guard NameFold.areNear(Array(one.name.unicodeScalars), Array(other.name.unicodeScalars)) else {
                    continue
                }
                let joined = groups.filter { $0.contains(one.id) || $0.contains(other.id) }
                groups.removeAll { joined.contains($0) }
                groups.append(joined.reduce(into: Set()) { $0.formUnion($1) })
            }
        }
        for group in groups where group.count > 1 { near.insert(group.sorted()) }
        let base = RecordBase(store, schema: .standard, language: "en", today: "2027-01-01")
        let found = try DuplicateSearch(base).groups(.contact, onlyCertain: false)
        #expect(Set(found.map { ([$0.survivor] + $0.others).sorted() }) == near, "seed \(seed)")
    }
}
