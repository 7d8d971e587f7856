/// Which countries belong to which region: the UN's M49 and UNESCO's five regions, which are not the same.
///
/// Records hold ISO 3166 countries; regions are worked out from them.
package enum Regions {
    /// UNESCO's five regions, by words of our own.
    package static let unesco = [
        "africa", "arab-states", "asia-pacific", "europe-north-america", "latin-america-caribbean",
    ]

    /// The UNESCO region of a country; nil for territories that belong to none.
    package static func unesco(of country: String) -> String? {
        if let exception = exceptions[country] { return exception }
        return subregions[country].flatMap { unescoOfSubregion[$0] }
    }

    /// The M49 numbers of the regions around a country, from the smallest to the world.
    package static func m49(of country: String) -> [String] {
        guard let subregion = subregions[country] else { return [] }
        return [subregion] + (around[subregion] ?? []) + ["001"]
    }

    /// The smallest M49 region of a country.
    package static func subregion(of country: String) -> String? { subregions[country] }

    /// The countries of a region, ascending; nil when there is no such region.
    /// - Parameter region: an M49 number, one of UNESCO's five, or a country by its letters or its number.
    package static func countries(in region: String) -> [String]? { members[region] }

    // MARK: Data

    /// M49 (UN Statistics Division): each smallest region with its countries, letters and number of each.
    private static let table = """
        005: AR032 BO068 BR076 BV074 CL152 CO170 EC218 FK238 GF254 GS239 GY328 PE604 PY600 SR740 UY858 VE862
        011: BF854 BJ204 CI384 CV132 GH288 GM270 GN324 GW624 LR430 ML466 MR478 NE562 NG566 SH654 SL694 SN686 \
            TG768
        013: BZ084 CR188 GT320 HN340 MX484 NI558 PA591 SV222
        014: BI108 DJ262 ER232 ET231 IO086 KE404 KM174 MG450 MU480 MW454 MZ508 RE638 RW646 SC690 SO706 SS728 \
            TF260 TZ834 UG800 YT175 ZM894 ZW716
        015: DZ012 EG818 EH732 LY434 MA504 SD729 TN788
        017: AO024 CD180 CF140 CG178 CM120 GA266 GQ226 ST678 TD148
        018: BW072 LS426 NA516 SZ748 ZA710
        021: BM060 CA124 GL304 PM666 US840
        029: AG028 AI660 AW533 BB052 BL652 BQ535 BS044 CU192 CW531 DM212 DO214 GD308 GP312 HT332 JM388 KN659 \
            KY136 LC662 MF663 MQ474 MS500 PR630 SX534 TC796 TT780 VC670 VG092 VI850
        030: CN156 HK344 JP392 KP408 KR410 MN496 MO446 TW158
        034: AF004 BD050 BT064 IN356 IR364 LK144 MV462 NP524 PK586
        035: BN096 ID360 KH116 LA418 MM104 MY458 PH608 SG702 TH764 TL626 VN704
        039: AD020 AL008 BA070 ES724 GI292 GR300 HR191 IT380 ME499 MK807 MT470 PT620 RS688 SI705 SM674 VA336
        053: AU036 CC166 CX162 HM334 NF574 NZ554
        054: FJ242 NC540 PG598 SB090 VU548
        057: FM583 GU316 KI296 MH584 MP580 NR520 PW585 UM581
        061: AS016 CK184 NU570 PF258 PN612 TK772 TO776 TV798 WF876 WS882
        143: KG417 KZ398 TJ762 TM795 UZ860
        145: AE784 AM051 AZ031 BH048 CY196 GE268 IL376 IQ368 JO400 KW414 LB422 OM512 PS275 QA634 SA682 SY760 \
            TR792 YE887
        151: BG100 BY112 CZ203 HU348 MD498 PL616 RO642 RU643 SK703 UA804
        154: AX248 DK208 EE233 FI246 FO234 GB826 GG831 IE372 IM833 IS352 JE832 LT440 LV428 NO578 SE752 SJ744
        155: AT040 BE056 CH756 DE276 FR250 LI438 LU442 MC492 NL528
        """

    /// The M49 regions around each smallest one, without the world.
    private static let around: [String: [String]] = [
        "015": ["002"], "014": ["202", "002"], "017": ["202", "002"], "018": ["202", "002"], "011": ["202", "002"],
        "029": ["419", "003", "019"], "013": ["419", "003", "019"], "005": ["419", "019"], "021": ["003", "019"],
        "143": ["142"], "030": ["142"], "034": ["142"], "035": ["142"], "145": ["142"],
        "039": ["150"], "151": ["150"], "154": ["150"], "155": ["150"],
        "053": ["009"], "054": ["009"], "057": ["009"], "061": ["009"],
    ]

    private static let unescoOfSubregion: [String: String] = [
        "015": "arab-states", "014": "africa", "017": "africa", "018": "africa", "011": "africa",
        "029": "latin-america-caribbean", "013": "latin-america-caribbean", "005": "latin-america-caribbean",
        "021": "europe-north-america", "143": "asia-pacific", "030": "asia-pacific", "034": "asia-pacific",
        "035": "asia-pacific", "145": "arab-states", "039": "europe-north-america", "151": "europe-north-america",
        "154": "europe-north-america", "155": "europe-north-america", "053": "asia-pacific", "054": "asia-pacific",
        "057": "asia-pacific", "061": "asia-pacific",
    ]

    /// Where UNESCO's regions cross those of M49; Western Sahara is in none of UNESCO's lists.
    private static let exceptions: [String: String?] = [
        "MR": "arab-states", "AM": "europe-north-america", "AZ": "europe-north-america",
        "CY": "europe-north-america", "GE": "europe-north-america", "IL": "europe-north-america",
        "TR": "europe-north-america", "EH": nil,
    ]

    /// Country, number and smallest region, in the order of the table.
    private static let rows: [(country: String, number: String, subregion: String)] = table.split(separator: "\n")
        .flatMap { line -> [(country: String, number: String, subregion: String)] in
            let parts = line.split(separator: ":")
            guard let region = parts.first, let list = parts.last else { return [] }
            return list.split(separator: " ").map {
                (country: String($0.prefix(2)), number: String($0.dropFirst(2)), subregion: String(region))
            }
        }

    private static let subregions = Dictionary(rows.map { ($0.country, $0.subregion) }) { first, _ in first }

    private static let members: [String: [String]] = {
        var members: [String: [String]] = [:]
        for row in rows.sorted(by: { $0.country < $1.country }) {
            let own = [row.country, row.number] + m49(of: row.country)
            for region in own + (unesco(of: row.country).map { [$0] } ?? []) {
                members[region, default: []].append(row.country)
            }
        }
        // It belongs to no region, and is a country all the same.
        for name in ["AQ", "010"] { members[name] = ["AQ"] }
        return members
    }()
}

