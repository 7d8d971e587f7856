import Testing

/// Members of the story on nodes of their own; the Sector's node founds the network and serves while all are together.
struct Cast {
    /// An organisation of the story, as its own node writes it down.
    private static let profiles: [String: [String]] = [
        "PAR": ["type=sector-division", "country=FR", "languages=en", "languages=fr"],
        "CCMS": [
            "type=c2", "country=SN", "serves=SN", "serves=ML", "languages=fr", "themes=community-media", "themes=radio",
            "status=designated",
        ],
        "GKAC": [
            "type=c2", "country=OM", "serves=OM", "languages=ar", "themes=digital-archives", "status=designated",
        ],
        "MDHI": ["type=c2", "country=LA", "serves=LA", "languages=en", "themes=sound-archives", "status=designated"],
        "ACAL": ["type=c2", "country=SI", "languages=en", "themes=open-science", "status=designated"],
        "IRIA": [
            "type=c2", "country=UY", "serves=UY", "serves=PY", "languages=es", "themes=media-literacy",
            "status=designated",
        ],
        "CAJSI": ["type=c2", "country=KZ", "languages=ru", "themes=journalism-education", "status=designated"],
    ]

    let federation: Federation
    private let names: [String]
    /// The records of the organisations, by short name.
    let organisations: [String: String]

    /// - Parameters:
    ///   - institutes: the short names of those that take part.
    ///   - laptops: the names of devices of the Sector that do, without organisations of their own.
    init(_ institutes: [String], laptops: [String] = []) throws {
        federation = try Federation(institutes.map { ($0, $0) } + laptops.map { ($0, nil) })
        names = ["PAR"] + institutes + laptops
        var organisations: [String: String] = [:]
        for (name, node) in zip(names, federation.nodes) {
            guard let profile = Cast.profiles[name] else { continue }
            let id = try #require(try node.call("status")["organisation"]["id"].text)
            organisations[name] = id
            try node.call(["set", id, "short=\(name)"] + profile)
        }
        self.organisations = organisations
        try federation.meet()
        try federation.requireEqual()
    }

    /// The node of a member or laptop.
    subscript(name: String) -> Installation {
        get throws {
            let place = try #require(names.firstIndex(of: name))
            return federation.nodes[place]
        }
    }

    /// The Sector's node.
    var par: Installation { federation.nodes[0] }

    /// The id of an organisation's record.
    func id(_ name: String, at place: SourceLocation = #_sourceLocation) throws -> String {
        try #require(organisations[name], sourceLocation: place)
    }

    /// From now on nobody reaches anybody.
    func part() throws { try par.stop() }

    /// Everybody meets the Sector, and holds the same.
    func meet(at place: SourceLocation = #_sourceLocation) throws {
        if par.server == nil { try par.serve() }
        try federation.meet()
        try federation.requireEqual(at: place)
    }

    /// A person in the address book of the Sector.
    func contact(_ name: String, _ more: String..., at place: SourceLocation = #_sourceLocation) throws -> String {
        let words = ["new", "contact", "display=\(name)", "consent.basis=contract"] + more
        return try #require(try par.call(words, at: place)["id"].text, sourceLocation: place)
    }
}

extension Installation {
    /// The state of a workflow of a record.
    func state(of id: String, _ field: String = "state", at place: SourceLocation = #_sourceLocation) throws -> String?
    {
        try call(["show", id], at: place)["fields"][field]["state"].text
    }
}
