/// The kinds that the program ships with. Numbers that are missing in a row belong to fields of later versions.
extension Kind {
    private static let consentBases = ["unknown", "consent", "legitimate-interest", "public-figure", "contract"]

    /// A partner institute, the Sector, or another body that the network works with.
    package static let organisation = Kind(
        32, "organisation", Label(draft: "Organisation"), creation: .byHandOrAdmission, titleField: 16,
        fields: [
            Field(
                16, "name", Label(draft: "Name"), .line, .languages(.soft), .atNew, visibility: .published,
                writers: .origin),
            Field(
                17, "short", Label(draft: "Short name"), .text(.line, maximumLength: 40), .register(.soft), .required,
                visibility: .published, writers: .origin),
            Field(
                18, "type", Label(draft: "Type"),
                .code(Code.draft(["c2", "sector-division", "field-office", "natcom", "donor", "partner", "media"])),
                .register(.soft), .required, visibility: .published, writers: .origin),
            Field(
                19, "country", Label(draft: "Country"), .form(.country), .register(.soft), .required,
                visibility: .published,
                writers: .origin),
            Field(20, "serves", Label(draft: "Serves"), .form(.region), .set, visibility: .published, writers: .origin),
            Field(
                21, "themes", Label(draft: "Themes"), .form(.concept), .set, visibility: .published, writers: .origin),
            Field(
                22, "languages", Label(draft: "Languages"), .form(.language), .set, visibility: .published,
                writers: .origin),
            Field(
                23, "website", Label(draft: "Website"), .form(.web), .register(.soft), visibility: .published,
                writers: .origin),
            Field(
                24, "ror", Label(draft: "ROR id"), .form(.ror), .register(.soft), visibility: .published,
                writers: .origin),
            Field(
                25, "iati_org", Label(draft: "IATI organisation"), .form(.concept), .register(.soft), writers: .origin),
            // 26: logo.
            Field(
                27, "about", Label(draft: "About"), .lines, .languages(.hard), visibility: .published, writers: .origin),
            Field(
                28, "status", Label(draft: "Status"), .code(Workflow.designation.codeList), .workflow(.designation),
                writers: .origin),
            Field(29, "focal_points", Label(draft: "Focal points"), .id(kinds: [34]), .set, writers: .origin),
        ])

    /// A machine on which a node runs; what its key and grant say is derived and never stored here.
    package static let device = Kind(
        33, "device", Label(draft: "Device"), creation: .byDevice, titleField: 16,
        fields: [
            Field(
                16, "alias", Label(draft: "Alias"), .text(.line, maximumLength: 80), .register(.soft), .atNew,
                writers: .device),
            Field(
                17, "org", Label(draft: "Organisation"), .id(kinds: [32]), .register(.soft), .required, writers: .device
            ),
            Field(18, "role_hint", Label(draft: "Role"), .line, .register(.soft), writers: .device),
            Field(19, "country", Label(draft: "Country"), .form(.country), .register(.soft), writers: .device),
            Field(
                20, "position", Label(draft: "Position"),
                .group(
                    .init([
                        .init("lat", .decimal(-90...90), isRequired: true),
                        .init("lon", .decimal(-180...180), isRequired: true),
                        // Degrees: a tenth is about 11 km, so that nobody's home is on the map.
                        .init("precision", .code(Code.draft(["0.1", "0.5", "1", "5", "10"])), isRequired: true),
                    ])), .register(.soft), writers: .device),
            Field(21, "addresses", Label(draft: "Addresses"), .form(.address), .set, writers: .device),
            Field(
                22, "blob_policy", Label(draft: "Attachments kept"),
                .code(Code.draft(["none", "thumb", "preview", "all"])), .register(.soft),
                writers: .device),
            Field(
                23, "profile", Label(draft: "Connection"), .code(Code.draft(["normal", "metered", "satellite"])),
                .register(.soft),
                writers: .device),
        ])

