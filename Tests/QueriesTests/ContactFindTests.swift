import Bytes
import Crypto
import Testing

@testable import Queries

@Suite struct ContactFindTests {
    private struct Network {
        var store = QueryStore()
        let sector, iria, amina, minh, nuhas: ShortID

        init() throws {
            iria = try store.admit("River", "type=c2", "country=UY")
            sector = try store.admit("Sector", "type=sector-division", "country=FR")
            try store.new("theme", "notation=rivers", "name=Rivers", "broader=water")
            amina = try store.new(
                "contact", "display=Aïssatou Ndiaye", "country=SN", "languages=fr", "expertise=rivers", "expertise=law",
                "consent.basis=consent", #"affiliations={"organisation":"Coast Institute"}"#)
            minh = try store.new(
                "contact", "display=Nguyễn Đức Minh", "country=VN", "languages=vi", "languages=en-GB",
                "expertise=water",
                "consent.basis=unknown", sector.of("org"))
            nuhas = try store.new("contact", "display=Nuhas", "native_name.ar=نُحَّاس", "country=MR", "languages=ar")
            try store.new(
                "introduction", minh.of("subject"), "rationale=knows rivers", "consent=asked", iria.of("proposed_by"))
            for (day, people) in [("2026-01-05", [minh]), ("2026-02-07", [minh, amina]), ("2026-04-01", [minh])] {
                try store.new(
                    "interaction",
                    ["when=\(day)T10:00:00Z", "channel=call", "subject=s", sector.of("orgs")]
                        + people.map { $0.of("people") })
            }
        }

        func found(_ options: (String, String?)...) throws -> [ShortID?] {
            let options: [(name: String, value: String?)] = options.map { ($0.0, $0.1) }
            return try store.ask(ContactFind.self, options: options, today: "2026-03-01").document.rows("contacts")
                .map { $0["contact"]?.text.flatMap { ShortID(hex: $0) } }
        }
    }

    @Test func peopleAreFoundByWhatTheyKnowAndWhereTheyAre() throws {
        let net = try Network()
        #expect(try net.found() == [net.amina, net.minh, net.nuhas])
        #expect(try net.found(("expertise", "water")) == [net.minh, net.amina])
        #expect(try net.found(("expertise", "rivers")) == [net.amina, net.minh])
        #expect(try net.found(("expertise", "water"), ("expertise", "law")) == [net.amina])
        #expect(try net.found(("country", "sn"), ("country", "VN")) == [net.amina, net.minh])
        #expect(try net.found(("region", "011")) == [net.amina, net.nuhas])
        #expect(try net.found(("region", "africa")) == [net.amina])
        #expect(try net.found(("region", "arab-states")) == [net.nuhas])
        #expect(try net.found(("region", "011"), ("country", "VN")) == [])
        #expect(try net.found(("language", "en")) == [net.minh])
        #expect(try net.found(("language", "en"), ("language", "vi")) == [net.minh])
        #expect(try net.found(("consent-ok", nil)) == [net.amina])
        #expect(throws: QueryError.self) { try net.found(("region", "atlantis")) }
        #expect(throws: QueryError.self) { try net.found(("country", "011")) }
    }

    @Test func wordsAreFoundWithoutCaseAndMarks() throws {
        let net = try Network()
        #expect(try net.found(("text", "DUC nguyen")) == [net.minh])
        #expect(try net.found(("text", "aissatou"), ("text", "coast")) == [net.amina])
        #expect(try net.found(("text", "نحاس")) == [net.nuhas])
        #expect(try net.found(("text", "nobody")) == [])
        #expect(Folding.fold("Straße Ёлкина İstanbul Œuvre Łódź") == "strasse елкина istanbul oeuvre lodz")
        #expect(Folding.fold("الأرشيف") == Folding.fold("الارشيف") && Folding.fold("مكتبة ى") == "مكتبه ي")
        #expect(Folding.fold("Άννα ١٢٣ 教科文") == "αννα 123 教科文")
    }

