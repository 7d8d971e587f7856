import Foundation
import Testing

// Goal: step 16 of the story, the annual review meeting, on real nodes.
@Suite(.serialized) struct StoryMeetingTests {
    /// `YYYY-MM-DD` of today in UTC.
    private static let today = String(Date().ISO8601Format().prefix(10))

    @Test func `story 16: agenda, replies and a pack that is the same on every node`() throws {
        let cast = try Cast(["CCMS", "GKAC"])
        let (dakar, muscat) = (try cast["CCMS"], try cast["GKAC"])
        let person = try cast.contact("Amina Ndiaye", "org=\(cast.id("CCMS"))")
        let meeting = try cast.par.new(
            "meeting", "type=annual-review", "edition=2030", "title.en=Annual review meeting 2030",
            "title.fr=Réunion annuelle d’examen 2030", "title.ar=اجتماع الاستعراض السنوي 2030",
            "period.start=2030-10-05T08:00:00Z", "period.end=2030-10-07T16:00:00Z", "period.zone=Europe/Paris",
            "place=Paris", "participants=\(person)")
        try cast.meet()

        // Everybody proposes points, apart.
        try cast.part()
        let opening = try cast.par.new("agenda_item", "meeting=\(meeting)", "title=Opening", "minutes=15")
        let radio = try dakar.new("agenda_item", "meeting=\(meeting)", "title.fr=Radio et climat", "minutes=30")
        let archives = try muscat.new("agenda_item", "meeting=\(meeting)", "title.ar=الأرشيفات الرقمية", "minutes=45")
        let reply = try dakar.new("rsvp", "meeting=\(meeting)", "person=\(person)", "answer=yes")
        #expect(try cast.par.new("rsvp", "meeting=\(meeting)", "person=\(person)", "answer=yes") == reply)
        try cast.meet()
        for node in cast.federation.nodes {
            #expect(try node.call("list", "rsvp")["records"].items.map { $0["id"].text } == [reply])
        }
        try cast.par.call("set", meeting, "agenda=\(opening)", "agenda=\(radio)", "agenda=\(archives)")
        try cast.meet()
        // Two put it into another order at the same time.
        try cast.part()
        try cast.par.call("move", meeting, "agenda", "3", "--before", "2")
        try dakar.call("move", meeting, "agenda", "1", "--last")
        try cast.meet()
        var orders: Set<[String]> = []
        for node in cast.federation.nodes { orders.insert(try node.call("show", meeting)["fields"]["agenda"].texts) }
        #expect(orders.count == 1 && orders.first?.sorted() == [opening, radio, archives].sorted())
        #expect(orders.first == [archives, radio, opening])
        try cast.par.call("set", meeting, "state=convened")
        try cast.meet()

        try packsAreEqual(cast, meeting, [archives, radio, opening])
        try changesRaiseTheSequence(cast, meeting)
    }

    private func packsAreEqual(_ cast: Cast, _ meeting: String, _ order: [String]) throws {
        for language in ["fr", "en", "ar"] {
            var packs: [[String: Data]] = []
            for node in cast.federation.nodes {
                packs.append(try pack(node, "\(node.home).pack.\(language)", language))
            }
            #expect(packs[0].count > 10 && packs[0]["pack.html"] != nil && packs[0]["meeting.ics"] != nil)
            #expect(packs[1] == packs[0] && packs[2] == packs[0], "\(language)")
            let page = String(decoding: packs[0]["pack.html"] ?? Data(), as: UTF8.self)
            let title = ["fr": "Réunion annuelle", "en": "Annual review", "ar": "اجتماع الاستعراض"][language] ?? ""
            #expect(page.contains(title))
            #expect(page.contains(#"dir="rtl""#) == (language == "ar"))
        }
        let rows = try cast.par.call("meeting", "pack", meeting, "--at", Self.today)
        #expect(rows["agenda"].items.compactMap { $0["id"].text } == order)
        #expect(rows["participants"].items.map { $0["answer"].text } == ["yes"])
    }

    @Test func `story 16: what has not been heard of for long is marked as stale`() throws {
        let cast = try Cast(["CCMS"])
        let muscat = Installation("GKAC", in: cast.federation.folder)
        // The clock of a node that was last used 40 days ago.
        muscat.clock = "-40d"
        let code = try #require(try cast.par.call("invite", "--organisation", "GKAC")["code"].text)
        try muscat.call("join", code, "--device", "muscat", "--language", "ar")
        let gkac = try #require(try muscat.call("status")["organisation"]["id"].text)
        try muscat.call("set", gkac, "short=GKAC", "type=c2", "country=OM", "status=designated")
        try muscat.call("sync", cast.par.address)
        try cast.meet()
        let rows = try cast.par.call(
            "meeting", "pack", "--since", "2020-01-01", "--at", Self.today)["freshness"].items
        let stale = Dictionary(
            rows.map { ($0["org"].text ?? "", $0["stale"].flag) }, uniquingKeysWith: { first, _ in first })
        #expect(stale == [try cast.id("PAR"): false, try cast.id("CCMS"): false, gkac: true])
        let days = rows.first { $0["org"].text == gkac }?["days"].number ?? 0
        #expect((39...41).contains(days))
    }

    private func changesRaiseTheSequence(_ cast: Cast, _ meeting: String) throws {
        func sequence(_ node: Installation, _ name: String) throws -> Int {
            let files = try pack(node, "\(node.home).\(name)", "en")
            let text = String(decoding: files["meeting.ics"] ?? Data(), as: UTF8.self)
            let line = text.split(separator: "\r\n").first { $0.hasPrefix("SEQUENCE:") } ?? ""
            return try #require(Int(line.dropFirst("SEQUENCE:".count)))
        }
        let before = try sequence(cast.par, "before")
        try cast["CCMS"].call("set", meeting, "place=Dakar")
        try cast.meet()
        for node in cast.federation.nodes { #expect(try sequence(node, "after") > before) }
    }

    /// The files of a pack.
    private func pack(_ node: Installation, _ folder: String, _ language: String) throws -> [String: Data] {
        try node.call("meeting", "pack", "--language", language, "--at", Self.today, "--directory", folder)
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            files[name] = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
        }
        return files
    }
}
