import Bytes
import Crypto
import Queries
import Records
import Replica

/// Finds the records that people mean: by the beginning of an id, else by a name.
extension RecordVerbs {
    /// The record that the first argument names; with the option `kind` only one of that kind.
    func record(_ request: Request, _ store: some RecordStore) throws(Failure) -> RecordState {
        let kind = schema.kinds.first { $0.name == request.value(of: "kind") }
        let id = try recordError { () throws(RecordError) in
            try RecordFinder(schema: schema, store: store).find(
                request.arguments.first ?? "", kinds: kind.map { [$0.number] } ?? [], verb: request.verb)
        }
        guard let state = try state(id, store) else {
            throw Failure(.notFound, "record \(id.hex.prefix(8)) was not found")
        }
        return state
    }

    /// Finds the records that references name.
    func lookup(_ store: some RecordStore) -> RecordLookup {
        let finder = RecordFinder(schema: schema, store: store)
        return { (text: String, kinds: [Int]) throws(RecordError) -> ShortID in
            try finder.find(text, kinds: kinds, verb: nil)
        }
    }
}

/// Finds one record by what a person typed.
///
/// The beginning of an id comes first. A name is only taken where kinds are said, and if exactly one record of them has
/// it, in any case: in its title field in any language, or in a field called `short`. So no later record can change
/// what a command on a script's line means without its failing.
struct RecordFinder<Store: RecordStore> {
    let schema: Schema
    let store: Store

    /// The record whose id, or whose device's id, begins with a text, or that is called so.
    /// - Parameters:
    ///   - kinds: those that may be meant; all when empty, and then only by id.
    ///   - verb: the command that asks, to name the right one where the record is of another kind.
    func find(_ text: String, kinds: [Int], verb: String?) throws(RecordError) -> ShortID {
        do {
            let digits = text.lowercased()
            guard RecordFinder.isPrefix(digits) else {
                guard let id = try named(text, kinds) else { throw notFound(text, kinds) }
                return id
            }
            switch try match(digits) {
            case .one(let id):
                guard !kinds.isEmpty, let kind = try store.state(of: id)?.kind, !kinds.contains(kind) else { return id }
                guard let other = try named(text, kinds) else { throw otherKind(text, kind, kinds, verb) }
                return other
            case .several(let ids): throw RecordError.ambiguous(prefix: text, count: ids.count)
            case .none:
                guard let id = try named(text, kinds) else { throw notFound(text, kinds) }
                return id
            }
        } catch let error as RecordError {
            throw error
        } catch {
            throw .notFound("a record with the id \(text)", remedy: "liaison status")
        }
    }

    /// Whether a text can be the beginning of an id.
    private static func isPrefix(_ digits: String) -> Bool {
        (1...32).contains(digits.utf8.count)
            && digits.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// The records, else the devices, whose ids begin with these digits.
    private func match(_ digits: String) throws(RecordStoreError) -> RecordMatch {
        let found = try store.find(idPrefix: digits)
        guard case .none = found else { return found }
        let devices = try store.devices().filter { $0.device.hex.hasPrefix(digits) }.map(\.record)
        return devices.count > 1 ? .several(devices) : devices.first.map { .one($0) } ?? .none
    }

    /// The only record of these kinds that is called so; nil when there is none.
    private func named(_ name: String, _ kinds: [Int]) throws -> ShortID? {
        let wanted = name.lowercased()
        guard !wanted.isEmpty else { return nil }
        let merges = try Merges(store, schema)
        var hits: [(id: ShortID, kind: Kind)] = []
        for kind in kinds.compactMap(schema.kind) {
            let fields = kind.nameFields
            try store.forEach(kind: kind.number) { state in
                guard !state.isDeleted else { return }
                // What is called so counts as the record that it was merged into.
                let id = merges.canonical(state.id)
                let isMeant = state.texts(of: fields).contains { $0.lowercased() == wanted }
                if isMeant, !hits.contains(where: { $0.id == id }) { hits.append((id, kind)) }
            }
        }
        guard hits.count > 1 else { return hits.first?.id }
        throw RecordError.ambiguousName(name, hits: hits.prefix(8).map { "\($0.id.hex.prefix(8)) (\($0.kind.name))" })
    }

    private func notFound(_ text: String, _ kinds: [Int]) -> RecordError {
        guard let first = kinds.first else {
            let isID = RecordFinder.isPrefix(text.lowercased())
            return .notFound(
                "a record with the id \(text)",
                remedy: isID ? "liaison list KIND" : "ids are hexadecimal digits: liaison list KIND")
        }
        return .notFound(
            "\(names(kinds)) \(text)",
            remedy: "the beginning of an id, or the whole name: liaison list \(schema.name(ofKind: first))")
    }

    private func otherKind(_ text: String, _ kind: Int, _ kinds: [Int], _ verb: String?) -> RecordError {
        let name = schema.name(ofKind: kind)
        let command = verb.map { ": liaison \(name.map { $0 == "_" ? "-" : String($0) }.joined()) \($0) \(text)" }
        return .notFound("\(names(kinds)) \(text)", remedy: "\(text) is of kind \(name)\(command ?? "")")
    }

    private func names(_ kinds: [Int]) -> String { kinds.map(schema.name(ofKind:)).joined(separator: " or ") }
}

extension Kind {
    /// The fields by whose text people call a record.
    var nameFields: Set<Int> { Set([titleField] + fields.filter { $0.name == "short" }.map(\.number)) }
}

extension RecordState {
    /// Every text that is left in these fields.
    func texts(of numbers: Set<Int>) -> [String] {
        fields.filter { numbers.contains($0.field) }.flatMap { $0.left.compactMap(\.text) }
    }
}

extension OperationView {
    /// The text of its value, where it is one.
    fileprivate var text: String? {
        if case .present(.text(let text)) = value { text } else { nil }
    }
}
