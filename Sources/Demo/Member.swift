/// Somebody who writes into the network: the Sector, an institute, or an advisor who works far from any office.
package struct Member: Sendable {
    /// What `--only` names: the short name of an organisation, or a word for an advisor.
    package let name: String
    /// The key of the organisation in whose name they write.
    package let organisation: String
    /// The language in which they write.
    let language: String
    /// The languages that they speak, their own first.
    let languages: [String]
    let country: String
    let zone: String
    /// Their city, in their own language and in English.
    let place: Place
    /// What the organisation is called, by language; empty for advisors.
    let names: [(language: String, text: String)]
    /// The notations of what they work on.
    let topics: [String]
    /// The country codes that the organisation serves.
    let serves: [String]
    /// So many days before the day of the demonstration nobody has heard from them any more; 0 for most.
    let silence: Int

    init(
        _ name: String, organisation: String? = nil, _ languages: [String], _ place: Place,
        names: [(language: String, text: String)] = [], topics: [String], serves: [String] = [], silence: Int = 0
    ) {
        self.name = name
        self.organisation = organisation ?? "org-\(name)"
        self.language = languages[0]
        self.languages = languages
        country = place.country
        zone = place.zone
        self.place = place
        self.names = names
        self.topics = topics
        self.serves = serves
        self.silence = silence
    }

    /// Whether it is an organisation, and no advisor who writes in the name of one.
    package var isOffice: Bool { organisation == "org-\(name)" }

    /// What their city is called in a text of a language.
    func placeName(_ language: String) -> String { language == self.language ? place.name : place.english }

    /// How the addresses of their web pages and mail end.
    var domain: String { "\(name.lowercased()).example.org" }
}

extension Member {
    /// The Sector's headquarters.
    static let sector = Member(
        "PAR", ["en", "fr"], Place("Paris", "Paris", "FR", "Europe/Paris"),
        names: Texts.languages.map { ($0, Texts.text("organisation.sector", 0, $0)) },
        topics: ["media", "information", "documentary-heritage", "digital"])

    /// The six institutes of the story.
    static let institutes: [Member] = [
        Member(
            "CCMS", ["fr", "en", "wo"], Place("Dakar", "Dakar", "SN", "Africa/Dakar"),
            names: [
                ("fr", "Centre des médias communautaires du Sahel"), ("en", "Sahel Centre for Community Media"),
            ],
            topics: ["community-media", "radio", "digital-skills", "oral-history"],
            serves: ["SN", "ML", "BF", "NE", "MR"]),
        Member(
            "GKAC", ["ar", "en"], Place("مسقط", "Muscat", "OM", "Asia/Muscat"),
            names: [("ar", "مركز الخليج للمعرفة والأرشيف"), ("en", "Gulf Centre for Knowledge and Archives")],
            topics: ["digital-archives", "documentary-heritage", "libraries"], serves: ["OM", "QA", "JO", "EG"]),
        Member(
            "MDHI", ["en", "lo", "vi"], Place("Vientiane", "Vientiane", "LA", "Asia/Vientiane"),
            names: [("en", "Mekong Digital Heritage Institute"), ("lo", "ສະຖາບັນມໍລະດົກດິຈິຕອນແມ່ນ້ຳຂອງ")],
            topics: ["digital-archives", "sound-archives", "multilingualism"], serves: ["LA", "VN", "NP"]),
        Member(
            "ACAL", ["en", "sl"], Place("Ljubljana", "Ljubljana", "SI", "Europe/Ljubljana"),
            names: [("en", "Alpine Centre for Access and Literacy"), ("sl", "Alpski center za dostop in pismenost")],
            topics: ["media-literacy", "information-accessibility", "open-educational-resources"], serves: ["SI"]),
        Member(
            "IRIA", ["es", "en"], Place("Montevideo", "Montevideo", "UY", "America/Montevideo"),
            names: [
                ("es", "Instituto Regional de Información y Alfabetización"),
                ("en", "Regional Institute for Information and Literacy"),
            ],
            topics: ["media-literacy", "community-media", "access-to-information"],
            serves: ["UY", "PY", "BO", "PE", "EC"], silence: 74),
        Member(
            "CAJSI", ["ru", "en", "kk"], Place("Алматы", "Almaty", "KZ", "Asia/Almaty"),
            names: [
                ("ru", "Центральноазиатский институт изучения журналистики"),
                ("en", "Central Asian Institute of Journalism Studies"),
            ],
            topics: ["journalism-education", "safety-of-journalists", "freedom-of-expression"],
            serves: ["KZ", "KG", "TJ", "UZ"]),
    ]