/// A set of countries that costs no allocation; those that the tables do not know are never in it.
package struct CountrySet: Hashable, Sendable {
    private var word0: UInt64 = 0
    private var word1: UInt64 = 0
    private var word2: UInt64 = 0
    private var word3: UInt64 = 0

    package init() {}

    /// The countries of these regions, each as `Regions.countries(in:)` takes it.
    package init(_ regions: [String]) {
        for region in regions {
            for country in Regions.countries(in: region) ?? [] { insert(country) }
        }
    }

    /// Whether no country is in it.
    package var isEmpty: Bool { word0 | word1 | word2 | word3 == 0 }

    /// Whether the two have a country in common.
    package func meets(_ other: CountrySet) -> Bool {
        (word0 & other.word0) | (word1 & other.word1) | (word2 & other.word2) | (word3 & other.word3) != 0
    }

    private mutating func insert(_ country: String) {
        guard let place = CountrySet.places[country] else { return }
        let bit = UInt64(1) << UInt64(place % 64)
        switch place / 64 {
        case 0: word0 |= bit
        case 1: word1 |= bit
        case 2: word2 |= bit
        default: word3 |= bit
        }
    }

    private static let places = Dictionary(
        Codes.countries.sorted().enumerated().map { ($0.element, $0.offset) }
    ) { first, _ in first }
}