    /// A person or office to write to.
    package static let contact = Kind(
        34, "contact", Label(draft: "Contact"), titleField: 18,
        fields: [
            Field(
                16, "name", Label(draft: "Name"),
                .group(.init([.init("family", .line), .init("given", .line)])), .register(.hard), .required),
            Field(17, "native_name", Label(draft: "Name in its own script"), .line, .languages(.soft)),
            Field(18, "display", Label(draft: "Display name"), .line, .register(.soft), .atNew),
            Field(19, "honorific", Label(draft: "Honorific"), .text(.line, maximumLength: 60), .register(.soft)),
            Field(20, "emails", Label(draft: "E-mail addresses"), .form(.email), .set),
            Field(21, "phones", Label(draft: "Telephones"), .form(.phone), .set),
            Field(22, "primary_email", Label(draft: "Main e-mail address"), .form(.email), .register(.hard)),
            Field(23, "languages", Label(draft: "Languages"), .form(.language), .set),
            Field(24, "country", Label(draft: "Country"), .form(.country), .register(.soft)),
            Field(25, "expertise", Label(draft: "Expertise"), .form(.concept), .set),
            Field(
                26, "affiliations", Label(draft: "Affiliations"),
                .group(
                    .init(
                        [
                            .init("organisation", .line, isRequired: true), .init("title", .line), .init("from", .date),
                            .init("to", .date),
                        ], ascending: ["from", "to"])), .set),
            Field(27, "orcid", Label(draft: "ORCID iD"), .form(.orcid), .register(.soft)),
            Field(28, "uid", Label(draft: "vCard UID"), .line, .register(.soft)),
            // 29: photo.
            Field(30, "availability", Label(draft: "Availability"), .line, .register(.soft)),
            Field(
                31, "consent", Label(draft: "Consent"),
                .group(
                    .init([
                        .init("basis", .code(Code.draft(consentBases)), isRequired: true), .init("date", .date),
                        .init("scope", .line),
                    ])), .register(.hard), .required),
            Field(32, "review_by", Label(draft: "Review by"), .date, .register(.soft)),
        ])

    /// What an institute gives to the online space: news, a report, an event.
    package static let contribution = Kind(
        35, "contribution", Label(draft: "Contribution"), titleField: 18,
        fields: [
            Field(
                16, "org", Label(draft: "Organisation"), .id(kinds: [32]), .register(.soft), .required,
                visibility: .published),
            Field(
                17, "type", Label(draft: "Type"),
                .code(Code.draft(["news", "report", "newsletter", "photo-story", "event", "publication"])),
                .register(.soft), .atNew, visibility: .published),
            Field(
                18, "title", Label(draft: "Title"), .text(.line, maximumLength: 120), .languages(.soft), .atNew,
                visibility: .published),
            Field(
                19, "summary", Label(draft: "Summary"), .text(.lines, maximumLength: 300), .languages(.soft),
                visibility: .published),
            Field(20, "body", Label(draft: "Text"), .lines, .languages(.hard), visibility: .published),
            Field(21, "date", Label(draft: "Date"), .date, .register(.soft), .required, visibility: .published),
            Field(22, "place", Label(draft: "Place"), .line, .register(.soft), visibility: .published),
            Field(23, "countries", Label(draft: "Countries"), .form(.country), .set, visibility: .published),
            Field(24, "themes", Label(draft: "Themes"), .form(.concept), .set, visibility: .published),
            // 25: activity, 26: lead, 27: media.
            Field(28, "source_url", Label(draft: "Source"), .form(.web), .register(.soft), visibility: .published),
            Field(
                29, "slug", Label(draft: "Slug"), .text(.slug, maximumLength: 80), .register(.soft),
                visibility: .published),
            Field(
                30, "translation", Label(draft: "Translation"), .code(Code.draft(["human", "machine-unreviewed"])),
                .languages(.soft)),
            Field(
                31, "licence", Label(draft: "Licence"),
                .group(
                    .init([
                        .init("id", .form(.concept), isRequired: true), .init("credit", .line), .init("holder", .line),
                    ])), .register(.hard), .required, visibility: .published),
            Field(32, "embargo_until", Label(draft: "Embargo until"), .instant, .register(.hard)),
            Field(33, "state", Label(draft: "State"), .code(Workflow.publication.codeList), .workflow(.publication)),
        ])

