import Records

/// Makes the records of a network one after the other, and remembers what later ones refer to.
struct Composer {
    /// Somebody who is in the address books.
    struct Person {
        let key: String
        /// The key of their organisation; nil for those who belong to none.
        let organisation: String?
        /// Who keeps the contact.
        let keeper: Member
        let language: String
        let isStaff: Bool
        let isAdvisor: Bool
        let topics: [String]
    }

    /// A record that others refer to.
    struct Item {
        let key: String
        let member: Member
        let topics: [String]
    }

    /// Records of one kind, also by the organisations that they belong to.
    struct Items {
        private(set) var all: [Item] = []
        private var byOrganisation: [String: [Item]] = [:]

        mutating func append(_ item: Item) {
            all.append(item)
            byOrganisation[item.member.organisation, default: []].append(item)
        }

        func of(_ member: Member) -> [Item] { byOrganisation[member.organisation] ?? [] }
    }

    let seed: UInt64
    let census: Census
    /// Days since 1970.
    let today: Int64
    let sector = Member.sector
    let institutes: [Member]
    /// The advisors who write themselves.
    let writers: [Member]
    var members: [Member] { [sector] + institutes + writers }
    private(set) var records: [DemoRecord] = []
    /// Where each key stands in `records`.
    private var places: [String: Int] = [:]

    private(set) var people: [Person] = []
    private var teams: [String: [Person]] = [:]
    /// The last one who was written down and works for nobody that is known here.
    var lastOutside: (name: PersonName, address: String)?
    var outsideCount = 0
    var donors: [Item] = []
    var others: [Item] = []
    var objectives = Items()
    var activities = Items()
    var photos = Items()
    var contributions = Items()
    var opportunities: [Item] = []
    var bids: [Item] = []
    var requests: [(key: String, from: Int, until: Int)] = []
    var meetings: [(key: String, day: Int)] = []
    var agendaItems: [Item] = []

    init(seed: UInt64, census: Census, today: Int64) {
        self.seed = seed
        self.census = census
        self.today = today
        let known = Member.institutes.count
        institutes =
            Member.institutes
            + (0..<max(0, census.institutes - known)).map { Member.institute($0 + known, seed: seed) }
        writers = Advisor.all.compactMap(\.member)
    }

    mutating func compose() {
        composeThemes()
        composeOrganisations()
        composeContacts()
        composeAgreements()
        composeObjectives()
        composeNotes()
        composeEngagements()
        composeActivities()
        composeIntroductions()
        composePhotos()
        composeContributions()
        composeIssues()
        composeSubscriptions()
        composeRequests()
        composePickups()
        composeMeetings()
        composeAgendas()
        composeReplies()
        composeDecisions()
        composeOpportunities()
        composeInterests()
        composeBids()
        composeSupports()
        composeInteractions()
        composeComments()
        composeViews()
    }

    // MARK: Adding

    /// Adds a record on its day, or on the first on which everything that it names is there.
    mutating func add(_ record: DemoRecord) {
        var record = record
        record.day = earliest(record.day, record.values, record.kind)
        var last = record.day
        for index in record.changes.indices {
            last = max(last, earliest(record.changes[index].day, record.changes[index].values, record.kind))
            record.changes[index].day = last
        }
        places[record.key] = records.count
        records.append(record)
    }

    /// Fills in something that is empty so far, on the first day on which it can be.
    mutating func amend(_ key: String, _ values: [Assignment], by author: String) {
        guard let place = places[key], !values.isEmpty else { return }
        let kind = records[place].kind
        let after = records[place].changes.last?.day ?? records[place].day
        records[place].fill(values, by: author, on: earliest(after, values, kind))
    }

    private func earliest(_ day: Int, _ values: [Assignment], _ kind: Kind) -> Int {
        values.reduce(day) { day, value in
            value.references(kind).reduce(day) { max($0, self.day(of: $1) ?? $0) }
        }
    }

    /// The day on which a record was written.
    func day(of key: String) -> Int? { places[key].map { records[$0].day } }

    /// Whether a record is there already.
    func has(_ key: String) -> Bool { places[key] != nil }

    // MARK: Days, texts and people

    func dice(_ key: String) -> Dice { Dice(seed: seed, key) }

    /// `YYYY-MM-DD` of a day counted from today.
    func date(_ day: Int) -> String { CivilTime.date(ofDay: today + Int64(day)) }

    /// An hour of that day in UTC.
    func instant(_ day: Int, _ hour: Int) -> String { "\(date(day))T\(hour < 10 ? "0" : "")\(hour):00:00Z" }

    func year(_ day: Int) -> String { String(date(day).prefix(4)) }

    /// The languages in which a member writes for everybody: its own and English.
    func languages(_ member: Member) -> [String] {
        if member.name == sector.name { return ["en", "fr"] }
        return member.language == "en" || !Texts.languages.contains(member.language) ? ["en"] : [member.language, "en"]
    }

    /// A text in a language, with the words for topics and places of a member.
    func text(
        _ key: String, _ variant: Int, _ language: String, topic: String? = nil, of member: Member? = nil,
        _ more: [String: String] = [:]
    ) -> String {
        var words = more
        if let topic { words["topic"] = Texts.topic(topic, language) }
        if let member {
            words["place"] = member.placeName(language)
            words["org"] = member.name
        }
        return Texts.text(key, variant, language, words)
    }

    /// The first of a member's own languages that texts exist in.
    func tongue(_ member: Member) -> String { languages(member)[0] }

    /// A day on which somebody gave a sign: not after the last one of a member who has fallen silent.
    func sign(_ day: Int, of member: Member) -> Int { min(day, -member.silence, 0) }

    /// Adds somebody to the address books.
    mutating func add(_ record: DemoRecord, _ person: Person) {
        add(record)
        people.append(person)
        if person.isStaff, let organisation = person.organisation { teams[organisation, default: []].append(person) }
    }

    /// The people who work for an organisation.
    func staff(_ organisation: String) -> [Person] { teams[organisation] ?? [] }

    /// The contacts who use the members' devices: the heads of the offices, and the advisors themselves.
    var persons: [String: String] {
        var persons: [String: String] = [:]
        for member in [sector] + institutes { persons[member.name] = staff(member.organisation).first?.key }
        for (index, advisor) in Advisor.all.enumerated() {
            if let name = advisor.name { persons[name] = "contact-\(index)" }
        }
        return persons
    }

    /// The member of the name.
    func member(_ name: String) -> Member { members.first { $0.name == name } ?? sector }

    /// The one whose turn it is: the Sector writes one in so many, and institutes go round.
    func author(_ index: Int, sectorEach: Int) -> Member {
        if index % sectorEach == sectorEach - 1 { return sector }
        return institutes[(index - index / sectorEach) % institutes.count]
    }
}
