/// A city where people of the network live and meet.
struct Place {
    /// In the language of the place.
    let name: String
    let english: String
    /// ISO 3166-1.
    let country: String
    /// IANA.
    let zone: String

    init(_ name: String, _ english: String, _ country: String, _ zone: String) {
        self.name = name
        self.english = english
        self.country = country
        self.zone = zone
    }

    /// Three letters that stand for the city in short names.
    var letters: String { String(english.uppercased().filter { $0.isASCII && $0.isLetter }.prefix(3)) }

    /// The cities of each language of the United Nations.
    static func cities(_ language: String) -> [Place] {
        switch language {
        case "fr": french
        case "es": spanish
        case "ru": russian
        case "ar": arabic
        case "zh": chinese
        default: english
        }
    }

    private static let french = [
        Place("Dakar", "Dakar", "SN", "Africa/Dakar"), Place("Bamako", "Bamako", "ML", "Africa/Bamako"),
        Place("Abidjan", "Abidjan", "CI", "Africa/Abidjan"), Place("Lomé", "Lome", "TG", "Africa/Lome"),
        Place("Ouagadougou", "Ouagadougou", "BF", "Africa/Ouagadougou"),
        Place("Cotonou", "Cotonou", "BJ", "Africa/Porto-Novo"), Place("Niamey", "Niamey", "NE", "Africa/Niamey"),
        Place("Port-au-Prince", "Port-au-Prince", "HT", "America/Port-au-Prince"),
        Place("Antananarivo", "Antananarivo", "MG", "Indian/Antananarivo"),
        Place("Yaoundé", "Yaounde", "CM", "Africa/Douala"),
    ]

    private static let english = [
        Place("Apia", "Apia", "WS", "Pacific/Apia"), Place("Suva", "Suva", "FJ", "Pacific/Fiji"),
        Place("Harare", "Harare", "ZW", "Africa/Harare"), Place("Gaborone", "Gaborone", "BW", "Africa/Gaborone"),
        Place("Lusaka", "Lusaka", "ZM", "Africa/Lusaka"), Place("Nairobi", "Nairobi", "KE", "Africa/Nairobi"),
        Place("Kampala", "Kampala", "UG", "Africa/Kampala"), Place("Accra", "Accra", "GH", "Africa/Accra"),
        Place("Port Vila", "Port Vila", "VU", "Pacific/Efate"),
        Place("Kathmandu", "Kathmandu", "NP", "Asia/Kathmandu"), Place("Windhoek", "Windhoek", "NA", "Africa/Windhoek"),
        Place("Vientiane", "Vientiane", "LA", "Asia/Vientiane"),
        Place("Ljubljana", "Ljubljana", "SI", "Europe/Ljubljana"),
    ]

    private static let spanish = [
        Place("Montevideo", "Montevideo", "UY", "America/Montevideo"),
        Place("Quito", "Quito", "EC", "America/Guayaquil"),
        Place("Lima", "Lima", "PE", "America/Lima"), Place("La Paz", "La Paz", "BO", "America/La_Paz"),
        Place("Bogotá", "Bogota", "CO", "America/Bogota"), Place("Asunción", "Asuncion", "PY", "America/Asuncion"),
        Place("San José", "San Jose", "CR", "America/Costa_Rica"), Place("Managua", "Managua", "NI", "America/Managua"),
        Place("Tegucigalpa", "Tegucigalpa", "HN", "America/Tegucigalpa"),
    ]

    private static let russian = [
        Place("Алматы", "Almaty", "KZ", "Asia/Almaty"), Place("Астана", "Astana", "KZ", "Asia/Almaty"),
        Place("Бишкек", "Bishkek", "KG", "Asia/Bishkek"), Place("Ош", "Osh", "KG", "Asia/Bishkek"),
        Place("Душанбе", "Dushanbe", "TJ", "Asia/Dushanbe"), Place("Худжанд", "Khujand", "TJ", "Asia/Dushanbe"),
        Place("Ташкент", "Tashkent", "UZ", "Asia/Tashkent"), Place("Самарканд", "Samarkand", "UZ", "Asia/Samarkand"),
    ]

    private static let arabic = [
        Place("مسقط", "Muscat", "OM", "Asia/Muscat"), Place("صلالة", "Salalah", "OM", "Asia/Muscat"),
        Place("الرباط", "Rabat", "MA", "Africa/Casablanca"), Place("تونس", "Tunis", "TN", "Africa/Tunis"),
        Place("عمّان", "Amman", "JO", "Asia/Amman"), Place("القاهرة", "Cairo", "EG", "Africa/Cairo"),
        Place("بيروت", "Beirut", "LB", "Asia/Beirut"), Place("الدوحة", "Doha", "QA", "Asia/Qatar"),
        Place("نواكشوط", "Nouakchott", "MR", "Africa/Nouakchott"),
    ]

    private static let chinese = [
        Place("北京", "Beijing", "CN", "Asia/Shanghai"), Place("昆明", "Kunming", "CN", "Asia/Shanghai"),
        Place("西安", "Xian", "CN", "Asia/Shanghai"), Place("成都", "Chengdu", "CN", "Asia/Shanghai"),
        Place("广州", "Guangzhou", "CN", "Asia/Shanghai"), Place("杭州", "Hangzhou", "CN", "Asia/Shanghai"),
        Place("新加坡", "Singapore", "SG", "Asia/Singapore"),
    ]

    /// How telephone numbers of a country begin.
    static func dialling(_ country: String) -> String { diallingCodes[country] ?? "+999" }

    private static let diallingCodes = [
        "BF": "+226", "BJ": "+229", "BO": "+591", "BW": "+267", "CI": "+225", "CM": "+237", "CN": "+86", "CO": "+57",
        "CR": "+506", "EC": "+593", "EG": "+20", "FJ": "+679", "FR": "+33", "GH": "+233", "HN": "+504", "HT": "+509",
        "JO": "+962", "KE": "+254", "KG": "+996", "KZ": "+7", "LA": "+856", "LB": "+961", "MA": "+212", "MG": "+261",
        "ML": "+223", "MR": "+222", "NA": "+264", "NE": "+227", "NI": "+505", "NP": "+977", "OM": "+968", "PE": "+51",
        "PY": "+595", "QA": "+974", "SG": "+65", "SI": "+386", "SN": "+221", "TG": "+228", "TJ": "+992", "TN": "+216",
        "UG": "+256", "UY": "+598", "UZ": "+998", "VN": "+84", "VU": "+678", "WS": "+685", "ZM": "+260", "ZW": "+263",
    ]
}
