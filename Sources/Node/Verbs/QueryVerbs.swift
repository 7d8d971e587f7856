import Bytes
import Queries
import Records
import Replica

/// Puts the questions that people ask to the queries.
extension RecordVerbs {
    /// The answer of a query; nil when the verb is none.
    func query(_ request: Request, _ store: some RecordStore) throws(Failure) -> Response? {
        guard let query = Queries.named(request.verb) else { return nil }
        let today = request.value(of: "at") ?? CivilTime.day(store.time)
        guard CivilTime.isDate(today) else {
            throw Failure(.invalidValue, "--at: \(today) is no date", hint: "such as --at 2027-03-01")
        }
        let base = RecordBase(store, schema: schema, language: language, today: today)
        let question = Question(arguments: request.arguments, options: request.options.map { ($0.name, $0.value) })
        do {
            let answer = try store.reading { () throws(QueryError) in try query.answer(question, base) }
            return Response(
                answer.document, notes: answer.notes, files: answer.files.map { .init(name: $0.name, bytes: $0.bytes) })
        } catch {
            throw Failure(error)
        }
    }
}

extension Failure {
    init(_ error: QueryError) {
        switch error {
        case .store(let error): self.init(error)
        case .record(let error): self.init(error)
        case .invalid(let what, let remedy): self.init(.invalidValue, what, hint: remedy)
        }
    }
}
