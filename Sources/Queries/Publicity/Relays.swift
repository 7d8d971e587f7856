import Crypto
import Records
import Replica

/// Who was asked to pass an item of the Sector on, and what each has answered.
struct Relays {
    /// What an organisation has answered to a request.
    enum Reply {
        case relayed(RecordView)
        case declined(RecordView, reason: String)

        /// A pickup that names a channel or an address, or else a reason why not; an empty one answers nothing.
        init?(_ pickup: RecordView) {
            if pickup.text("url") != nil || !pickup.words("channel").isEmpty {
                self = .relayed(pickup)
            } else if let reason = pickup.text("declined_reason") {
                self = .declined(pickup, reason: reason)
            } else {
                return nil
            }
        }

        var pickup: RecordView {
            switch self {
            case .relayed(let pickup), .declined(let pickup, _): pickup
            }
        }

        /// Of several pickups of one organisation, as after a merge, one that relayed counts, then the least id.
        func counts(before other: Reply) -> Bool {
            switch (self, other) {
            case (.relayed, .declined): true
            case (.declined, .relayed): false
            default: pickup.id < other.pickup.id
            }
        }
    }

    private struct Key: Hashable {
        let request: ShortID
        let organisation: ShortID
    }

    private var replies: [Key: Reply] = [:]
    private let merges: Merges
    /// The organisations that are asked when all are, ascending by short name and id.
    let everybody: [ShortID]
    private let shortNames: [ShortID: String]

    init(_ base: RecordBase<some RecordStore>) throws(QueryError) {
        merges = try base.merges()
        let organisations = try base.live("organisation")
        shortNames = Dictionary(organisations.map { ($0.id, $0.text("short") ?? "") }) { first, _ in first }
        everybody = organisations.filter { organisation in
            let status = organisation.state("status")
            return organisation.text("type") == "c2" && (status == "designated" || status == "under-renewal")
        }.map(\.id)
        for pickup in try base.live("pickup") {
            guard let request = pickup.id("request"), let organisation = pickup.id("org"), let reply = Reply(pickup)
            else { continue }
            let key = Key(request: request, organisation: organisation)
            if let known = replies[key], known.counts(before: reply) { continue }
            replies[key] = reply
        }
    }

    /// The record that stands for an organisation.
    func standing(_ organisation: ShortID) -> ShortID { merges.canonical(organisation) }

    /// What an organisation has answered.
    func reply(_ request: ShortID, _ organisation: ShortID) -> Reply? {
        replies[Key(request: request, organisation: organisation)]
    }

    /// Who is asked by a request, ascending by short name and id; never the organisation whose item it is, nor one
    /// that was deleted.
    func targets(_ request: RecordView, item: RecordView?) -> [ShortID] {
        var asked = Set(request.ids("targets").map(standing))
        if request.flag("to_all") == true { asked.formUnion(everybody) }
        if let owner = item?.id("org") { asked.remove(standing(owner)) }
        return asked.filter { shortNames[$0] != nil }.sorted { (shortNames[$0] ?? "", $0) < (shortNames[$1] ?? "", $1) }
    }
}
