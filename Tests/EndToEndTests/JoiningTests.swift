import Foundation
import Testing

// Goal: every way in which a code can fail has its own message and exit code, and leaves no home behind.
@Suite(.serialized) struct JoiningTests {
    /// A network of one node that serves, and a code for a new organisation.
    private struct Door {
        let folder: Folder
        let founder: Installation
        let code: String

        init() throws {
            let federation = try Federation([])
            folder = federation.folder
            founder = federation.nodes[0]
            code = try #require(try founder.call("invite", "--organisation", "Institute")["code"].text)
        }

        /// Requires that joining with a code fails so, and that nothing is left of the home.
        func refuses(
            _ code: String, _ exitCode: Int32, _ text: String, clock: String? = nil,
            at place: SourceLocation = #_sourceLocation
        ) throws {
            let newcomer = Installation("newcomer-\(UUID().uuidString)", in: folder)
            newcomer.clock = clock
            try newcomer.refuse("join", code, "--device", "late", code: exitCode, saying: text, at: place)
            #expect(!FileManager.default.fileExists(atPath: newcomer.home), sourceLocation: place)
        }
    }

    @Test func aDamagedCodeIsRefusedBeforeDialling() throws {
        let door = try Door()
        var wrong = Array(door.code)
        wrong[40] = wrong[40] == "a" ? "b" : "a"
        try door.refuses(String(wrong), 6, "damaged: a character of it is wrong")
        try door.refuses(String(door.code.dropLast(8)), 6, "damaged")
        try door.refuses(door.code + "aaaaaaaa", 6, "damaged")
        try door.refuses(door.code.replacing("a", with: "!"), 6, "damaged: it has characters that no code has")
        try door.refuses("", 6, "damaged")
        try door.refuses("x", 6, "damaged")
        // In capitals and with blanks it is the same code.
        let newcomer = Installation("dakar", in: door.folder)
        let joined = try newcomer.call("join", door.code.uppercased(), "--device", "dakar")
        #expect(joined["organisation"]["name"].text == "Institute")
        #expect(joined["device"]["name"].text == "dakar" && joined["network"]["name"].text == "Demo")
    }

    @Test func aCodeWorksOnce() throws {
        let door = try Door()
        let first = Installation("first", in: door.folder)
        try first.call("join", door.code, "--device", "first")
        try door.refuses(door.code, 4, "the code was used already")
        try first.refuse("join", door.code, "--device", "again", code: 1, saying: "is in use by a node already")
        try door.founder.refuse("invite", "--cancel", door.code, code: 1, saying: "that code was used already")
        try #expect(door.founder.call("device", "list")["devices"].items.count == 2)
    }

    @Test func aCancelledCodeIsOver() throws {
        let door = try Door()
        try #expect(door.founder.call("invite", "--cancel", door.code)["code"].text == door.code)
        try door.refuses(door.code, 4, "cancelled")
        try first(door).refuse("invite", "--cancel", door.code, code: 3, saying: "has not issued that code")
        try door.founder.refuse("invite", "--cancel", "nonsense", code: 6, saying: "damaged")
    }

    private func first(_ door: Door) throws -> Installation {
        let other = Installation("other", in: door.folder)
        let code = try #require(try door.founder.call("invite", "--organisation", "Other")["code"].text)
        try other.call("join", code, "--device", "other")
        return other
    }

    @Test func aCodeExpiresByTheClockOfItsIssuer() throws {
        let door = try Door()
        // The clock of the joiner does not count.
        let late = Installation("late", in: door.folder)
        let other = try #require(try door.founder.call("invite", "--organisation", "Late")["code"].text)
        late.clock = "@2099-01-01 00:00:00"
        try late.call("join", other, "--device", "late")
        try door.founder.stop()
        door.founder.clock = "+13d"
        try door.founder.serve()
        let early = try #require(try door.founder.call("invite", "--organisation", "Early")["code"].text)
        try door.founder.stop()
        door.founder.clock = "+15d"
        try door.founder.serve()
        try door.refuses(door.code, 4, "older than 14 days")
        let inTime = Installation("early", in: door.folder)
        try inTime.call("join", early, "--device", "early")
    }

