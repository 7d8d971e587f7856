package import Crypto
package import Records
package import Replica

/// Records that seem to be one and the same.
package struct DuplicateGroup {
    package let kind: Kind
    /// The one that the others would be merged into: whoever chooses, it is the same.
    package let survivor: ShortID
    /// Ascending by id; not empty.
    package let others: [ShortID]
    /// Whether what they have in common, and not only likeness, connects all of them.
    package let isCertain: Bool
    /// What they have in common, the strongest first.
    package let reasons: [String]
}

/// Finds records that are there twice: by what they have in common, so that the work grows with their number and not
/// with its square.
package struct DuplicateSearch<Store: RecordStore> {
    private let base: RecordBase<Store>
    private let admitted: Set<ShortID>

    package init(_ base: RecordBase<Store>) throws(QueryError) {
        self.base = base
        let devices = try base.read { () throws(RecordStoreError) in try base.store.devices() }
        admitted = Set(devices.compactMap(\.organisation))
    }

    /// The groups of a kind, ascending by survivor.
    /// - Parameter onlyCertain: groups that something certain connects, each without what is only like them.
    package func groups(_ kind: Kind, onlyCertain: Bool) throws(QueryError) -> [DuplicateGroup] {
        let records = try base.all(kind)
        let subjects = records.map { Subject($0, isAdmitted: admitted.contains($0.id)) }
        var links = Links(count: subjects.count)
        for (index, subject) in subjects.enumerated() { links.note(subject, index) }
        let certain = links.groups(of: subjects, certainly: true)
        if onlyCertain { return groups(kind, subjects, certain.filter { isConsistent($0.members, subjects) }, certain) }
        links.noteNearNames(subjects)
        return groups(kind, subjects, links.groups(of: subjects, certainly: false), certain)
    }

    private func groups(
        _ kind: Kind, _ subjects: [Subject], _ found: [Links.Group], _ certain: [Links.Group]
    ) -> [DuplicateGroup] {
        let whole = Set(certain.filter { isConsistent($0.members, subjects) }.map(\.members))
        return found.map { group in
            let ids = group.members.map { subjects[$0].id }.sorted()
            // The record that an admission founded cannot give way: others know the organisation by it.
            let survivor = ids.first(where: admitted.contains) ?? ids[0]
            return DuplicateGroup(
                kind: kind, survivor: survivor, others: ids.filter { $0 != survivor },
                isCertain: whole.contains(group.members), reasons: group.reasons.map(\.rawValue))
        }.sorted { $0.survivor < $1.survivor }
    }

    /// Whether nothing says that the records of a group are different after all.
    private func isConsistent(_ members: [Int], _ subjects: [Subject]) -> Bool {
        let identities = Set(members.flatMap { subjects[$0].identities })
        return identities.count <= 1 && members.count { subjects[$0].isAdmitted } <= 1
    }
}

/// What records may have in common, the strongest first.
private enum Likeness: String, CaseIterable {
    case uid = "same UID"
    case orcid = "same ORCID iD"
    case ror = "same ROR id"
    case iati = "same IATI organisation"
    case emailAndName = "same e-mail address and name"
    case websiteAndName = "same website and name"
    case email = "same e-mail address"
    case phone = "same telephone"
    case website = "same website"
    case short = "same short name"
    case name = "same name"
    case nearName = "nearly the same name"

    var isCertain: Bool {
        switch self {
        case .uid, .orcid, .ror, .iati, .emailAndName, .websiteAndName: true
        case .email, .phone, .website, .short, .name, .nearName: false
        }
    }
}

/// One record as duplicates are recognised.
private struct Subject {
    let id: ShortID
    let isAdmitted: Bool
    /// Folded, ascending, each once.
    let names: [String]
    /// Where somebody is at home: countries and organisations.
    let places: [String]
    /// What no two persons or organisations share.
    let identities: [String]
    /// What is compared besides names.
    let marks: [(likeness: Likeness, text: String)]

