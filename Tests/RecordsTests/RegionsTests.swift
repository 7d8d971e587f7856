import Testing

@testable import Records

@Suite struct RegionsTests {
    @Test func everyCountryHasASmallestRegionButAntarctica() {
        #expect(Codes.countries.filter { Regions.subregion(of: $0) == nil } == ["AQ"])
        #expect(Regions.countries(in: "001")?.count == Codes.countries.count - 1)
        #expect(Set(Regions.countries(in: "001") ?? []) == Codes.countries.subtracting(["AQ"]))
    }

    @Test func unescoHasFiveRegionsThatCrossThoseOfTheUN() {
        let counts = Regions.unesco.map { Regions.countries(in: $0)?.count ?? 0 }
        #expect(counts.reduce(0, +) == Codes.countries.count - 2)
        #expect(Codes.countries.filter { Regions.unesco(of: $0) == nil }.sorted() == ["AQ", "EH"])
        // Mauritania lies in Western Africa, Turkey in Western Asia, Kazakhstan in Central Asia.
        #expect(Regions.m49(of: "MR") == ["011", "202", "002", "001"] && Regions.unesco(of: "MR") == "arab-states")
        #expect(
            Regions.m49(of: "TR") == ["145", "142", "001"] && Regions.unesco(of: "TR") == "europe-north-america")
        #expect(Regions.unesco(of: "OM") == "arab-states" && Regions.unesco(of: "SD") == "arab-states")
        #expect(Regions.unesco(of: "SN") == "africa" && Regions.unesco(of: "DJ") == "africa")
        #expect(Regions.unesco(of: "KZ") == "asia-pacific" && Regions.unesco(of: "WS") == "asia-pacific")
        #expect(Regions.unesco(of: "UY") == "latin-america-caribbean" && Regions.unesco(of: "XX") == nil)
    }

    @Test func regionsHaveTheirCountries() {
        #expect(
            Regions.countries(in: "011") == [
                "BF", "BJ", "CI", "CV", "GH", "GM", "GN", "GW", "LR", "ML", "MR", "NE", "NG", "SH", "SL", "SN", "TG",
            ])
        #expect(Regions.countries(in: "143") == ["KG", "KZ", "TJ", "TM", "UZ"])
        #expect(Regions.countries(in: "SN") == ["SN"] && Regions.countries(in: "686") == ["SN"])
        #expect(Regions.countries(in: "AQ") == ["AQ"] && Regions.countries(in: "010") == ["AQ"])
        #expect(Regions.countries(in: "999") == nil && Regions.countries(in: "") == nil)
        // Northern America and Central America and the Caribbean are North America; with South America the Americas.
        let americas = Set(Regions.countries(in: "019") ?? [])
        #expect(Set((Regions.countries(in: "003") ?? []) + (Regions.countries(in: "005") ?? [])) == americas)
        #expect(Set((Regions.countries(in: "419") ?? []) + (Regions.countries(in: "021") ?? [])) == americas)
    }

    @Test func setsOfCountriesMeetWhereTheyShareOne() {
        #expect(CountrySet().isEmpty && CountrySet(["999"]).isEmpty)
        #expect(CountrySet(["011"]).meets(CountrySet(["SN"])) && !CountrySet(["011"]).meets(CountrySet(["UY", "OM"])))
        let all = Codes.countries.sorted()
        for country in all {
            let set = CountrySet([country])
            #expect(all.filter { set.meets(CountrySet([$0])) } == [country])
        }
    }
}