    @Test func aCodeThatItsIssuerDoesNotKnow() throws {
        let door = try Door()
        try door.founder.stop()
        // The inviter was restored from a copy that is older than the code.
        try door.folder.shell("/bin/cp", "-a", door.founder.home, door.founder.home + ".old")
        let code = try #require(try door.founder.call("invite", "--organisation", "Later")["code"].text)
        try door.folder.shell("/bin/rm", "-r", door.founder.home)
        try door.folder.shell("/bin/mv", door.founder.home + ".old", door.founder.home)
        try door.founder.serve()
        try door.refuses(code, 4, "does not know the code")
    }

    @Test func aCodeOfAnotherNetwork() throws {
        let door = try Door()
        try door.founder.stop()
        let other = Installation("other", in: door.folder)
        try other.call("init", "--network", "Other", "--organisation", "Other", "--device", "other")
        let process = try other.start(["serve", "--listen", door.founder.address])
        defer { process.kill() }
        try eventually("another network's node listens") { process.output.hasSuffix("\n") }
        try door.refuses(door.code, 4, "belongs to another network")
        // Nor do members of two networks sync.
        let result = try door.founder.call("sync", door.founder.address, code: 1)
        #expect(result["peers"][0]["result"].text == "refused")
        #expect(process.isRunning)
    }

    @Test func theInviterIsAway() throws {
        let door = try Door()
        try door.founder.stop()
        try door.refuses(door.code, 7, "does not answer")
        try door.founder.serve()
        // Nothing was lost by that: the code still works.
        let newcomer = Installation("newcomer", in: door.folder)
        try newcomer.call("join", door.code, "--device", "newcomer")
    }

    @Test func onlyAdminsInviteAndOnlyToWhatIsTheirs() throws {
        let federation = try Federation([("dakar", "Institute"), ("laptop", nil)])
        let (sector, institute, laptop) = (federation.nodes[0], federation.nodes[1], federation.nodes[2])
        try federation.meet()
        try institute.refuse("invite", "--organisation", "New", code: 4, saying: "only admins of the Sector")
        try institute.refuse("invite", "--organisation", "Sector", code: 4, saying: "only its own admins")
        try laptop.refuse("invite", "--organisation", "Sector", code: 4, saying: "only admins of Sector")
        try laptop.refuse("invite", "--organisation", "New", code: 4, saying: "only admins of the Sector")
        try sector.refuse("invite", "--organisation", "Institute", code: 4, saying: "only its own admins")
        try sector.refuse("invite", "--organisation", "", code: 2, saying: "whom do you invite")
        try sector.refuse("invite", code: 2, saying: "whom do you invite")
        try sector.refuse(
            "invite", "--organisation", String(repeating: "x", count: 5_000), code: 6, saying: "at most")
        try sector.refuse("invite", "--organisation", "New", "--address", "nowhere", code: 6, saying: "HOST:PORT")

        // The second device of an institute, admitted by the institute itself.
        try institute.serve()
        let code = try #require(try institute.call("invite", "--organisation", "Institute")["code"].text)
        let field = Installation("field", in: federation.folder)
        let joined = try field.call("join", code, "--device", "field")
        #expect(joined["organisation"]["name"].text == "Institute")
        try field.refuse("invite", "--organisation", "Institute", code: 4, saying: "only admins of Institute")
        let contact = try field.new("contact", "display=Written by a second device")
        try field.call("sync", institute.address)
        try institute.call("sync", sector.address)
        try #expect(sector.call("show", contact)["fields"]["display"].text == "Written by a second device")
        let devices = try sector.call("device", "list")["devices"].items
        #expect(devices.compactMap { $0["name"].text }.sorted() == ["dakar", "field", "laptop", "paris"])
        let organisations = devices.map { $0["organisation"].description }
        #expect(Set(organisations).count == 2)
    }
}