    @Test func rowsSayWhoIntroducedThemAndWhenSomebodySpokeToThem() throws {
        let net = try Network()
        let rows = try net.store.ask(ContactFind.self, today: "2026-03-01").document.rows("contacts")
        #expect(
            rows.map { $0.texts("organisation", "consent", "introducedBy", "lastInteraction") } == [
                ["Coast Institute", "consent", "", "2026-02-07"],
                [net.sector.hex, "unknown", net.iria.hex, "2026-02-07"], ["—", "unknown", "", "—"],
            ])
    }

    @Test func consentThatPeopleDisagreeAboutIsNone() throws {
        var net = try Network()
        try net.store.setApart(net.amina, ["consent.basis=contract"], ["consent.basis=public-figure"])
        #expect(try net.found(("consent-ok", nil)) == [])
    }

    /// Against a model that asks every condition of every contact.
    @Test(arguments: 1...60)
    func theAnswerIsThatOfTheModel(seed: Int) throws {
        var draws = Draws(UInt64(seed))
        var store = QueryStore(scrambled: true)
        try store.admit("Sector", "type=sector-division", "country=FR")
        try store.new("theme", "notation=rivers", "name=Rivers", "broader=water")
        struct Contact {
            let name, country, consent: String
            let languages, expertise: [String]
            var id = ShortID()
        }
        var contacts = (0..<6).map { _ in
            Contact(
                name: draws.one(["Ana", "Béla", "ana", "Ørn"]), country: draws.one(["SN", "TR", "KZ"]),
                consent: draws.one(["unknown", "contract"]), languages: draws.some(["fr", "ru"], 50),
                expertise: draws.some(["water", "rivers", "law"], 40))
        }
        for index in contacts.indices {
            let one = contacts[index]
            contacts[index].id = try store.new(
                "contact",
                ["display=\(one.name)", "country=\(one.country)", "consent.basis=\(one.consent)"]
                    + one.languages.map { "languages=\($0)" } + one.expertise.map { "expertise=\($0)" })
        }
        let expertise = draws.some(["water", "rivers", "law"], 30)
        let language = draws.one([nil, nil, "ru"])
        let region = draws.one([nil, nil, "145", "asia-pacific"])
        let needsConsent = draws.chance(30)
        let text = draws.one([nil, nil, "ÁNA", "orn"])
        func halves(_ contact: Contact, _ wanted: String) -> Int {
            if contact.expertise.contains(wanted) { return 2 }
            return contact.expertise.contains { Set([$0, wanted]) == ["water", "rivers"] } ? 1 : 0
        }
        let plain = ["Ana": "ana", "ana": "ana", "Béla": "bela", "Ørn": "orn"]
        let expected = contacts.filter { contact in
            expertise.allSatisfy { halves(contact, $0) > 0 } && (language.map(contact.languages.contains) ?? true)
                && (region.map { contact.country == ($0 == "145" ? "TR" : "KZ") } ?? true)
                && (!needsConsent || contact.consent == "contract")
                && (text.map { plain[contact.name] == ($0 == "orn" ? "orn" : "ana") } ?? true)
        }.sorted { a, b in
            let (first, second) = [a, b].map { one in expertise.reduce(0) { $0 + halves(one, $1) } }.pair
            if first != second { return first > second }
            let (left, right) = (plain[a.name] ?? "", plain[b.name] ?? "")
            return left != right ? left < right : a.id < b.id
        }
        var options: [(name: String, value: String?)] = expertise.map { ("expertise", $0) }
        if let language { options.append(("language", language)) }
        if let region { options.append(("region", region)) }
        if let text { options.append(("text", text)) }
        if needsConsent { options.append(("consent-ok", nil)) }
        let rows = try store.ask(ContactFind.self, options: options, today: "2026-03-01").document.rows("contacts")
        #expect(rows.map { $0["contact"] } == expected.map { $0.id.document }, "seed \(seed)")
    }
}

extension [Int] {
    /// The first two.
    fileprivate var pair: (Int, Int) { (self[0], self[1]) }
}