    /// A call for proposals or another source of funds.
    package static let opportunity = Kind(
        36, "opportunity", Label(draft: "Opportunity"), titleField: 18,
        fields: [
            Field(16, "funder", Label(draft: "Funder"), .id(kinds: [32]), .register(.soft), .required),
            Field(17, "funder_name", Label(draft: "Name of the funder"), .line, .register(.soft)),
            Field(18, "title", Label(draft: "Title"), .line, .languages(.soft), .atNew),
            Field(19, "summary", Label(draft: "Summary"), .lines, .register(.hard)),
            Field(20, "url", Label(draft: "Web page"), .form(.web), .register(.soft)),
            Field(21, "type", Label(draft: "Type"), .form(.concept), .register(.soft)),
            Field(
                22, "award", Label(draft: "Award"),
                .group(
                    .init(
                        [
                            .init("min", .decimal(0...1_000_000_000_000)),
                            .init("max", .decimal(0...1_000_000_000_000)),
                            .init("currency", .form(.currency), isRequired: true),
                        ], ascending: ["min", "max"])), .register(.hard)),
            Field(23, "opens", Label(draft: "Opens"), .date, .register(.soft)),
            Field(
                24, "deadlines", Label(draft: "Deadlines"),
                .list(
                    .group(
                        .init([
                            .init("stage", .text(.line, maximumLength: 60), isRequired: true),
                            .init("date", .date, isRequired: true), .init("zone", .form(.zone)),
                        ])), maximumCount: 20), .register(.hard), .required),
            Field(25, "themes", Label(draft: "Themes"), .form(.concept), .set, .required),
            Field(26, "countries_eligible", Label(draft: "Eligible countries"), .form(.country), .set),
            Field(27, "applicant_types", Label(draft: "Who may apply"), .form(.concept), .set, .required),
            Field(28, "min_partners", Label(draft: "Partners at least"), .integer(0...1_000), .register(.soft)),
            Field(29, "min_countries", Label(draft: "Countries at least"), .integer(0...250), .register(.soft)),
            Field(30, "cofunding_pct", Label(draft: "Co-funding, per cent"), .decimal(0...100), .register(.hard)),
            Field(31, "languages", Label(draft: "Languages"), .form(.language), .set),
            Field(32, "posted", Label(draft: "Posted"), .date, .register(.soft)),
            Field(33, "source", Label(draft: "Source"), .line, .register(.soft)),
            Field(34, "checked_at", Label(draft: "Checked on"), .date, .register(.soft)),
            Field(35, "state", Label(draft: "State"), .code(Workflow.opportunity.codeList), .workflow(.opportunity)),
            // 36: attachments.
        ])
}

extension Workflow {
    /// All codes, in the table's order.
    package var codes: [String] { states.map(\.code) }

    /// The same with their labels: the type of the field.
    package var codeList: [Code] { states.map { Code($0.code, $0.label) } }

    /// How an institute stands towards the Sector.
    package static let designation = Workflow(
        [
            State(1, "proposed", Label(draft: "proposed"), caution: 30),
            State(2, "designated", Label(draft: "designated"), caution: 10),
            State(3, "under-renewal", Label(draft: "under-renewal"), caution: 20),
            State(4, "lapsed", Label(draft: "lapsed"), caution: 40),
            State(5, "withdrawn", Label(draft: "withdrawn"), caution: 50),
        ],
        // What stood before it was first written down here may be in any state.
        starts: ["proposed", "designated", "under-renewal", "lapsed", "withdrawn"], beginsByItself: false,
        steps: [
            "proposed": ["designated", "withdrawn"], "designated": ["under-renewal", "lapsed", "withdrawn"],
            "under-renewal": ["designated", "lapsed", "withdrawn"], "lapsed": ["under-renewal", "withdrawn"],
            "withdrawn": ["proposed"],
        ])

    /// From a draft to the public page and away again.
    package static let publication = Workflow(
        [
            State(1, "draft", Label(draft: "draft"), caution: 30),
            State(2, "submitted", Label(draft: "submitted"), caution: 40),
            State(3, "changes-requested", Label(draft: "changes-requested"), caution: 50),
            State(4, "approved", Label(draft: "approved"), caution: 20),
            State(5, "published", Label(draft: "published"), caution: 10),
            State(6, "withdrawn", Label(draft: "withdrawn"), caution: 60),
        ], starts: ["draft"], beginsByItself: true,
        steps: [
            "draft": ["submitted", "withdrawn"], "submitted": ["changes-requested", "approved", "draft", "withdrawn"],
            "changes-requested": ["submitted", "withdrawn"],
            "approved": ["published", "changes-requested", "withdrawn"],
            "published": ["withdrawn"], "withdrawn": ["draft"],
        ])

    /// How far the network has looked at an opportunity.
    package static let opportunity = Workflow(
        [
            State(1, "spotted", Label(draft: "spotted"), caution: 30),
            State(2, "screened", Label(draft: "screened"), caution: 20),
            State(3, "open", Label(draft: "open"), caution: 10),
            State(4, "closed", Label(draft: "closed"), caution: 40),
            State(5, "cancelled", Label(draft: "cancelled"), caution: 50),
        ], starts: ["spotted", "screened", "open"], beginsByItself: true,
        steps: [
            "spotted": ["screened", "open", "closed", "cancelled"], "screened": ["open", "closed", "cancelled"],
            "open": ["closed", "cancelled"], "closed": ["open"], "cancelled": ["open"],
        ])
}

extension Label {
    /// Until the table is translated.
    package init(draft text: String) { self.init(text, fr: text, es: text, ru: text, ar: text, zh: text) }
}

extension Code {
    package static func draft(_ words: [String]) -> [Code] { words.map { Code($0, Label(draft: $0)) } }
}
