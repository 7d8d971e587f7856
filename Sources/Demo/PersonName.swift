/// The name of a fictional person.
struct PersonName {
    let family: String
    let given: String
    /// In Latin letters without marks, for addresses.
    let latinFamily: String
    let latinGiven: String
    /// The language of the script in which the name is written.
    let language: String

    /// As the person is addressed.
    var display: String {
        switch language {
        case "zh": family + given
        case "vi": "\(family) \(given)"
        default: "\(given) \(family)"
        }
    }

    /// The name that a list of a language has at two numbers.
    init(_ language: String, _ first: Int, _ second: Int) {
        let list = NameList.of(language)
        let given = list.given[first % list.given.count]
        // Where families have two forms, the second half of the given names takes the second.
        let isSecond = list.hasTwoForms && first % list.given.count >= list.given.count / 2
        let family = list.family[second % list.family.count]
        self.language = list.language
        (self.given, latinGiven) = NameList.split(given)
        var (name, latin) = NameList.split(family)
        if isSecond, name.hasSuffix("в") { (name, latin) = (name + "а", latin + "a") }
        (self.family, latinFamily) = (name, latin)
    }

    init(family: String, given: String, latinFamily: String, latinGiven: String, language: String) {
        self.family = family
        self.given = given
        self.latinFamily = latinFamily
        self.latinGiven = latinGiven
        self.language = language
    }

    /// `losaline.taufa`.
    var address: String {
        func part(_ text: String) -> String {
            String(text.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
        }
        return "\(part(latinGiven)).\(part(latinFamily))"
    }
}

/// Given and family names of a language; `native|Latin` where the two differ.
private struct NameList {
    let language: String
    let given: [String]
    let family: [String]
    var hasTwoForms = false

    static func split(_ name: String) -> (native: String, latin: String) {
        let parts = name.split(separator: "|").map(String.init)
        return (parts[0], parts.count > 1 ? parts[1] : parts[0])
    }

    static func of(_ language: String) -> NameList { lists[language] ?? english }

    private static let lists: [String: NameList] = [
        "fr": french, "es": spanish, "ru": russian, "ar": arabic, "zh": chinese, "vi": vietnamese, "lo": lao,
        "sl": slovenian,
    ]

    private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    private static let english = NameList(
        language: "en",
        given: words("Sione Mele Rudo Thabo Lindiwe Peni Grace Farai Naledi Viliami Chipo Joseph Tendai Ana Kagiso"),
        family: words("Moyo Ncube Fonoti Leota Dube Sibanda Molefe Phiri Banda Nkosi Faleolo Tamapua Otieno Mensah"))

    private static let french = NameList(
        language: "fr",
        given: words(
            "Ousmane Fatoumata Mamadou Awa Ibrahima Mariama Cheikh Khady Abdoulaye Ndèye|Ndeye Moussa Adama Rokhaya"
                + " Souleymane Aïcha|Aicha Rose-Éliane|Rose-Eliane"),
        family: words(
            "Ndiaye Sow Traoré|Traore Keïta|Keita Ouédraogo|Ouedraogo Diallo Sarr Kaboré|Kabore Cissé|Cisse Bâ|Ba Fall"
                + " Camara Touré|Toure Sané|Sane Rakoto"))

    private static let spanish = NameList(
        language: "es",
        given: words(
            "Lucía|Lucia Martín|Martin Sofía|Sofia Joaquín|Joaquin Valentina Rodrigo Camila Ignacio Florencia"
                + " Andrés|Andres Paula Gastón|Gaston Cecilia Esteban"),
        family: words(
            "Pereyra Acosta Silveira Rodríguez|Rodriguez Cabrera Olivera Méndez|Mendez Techera Núñez|Nunez Bentancor"
                + " Suárez|Suarez Vidal Quiroga Ledesma"))

    private static let russian = NameList(
        language: "ru",
        given: words(
            "Данияр|Daniyar Тимур|Timur Алексей|Aleksei Ерлан|Yerlan Рустам|Rustam Павел|Pavel Азамат|Azamat"
                + " Айгуль|Aigul Елена|Yelena Дина|Dina Ольга|Olga Гульнара|Gulnara Мадина|Madina Ксения|Ksenia"),
        family: words(
            "Ахметов|Akhmetov Сергеев|Sergeyev Ибраимов|Ibraimov Ким|Kim Волков|Volkov Нурланов|Nurlanov"
                + " Касымов|Kasymov Петренко|Petrenko Юсупов|Yusupov Соколов|Sokolov"), hasTwoForms: true)

    private static let arabic = NameList(
        language: "ar",
        given: words(
            "ليلى|Layla سالم|Salim مريم|Maryam خالد|Khalid نورة|Noura يوسف|Yusuf فاطمة|Fatima سعيد|Said هدى|Huda"
                + " حمد|Hamad عائشة|Aisha ناصر|Nasir سلمى|Salma بدر|Badr"),
        family: words(
            "البلوشي|al-Balushi الحارثي|al-Harthi المعمري|al-Maamari الكندي|al-Kindi الرواحي|al-Rawahi نُحَّاس|Nahhas"
                + " السيابي|al-Siyabi الشامسي|al-Shamsi حداد|Haddad منصور|Mansour الفارسي|al-Farsi قاسم|Qasim"))

    private static let chinese = NameList(
        language: "zh",
        given: words(
            "雅琴|Yaqin 明哲|Mingzhe 晓雯|Xiaowen 子涵|Zihan 志强|Zhiqiang 丽华|Lihua 俊杰|Junjie 雨桐|Yutong"
                + " 海燕|Haiyan 文博|Wenbo 静怡|Jingyi"),
        family: words("王|Wang 李|Li 张|Zhang 刘|Liu 赵|Zhao 黄|Huang 周|Zhou 吴|Wu 徐|Xu 孙|Sun 林|Lin"))

    private static let vietnamese = NameList(
        language: "vi",
        given: ["Thị Hoa|Thi Hoa", "Quang Huy", "Thu Hằng|Thu Hang", "Văn An|Van An", "Minh Châu|Minh Chau"],
        family: words("Trần|Tran Lê|Le Phạm|Pham Vũ|Vu Đặng|Dang Bùi|Bui"))

    private static let lao = NameList(
        language: "lo",
        given: words("ສົມພອນ|Somphone ບຸນມີ|Bounmy ວິໄລວັນ|Vilayvanh ພອນສະຫວັນ|Phonesavanh ຄຳພອນ|Khamphone"),
        family: words("ວົງສາ|Vongsa ສີສະຫວາດ|Sisavath ພົມມະຈັນ|Phommachanh ແກ້ວມະນີ|Keomany ໄຊຍະວົງ|Xayavong"))

    private static let slovenian = NameList(
        language: "sl",
        given: words("Maja Luka Nina Matej Špela|Spela Gregor Petra Žiga|Ziga Katja Jernej"),
        family: words("Kovač|Kovac Zupan Krajnc Hribar Mlakar Vidmar Kos Golob Petek Oblak"))
}