    init(_ record: RecordView, isAdmitted: Bool) {
        id = record.id
        self.isAdmitted = isAdmitted
        var names: [String] = []
        for field in record.kind.fields where ["name", "native_name", "display"].contains(field.name) {
            if case .group = field.type {
                let parts = ["given", "family"].compactMap { part -> String? in
                    if case .text(let text)? = record.part(field.name, part) { text } else { nil }
                }
                if parts.count == 2 { names.append(parts.joined(separator: " ")) }
            } else if case .map = field.merge {
                names += record.texts(field.name).map(\.text)
            } else if let text = record.text(field.name) {
                names.append(text)
            }
        }
        let folded = Set(names.map(NameFold.folded)).subtracting([""])
        self.names = folded.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }

        var places = record.text("country").map { ["country \($0)"] } ?? []
        let organisations = record.groups("affiliations").compactMap { group -> String? in
            if case .text(let text)? = group["organisation"] { NameFold.folded(text) } else { nil }
        }
        places += Set(organisations).sorted().map { "organisation \($0)" }
        self.places = places

        var marks: [(Likeness, String)] = []
        for (name, likeness) in [("uid", Likeness.uid), ("orcid", .orcid), ("ror", .ror), ("iati_org", .iati)] {
            if let text = record.text(name), !text.isEmpty { marks.append((likeness, text)) }
        }
        let emails = Set(
            (record.words("emails") + [record.text("primary_email")].compactMap(\.self)).map { $0.lowercased() })
        for email in emails.sorted() {
            marks.append((.email, email))
            marks += self.names.map { (.emailAndName, "\(email) \($0)") }
        }
        for phone in Set(record.words("phones").compactMap(Subject.digits)).sorted() { marks.append((.phone, phone)) }
        if let host = record.text("website").flatMap(Subject.host) {
            marks.append((.website, host))
            marks += self.names.map { (.websiteAndName, "\(host) \($0)") }
        }
        if let short = record.text("short").map(NameFold.folded), !short.isEmpty { marks.append((.short, short)) }
        for name in self.names { marks += places.map { (.name, "\(name) \($0)") } }
        self.marks = marks
        identities = marks.filter { [.orcid, .ror].contains($0.0) }.map(\.1)
    }

    /// The digits of a telephone number in its international form; nil when it has too few to tell numbers apart.
    private static func digits(_ phone: String) -> String? {
        var digits = phone.utf8.filter { (0x30...0x39).contains($0) }[...]
        if digits.starts(with: [0x30, 0x30]) { digits = digits.dropFirst(2) }
        return digits.count < 7 ? nil : String(decoding: digits, as: UTF8.self)
    }

    /// The host of a web address without `www.`.
    private static func host(_ address: String) -> String? {
        guard let colon = address.firstIndex(of: ":") else { return nil }
        let rest = address[colon...].dropFirst().drop { $0 == "/" }
        let host = rest.prefix { !"/?#:".contains($0) }.lowercased()
        return host.isEmpty ? nil : host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
    }
}

/// Which records something connects.
private struct Links {
    /// Records, by their places in the list of subjects.
    struct Group {
        /// Ascending; at least two.
        let members: [Int]
        /// The strongest first.
        let reasons: [Likeness]
    }

    private struct Key: Hashable {
        let likeness: Likeness
        let text: String
    }

    private var certain: [Int]
    private var all: [Int]
    private var first: [Key: Int] = [:]
    private var reasons: [(likeness: Likeness, place: Int)] = []
    /// The first record of each name, and the first of those of which nothing else is known.
    private var firstOfName: [String: (any: Int, homeless: Int?)] = [:]

    init(count: Int) {
        certain = Array(0..<count)
        all = Array(0..<count)
    }