    /// An institute beyond those of the story; their cities and topics go through all pairs before any comes again.
    static func institute(_ number: Int, seed: UInt64) -> Member {
        var dice = Dice(seed: seed, "institute-\(number)")
        let language = Texts.languages[number % Texts.languages.count]
        let turn = number / Texts.languages.count
        let cities = Place.cities(language)
        let city = cities[turn % cities.count]
        let topic = Topic.narrow[(turn / cities.count + turn % cities.count * 3) % Topic.narrow.count]
        let round = turn / (cities.count * Topic.narrow.count)
        let initials = topic.split(separator: "-").compactMap(\.first).map { $0.uppercased() }.joined()
        // The number tells apart what happens to have the same letters.
        let name = "\(city.letters)-\(initials)\(number)"
        let words: (String) -> [String: String] = { tag in
            ["topic": Texts.topic(topic, tag), "place": tag == language ? city.name : city.english]
        }
        let suffix = round == 0 ? "" : " \(round + 1)"
        var names = [(language, Texts.text("organisation.institute", 0, language, words(language)) + suffix)]
        if language != "en" {
            names.append(("en", Texts.text("organisation.institute", 0, "en", words("en")) + suffix))
        }
        let others = Topic.narrow.filter { $0 != topic }
        return Member(
            name, language == "en" ? ["en"] : [language, "en"], city, names: names,
            topics: [topic] + dice.pick(2, of: others), serves: [city.country] + neighbours(of: city, &dice),
            silence: number % 7 == 3 ? dice.within(61...160) : 0)
    }

    private static func neighbours(of city: Place, _ dice: inout Dice) -> [String] {
        let language = Texts.languages.first { Place.cities($0).contains { $0.english == city.english } } ?? "en"
        var others: [String] = []
        for place in Place.cities(language) where place.country != city.country && !others.contains(place.country) {
            others.append(place.country)
        }
        return dice.pick(3, of: others)
    }
}

/// An advisor of the story.
struct Advisor {
    let person: PersonName
    let place: Place
    let languages: [String]
    let topics: [String]
    /// What `--only` names, for those who write themselves.
    let name: String?

    /// The ten of the story.
    static let all: [Advisor] = [
        Advisor(
            person: PersonName(
                family: "Ndiaye-Faye", given: "Aïssatou", latinFamily: "Ndiaye-Faye", latinGiven: "Aissatou",
                language: "fr"),
            place: Place("Dakar", "Dakar", "SN", "Africa/Dakar"), languages: ["fr", "wo", "en"],
            topics: ["community-media", "radio"], name: "NDIAYE"),
        Advisor(
            person: PersonName(
                family: "الخالدي", given: "عادل", latinFamily: "al-Khalidi", latinGiven: "Adil", language: "ar"),
            place: Place("مسقط", "Muscat", "OM", "Asia/Muscat"), languages: ["ar", "en"],
            topics: ["digital-archives", "libraries"], name: nil),
        Advisor(
            person: PersonName(
                family: "Nguyễn", given: "Đức Minh", latinFamily: "Nguyen", latinGiven: "Duc Minh", language: "vi"),
            place: Place("Hà Nội", "Hanoi", "VN", "Asia/Ho_Chi_Minh"), languages: ["vi", "en"],
            topics: ["digital-archives", "multilingualism"], name: nil),
        Advisor(
            person: PersonName(
                family: "Ёлкина", given: "Ильяна", latinFamily: "Yolkina", latinGiven: "Ilyana", language: "ru"),
            place: Place("Алматы", "Almaty", "KZ", "Asia/Almaty"), languages: ["ru", "kk", "en"],
            topics: ["journalism-education", "safety-of-journalists"], name: nil),
        Advisor(
            person: PersonName(
                family: "陈", given: "思远", latinFamily: "Chen", latinGiven: "Siyuan", language: "zh"),
            place: Place("北京", "Beijing", "CN", "Asia/Shanghai"), languages: ["zh", "en"],
            topics: ["open-science", "ethics-of-ai"], name: "CHEN"),
        Advisor(
            person: PersonName(
                family: "Ñáñez", given: "María José", latinFamily: "Nanez", latinGiven: "Maria Jose", language: "es"),
            place: Place("Montevideo", "Montevideo", "UY", "America/Montevideo"), languages: ["es", "pt"],
            topics: ["media-literacy", "access-to-information"], name: nil),
        Advisor(
            person: PersonName(
                family: "Žagar", given: "Tomaž", latinFamily: "Zagar", latinGiven: "Tomaz", language: "sl"),
            place: Place("Ljubljana", "Ljubljana", "SI", "Europe/Ljubljana"), languages: ["sl", "en", "de"],
            topics: ["open-educational-resources", "information-accessibility"], name: nil),
        Advisor(
            person: PersonName(
                family: "Mokoena", given: "Keletso", latinFamily: "Mokoena", latinGiven: "Keletso", language: "en"),
            place: Place("Harare", "Harare", "ZW", "Africa/Harare"), languages: ["en", "sn", "fr"],
            topics: ["radio", "gender-in-media", "digital-skills"], name: "MOKOENA"),
        Advisor(
            person: PersonName(
                family: "Taufa", given: "Losaline", latinFamily: "Taufa", latinGiven: "Losaline", language: "en"),
            place: Place("Apia", "Apia", "WS", "Pacific/Apia"), languages: ["en", "sm"],
            topics: ["climate-reporting", "oral-history"], name: "TAUFA"),
        Advisor(
            person: PersonName(
                family: "L’Écuyer", given: "Jean-Éric", latinFamily: "LEcuyer", latinGiven: "Jean-Eric",
                language: "fr"),
            place: Place("Port-au-Prince", "Port-au-Prince", "HT", "America/Port-au-Prince"), languages: ["fr", "ht"],
            topics: ["indigenous-languages", "community-media"], name: nil),
    ]

    /// The advisor as a writer, in the Sector's name.
    var member: Member? {
        name.map {
            Member($0, organisation: Member.sector.organisation, languages, place, topics: topics)
        }
    }
}
