/// The kinds that the program ships with. Numbers that are missing in a row belong to fields of later versions.
extension Kind {
    private static let consentBases = ["unknown", "consent", "legitimate-interest", "public-figure", "contract"]

    /// A partner institute, the Sector, or another body that the network works with.
    package static let organisation = Kind(
        32, "organisation", "Organisation", creation: .byHandOrAdmission, titleField: 16,
        fields: [
            Field(16, "name", "Name", .line, .languages(.soft), .atNew, visibility: .published, writers: .origin),
            Field(
                17, "short", "Short name", .text(.line, maximumLength: 40), .register(.soft), .required,
                visibility: .published, writers: .origin),
            Field(
                18, "type", "Type",
                .code(["c2", "sector-division", "field-office", "natcom", "donor", "partner", "media"]),
                .register(.soft), .required, visibility: .published, writers: .origin),
            Field(
                19, "country", "Country", .form(.country), .register(.soft), .required, visibility: .published,
                writers: .origin),
            Field(20, "serves", "Serves", .form(.region), .set, visibility: .published, writers: .origin),
            Field(21, "themes", "Themes", .form(.concept), .set, visibility: .published, writers: .origin),
            Field(22, "languages", "Languages", .form(.language), .set, visibility: .published, writers: .origin),
            Field(23, "website", "Website", .form(.web), .register(.soft), visibility: .published, writers: .origin),
            Field(24, "ror", "ROR id", .form(.ror), .register(.soft), visibility: .published, writers: .origin),
            Field(25, "iati_org", "IATI organisation", .form(.concept), .register(.soft), writers: .origin),
            // 26: logo.
            Field(27, "about", "About", .lines, .languages(.hard), visibility: .published, writers: .origin),
            Field(28, "status", "Status", .code(Workflow.designation.codes), .workflow(.designation), writers: .origin),
            Field(29, "focal_points", "Focal points", .id(kinds: [34]), .set, writers: .origin),
        ])

    /// A machine on which a node runs; what its key and grant say is derived and never stored here.
    package static let device = Kind(
        33, "device", "Device", creation: .byDevice, titleField: 16,
        fields: [
            Field(16, "alias", "Alias", .text(.line, maximumLength: 80), .register(.soft), .atNew, writers: .device),
            Field(17, "org", "Organisation", .id(kinds: [32]), .register(.soft), .required, writers: .device),
            Field(18, "role_hint", "Role", .line, .register(.soft), writers: .device),
            Field(19, "country", "Country", .form(.country), .register(.soft), writers: .device),
            Field(
                20, "position", "Position",
                .group(
                    .init([
                        .init("lat", .decimal(-90...90), isRequired: true),
                        .init("lon", .decimal(-180...180), isRequired: true),
                        // Degrees: a tenth is about 11 km, so that nobody's home is on the map.
                        .init("precision", .code(["0.1", "0.5", "1", "5", "10"]), isRequired: true),
                    ])), .register(.soft), writers: .device),
            Field(21, "addresses", "Addresses", .form(.address), .set, writers: .device),
            Field(
                22, "blob_policy", "Attachments kept", .code(["none", "thumb", "preview", "all"]), .register(.soft),
                writers: .device),
            Field(
                23, "profile", "Connection", .code(["normal", "metered", "satellite"]), .register(.soft),
                writers: .device),
        ])

    /// A person or office to write to.
    package static let contact = Kind(
        34, "contact", "Contact", titleField: 18,
        fields: [
            Field(
                16, "name", "Name",
                .group(.init([.init("family", .line), .init("given", .line)])), .register(.hard), .required),
            Field(17, "native_name", "Name in its own script", .line, .languages(.soft)),
            Field(18, "display", "Display name", .line, .register(.soft), .atNew),
            Field(19, "honorific", "Honorific", .text(.line, maximumLength: 60), .register(.soft)),
            Field(20, "emails", "E-mail addresses", .form(.email), .set),
            Field(21, "phones", "Telephones", .form(.phone), .set),
            Field(22, "primary_email", "Main e-mail address", .form(.email), .register(.hard)),
            Field(23, "languages", "Languages", .form(.language), .set),
            Field(24, "country", "Country", .form(.country), .register(.soft)),
            Field(25, "expertise", "Expertise", .form(.concept), .set),
            Field(
                26, "affiliations", "Affiliations",
                .group(
                    .init(
                        [
                            .init("organisation", .line, isRequired: true), .init("title", .line), .init("from", .date),
                            .init("to", .date),
                        ], ascending: ["from", "to"])), .set),
            Field(27, "orcid", "ORCID iD", .form(.orcid), .register(.soft)),
            Field(28, "uid", "vCard UID", .line, .register(.soft)),
            // 29: photo.
            Field(30, "availability", "Availability", .line, .register(.soft)),
            Field(
                31, "consent", "Consent",
                .group(
                    .init([
                        .init("basis", .code(consentBases), isRequired: true), .init("date", .date),
                        .init("scope", .line),
                    ])), .register(.hard), .required),
            Field(32, "review_by", "Review by", .date, .register(.soft)),
        ])