    /// Connects a record with the first that has something in common with it.
    mutating func note(_ subject: Subject, _ place: Int) {
        for mark in subject.marks {
            let key = Key(likeness: mark.likeness, text: mark.text)
            if let other = first[key] { link(other, place, mark.likeness) } else { first[key] = place }
        }
        for name in subject.names {
            guard let known = firstOfName[name] else {
                firstOfName[name] = (place, subject.places.isEmpty ? place : nil)
                continue
            }
            // A name alone says little; where nothing speaks against it, it may be the same.
            if subject.places.isEmpty {
                link(known.any, place, .name)
                if known.homeless == nil { firstOfName[name] = (known.any, place) }
            } else if let homeless = known.homeless, known.any == homeless {
                link(homeless, place, .name)
                firstOfName[name] = (place, homeless)
            }
        }
    }

    /// Connects records with nearly the same name at the same place.
    mutating func noteNearNames(_ subjects: [Subject]) {
        var holders: [String: [Int]] = [:]
        for (place, subject) in subjects.enumerated() where !subject.places.isEmpty {
            for name in subject.names where name.unicodeScalars.count >= Links.leastLength {
                holders[name, default: []].append(place)
            }
        }
        let names = holders.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let spelt = names.map { Array($0.unicodeScalars) }
        var variants: [(hash: UInt64, name: Int)] = []
        for (index, name) in spelt.enumerated() { variants += NameFold.variants(name).map { ($0, index) } }
        variants.sort { ($0.hash, $0.name) < ($1.hash, $1.name) }
        var start = 0
        while start < variants.count {
            var end = start + 1
            while end < variants.count, variants[end].hash == variants[start].hash { end += 1 }
            for a in start..<end {
                for b in a + 1..<max(a + 1, end) where variants[a].name != variants[b].name {
                    let (one, other) = (variants[a].name, variants[b].name)
                    guard NameFold.areNear(spelt[one], spelt[other]) else { continue }
                    linkNeighbours(holders[names[one]] ?? [], holders[names[other]] ?? [], subjects)
                }
            }
            start = end
        }
    }

    /// Names with fewer letters are too easily near each other.
    private static let leastLength = 6

    private mutating func linkNeighbours(_ ones: [Int], _ others: [Int], _ subjects: [Subject]) {
        var byPlace: [String: Int] = [:]
        for one in ones { for place in subjects[one].places where byPlace[place] == nil { byPlace[place] = one } }
        for other in others {
            for place in subjects[other].places {
                if let one = byPlace[place], one != other { link(one, other, .nearName) }
            }
        }
    }

    private mutating func link(_ a: Int, _ b: Int, _ likeness: Likeness) {
        guard a != b else { return }
        if likeness.isCertain { Links.join(a, b, &certain) }
        Links.join(a, b, &all)
        reasons.append((likeness, a))
    }

    /// The groups that are connected.
    func groups(of subjects: [Subject], certainly: Bool) -> [Group] {
        var parents = certainly ? certain : all
        var members: [Int: [Int]] = [:]
        for place in subjects.indices { members[Links.root(place, &parents), default: []].append(place) }
        var common: [Int: Set<Likeness>] = [:]
        for reason in reasons where reason.likeness.isCertain || !certainly {
            common[Links.root(reason.place, &parents), default: []].insert(reason.likeness)
        }
        return members.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map { root, members in
            let reasons = Likeness.allCases.filter { common[root]?.contains($0) ?? false }
            return Group(members: members, reasons: Links.strongest(reasons))
        }
    }

    /// Without what follows from a stronger one.
    private static func strongest(_ reasons: [Likeness]) -> [Likeness] {
        reasons.filter { reason in
            switch reason {
            case .email, .name:
                !reasons.contains(.emailAndName) && !(reason == .name && reasons.contains(.websiteAndName))
            case .website: !reasons.contains(.websiteAndName)
            default: true
            }
        }
    }

    private static func root(_ place: Int, _ parents: inout [Int]) -> Int {
        var root = place
        while parents[root] != root { root = parents[root] }
        var here = place
        while parents[here] != root { (here, parents[here]) = (parents[here], root) }
        return root
    }

    /// The smaller place becomes the root.
    private static func join(_ a: Int, _ b: Int, _ parents: inout [Int]) {
        let (first, second) = (root(a, &parents), root(b, &parents))
        parents[max(first, second)] = min(first, second)
    }
}
