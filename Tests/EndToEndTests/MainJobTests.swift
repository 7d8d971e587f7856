import Foundation
import Testing

// Goal: the main job, by three processes with three stores. Everybody edits apart, they meet over TCP, nobody lost an
// edit, a person decides the one real conflict.
@Suite(.serialized) struct MainJobTests {
    private static let table = sourceRoot + "/Examples/contacts-fictional.csv"

    @Test(arguments: [false, true]) func threeNodesEditApartAndAgree(servedCommands: Bool) throws {
        let federation = try Federation([("dakar", "Institute of Water"), ("laptop", nil)])
        let (sector, institute, laptop) = (federation.nodes[0], federation.nodes[1], federation.nodes[2])
        try federation.meet()
        try federation.requireEqual()
        try sector.stop()

        let imported = try sector.call("import", "csv", Self.table, "--kind", "contact")
        let count = try #require(imported["created"].number)
        #expect(count >= 20 && imported["refused"].items.isEmpty)
        #expect(try sector.call("import", "csv", Self.table, "--kind", "contact")["unchanged"].number == count)
        let opportunity = try sector.new("opportunity", "title=Water grants", "countries_eligible=SN")
        try sector.serve()
        try federation.meet()
        let before = try federation.requireEqual()
        try sector.stop()

        // Apart.
        let contacts = try sector.call("list", "contact")["records"].items.compactMap { $0["id"].text }
        #expect(contacts.count == count)
        if servedCommands {
            for node in [institute, laptop] { try node.call("peer", "remove", "inviter") }
            for node in federation.nodes { try node.serve() }
        }
        try sector.call("set", contacts[0], "primary_email=paris@example.org", "country=FR")
        try institute.call("set", contacts[0], "primary_email=dakar@example.org")
        try laptop.call("set", contacts[1], "honorific=Dr")
        try laptop.call("add", contacts[0], "languages=wo", "emails=new@example.org")
        try institute.call("add", contacts[0], "languages=vi")
        try sector.call("delete", contacts[2])
        try laptop.call("set", contacts[2], "country=IS")
        try institute.call("delete", contacts[3])
        let written = try laptop.new("contribution", "title=Field report", "type=report")
        let all = try federation.nodes.map { try $0.digests() }
        #expect(Set(all + [before]).count == 4)

        // They meet. (No contact of the table is in Iceland: the edit of the deleted one is an edit.)
        if servedCommands {
            for node in federation.nodes.dropFirst() {
                try node.call("peer", "add", "paris", sector.address)
                try node.call("wait", "paris", "--timeout", "30")
            }
            try eventually("all hold the same") { Set(try federation.nodes.map { try $0.digests() }).count == 1 }
        } else {
            try sector.serve()
            try federation.meet()
        }
        try federation.requireEqual()

        for node in federation.nodes {
            let conflicts = try node.call("conflicts", code: 5)
            #expect(conflicts["conflicts"].items.count == 1)
            let conflict = conflicts["conflicts"][0]
            #expect(conflict["id"].text == contacts[0] && conflict["field"].text == "primary_email")
            let values = conflict["values"].items
            #expect(Set(values.compactMap { $0["value"].text }) == ["paris@example.org", "dakar@example.org"])
            #expect(Set(values.map { $0["organisation"].description }).count == 2)
            let names = try node.call("device", "list")["devices"].items
            for value in values {
                let device = names.first { $0["id"].text == value["device"].text }
                #expect(device?["name"].text == (value["value"].text == "paris@example.org" ? "paris" : "dakar"))
            }
            let shown = try node.call("show", contacts[0])
            #expect(Set(shown["fields"]["languages"].texts).isSuperset(of: ["wo", "vi"]))
            #expect(shown["fields"]["emails"].texts.contains("new@example.org"))
            #expect(shown["fields"]["country"].text == "FR")
            let contested = try node.call("show", contacts[2])
            #expect(contested["deleted"].flag == false && contested["contested"].items.count == 1)
            #expect(contested["fields"]["country"].text == "IS")
            #expect(try node.call("show", contacts[3])["deleted"].flag == true)
            #expect(try node.call("show", written)["fields"]["title"]["en"].text == "Field report")
            #expect(try node.call("show", opportunity)["kind"].text == "opportunity")
        }
        try institute.refuse("set", contacts[0], "primary_email=third@example.org", code: 5, saying: "primary_email")

        // A person decides.
        let values = try institute.call("show", contacts[0])["conflicts"]["primary_email"].items
        let keep = try #require(values.firstIndex { $0["value"].text == "dakar@example.org" })
        let resolved = try institute.call(
            "resolve", contacts[0], "primary_email", "--keep", "\(keep + 1)", "--because", "asked by telephone")
        #expect(resolved["entry"].text?.count == 64)
        if servedCommands {
            try eventually("all hold the same again") { Set(try federation.nodes.map { try $0.digests() }).count == 1 }
        } else {
            try federation.meet()
        }
        try federation.requireEqual()
        for node in federation.nodes {
            #expect(try node.call("conflicts")["conflicts"].items.isEmpty)
            #expect(try node.call("show", contacts[0])["fields"]["primary_email"].text == "dakar@example.org")
            #expect(try node.call("history", contacts[0]).description.contains("asked by telephone"))
            #expect(try node.call("verify")["ok"].flag == true)
        }
    }

    @Test func aSoftConflictIsANoteAndNobodyIsAsked() throws {
        let federation = try Federation([("dakar", "Institute of Water")], .specimen)
        let (sector, institute) = (federation.nodes[0], federation.nodes[1])
        let id = try sector.new("specimen", "soft=first", "hard=same", "state=green", "set=a", "set=b")
        try federation.meet()
        try sector.stop()
        try sector.call("set", id, "soft=Paris", "hard=equal", "map.fr=un", "hard_map.en=x", "state=yellow")
        try institute.call("set", id, "soft=Dakar", "hard=equal", "map.fr=deux", "hard_map.fr=y", "state=red")
        try sector.call("remove", id, "set=a", "set=b")
        try institute.call("set", id, "set=a", "set=c")
        try sector.serve()
        try federation.meet()
        try federation.requireEqual()
        let shown = try federation.nodes.map { try $0.call("show", id) }
        #expect(shown[0].description == shown[1].description)
        let one = shown[0]
        #expect(Set(one["soft"]["soft"].items.compactMap { $0["value"].text }) == ["Paris", "Dakar"])
        #expect(["Paris", "Dakar"].contains(one["fields"]["soft"].text))
        #expect(one["fields"]["hard"].text == "equal" && one["conflicts"]["hard"].items.isEmpty)
        #expect(one["fields"]["hard_map"].names == ["en", "fr"])
        #expect(one["fields"]["state"]["state"].text == "red")
        #expect(one["fields"]["state"]["concurrent"].items.count == 2)
    }
}
