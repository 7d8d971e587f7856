package import Records
package import Replica

/// Why a request was not performed, as it is told to the person who asked.
package struct Failure: Error, Hashable, Sendable {
    package let exitCode: ExitCode
    /// One sentence without a full stop.
    package let message: String
    /// What to do about it.
    package let hint: String?
    /// Another process has the store; it may let go soon.
    package var isAlreadyOpen = false

    package init(_ exitCode: ExitCode, _ message: String, hint: String? = nil) {
        self.exitCode = exitCode
        self.message = message
        self.hint = hint
    }

    package init(_ error: RecordError) {
        let code: ExitCode =
            switch error {
            case .unknownKind, .unknownField, .misused: .usage
            case .invalidValue, .needed: .invalidValue
            case .undecided: .undecided
            case .notFound, .ambiguous, .ambiguousName, .deleted: .notFound
            case .notByHand: .notPermitted
            }
        self.init(code, error.message, hint: error.hint)
    }

    package init(_ error: RecordStoreError) {
        switch error {
        case .failed(let text): self.init(.failed, text)
        case .notPermitted(let text): self.init(.notPermitted, text)
        case .tooLarge(let text): self.init(.invalidValue, text)
        case .damaged(let text): self.init(.integrity, text, hint: "liaison verify")
        }
    }

    /// The response that carries it.
    package var response: Response { .failure(exitCode, message, hint: hint) }
}