    /// What an institute gives to the online space: news, a report, an event.
    package static let contribution = Kind(
        35, "contribution", "Contribution", titleField: 18,
        fields: [
            Field(16, "org", "Organisation", .id(kinds: [32]), .register(.soft), .required, visibility: .published),
            Field(
                17, "type", "Type", .code(["news", "report", "newsletter", "photo-story", "event", "publication"]),
                .register(.soft), .atNew, visibility: .published),
            Field(
                18, "title", "Title", .text(.line, maximumLength: 120), .languages(.soft), .atNew,
                visibility: .published),
            Field(
                19, "summary", "Summary", .text(.lines, maximumLength: 300), .languages(.soft), visibility: .published),
            Field(20, "body", "Text", .lines, .languages(.hard), visibility: .published),
            Field(21, "date", "Date", .date, .register(.soft), .required, visibility: .published),
            Field(22, "place", "Place", .line, .register(.soft), visibility: .published),
            Field(23, "countries", "Countries", .form(.country), .set, visibility: .published),
            Field(24, "themes", "Themes", .form(.concept), .set, visibility: .published),
            // 25: activity, 26: lead, 27: media.
            Field(28, "source_url", "Source", .form(.web), .register(.soft), visibility: .published),
            Field(29, "slug", "Slug", .text(.slug, maximumLength: 80), .register(.soft), visibility: .published),
            Field(30, "translation", "Translation", .code(["human", "machine-unreviewed"]), .languages(.soft)),
            Field(
                31, "licence", "Licence",
                .group(
                    .init([
                        .init("id", .form(.concept), isRequired: true), .init("credit", .line), .init("holder", .line),
                    ])), .register(.hard), .required, visibility: .published),
            Field(32, "embargo_until", "Embargo until", .instant, .register(.hard)),
            Field(33, "state", "State", .code(Workflow.publication.codes), .workflow(.publication)),
        ])

    /// A call for proposals or another source of funds.
    package static let opportunity = Kind(
        36, "opportunity", "Opportunity", titleField: 18,
        fields: [
            Field(16, "funder", "Funder", .id(kinds: [32]), .register(.soft), .required),
            Field(17, "funder_name", "Name of the funder", .line, .register(.soft)),
            Field(18, "title", "Title", .line, .languages(.soft), .atNew),
            Field(19, "summary", "Summary", .lines, .register(.hard)),
            Field(20, "url", "Web page", .form(.web), .register(.soft)),
            Field(21, "type", "Type", .form(.concept), .register(.soft)),
            Field(
                22, "award", "Award",
                .group(
                    .init(
                        [
                            .init("min", .decimal(0...1_000_000_000_000)),
                            .init("max", .decimal(0...1_000_000_000_000)),
                            .init("currency", .form(.currency), isRequired: true),
                        ], ascending: ["min", "max"])), .register(.hard)),
            Field(23, "opens", "Opens", .date, .register(.soft)),
            Field(
                24, "deadlines", "Deadlines",
                .list(
                    .group(
                        .init([
                            .init("stage", .text(.line, maximumLength: 60), isRequired: true),
                            .init("date", .date, isRequired: true), .init("zone", .form(.zone)),
                        ])), maximumCount: 20), .register(.hard), .required),
            Field(25, "themes", "Themes", .form(.concept), .set, .required),
            Field(26, "countries_eligible", "Eligible countries", .form(.country), .set),
            Field(27, "applicant_types", "Who may apply", .form(.concept), .set, .required),
            Field(28, "min_partners", "Partners at least", .integer(0...1_000), .register(.soft)),
            Field(29, "min_countries", "Countries at least", .integer(0...250), .register(.soft)),
            Field(30, "cofunding_pct", "Co-funding, per cent", .decimal(0...100), .register(.hard)),
            Field(31, "languages", "Languages", .form(.language), .set),
            Field(32, "posted", "Posted", .date, .register(.soft)),
            Field(33, "source", "Source", .line, .register(.soft)),
            Field(34, "checked_at", "Checked on", .date, .register(.soft)),
            Field(35, "state", "State", .code(Workflow.opportunity.codes), .workflow(.opportunity)),
            // 36: attachments.
        ])
}

extension Workflow {
    /// All codes, in the table's order.
    package var codes: [String] { states.map(\.code) }

    /// How an institute stands towards the Sector.
    package static let designation = Workflow(
        [
            State(1, "proposed", caution: 30), State(2, "designated", caution: 10),
            State(3, "under-renewal", caution: 20), State(4, "lapsed", caution: 40),
            State(5, "withdrawn", caution: 50),
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
            State(1, "draft", caution: 30), State(2, "submitted", caution: 40),
            State(3, "changes-requested", caution: 50), State(4, "approved", caution: 20),
            State(5, "published", caution: 10), State(6, "withdrawn", caution: 60),
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
            State(1, "spotted", caution: 30), State(2, "screened", caution: 20), State(3, "open", caution: 10),
            State(4, "closed", caution: 40), State(5, "cancelled", caution: 50),
        ], starts: ["spotted", "screened", "open"], beginsByItself: true,
        steps: [
            "spotted": ["screened", "open", "closed", "cancelled"], "screened": ["open", "closed", "cancelled"],
            "open": ["closed", "cancelled"], "closed": ["open"], "cancelled": ["open"],
        ])
}
