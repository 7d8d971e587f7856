internal import CLinux
internal import Glibc

/// Looks names up on a thread of its own, as `getaddrinfo` can take half a minute.
final class Resolver {
    /// A name to look up, for the connection that has this token.
    struct Question: Sendable {
        var token: UInt64
        var endpoint: Endpoint
        var maximumCount: Int
    }

    /// What became of a question.
    struct Answer: Sendable {
        var token: UInt64
        var addresses: Result<[SocketAddress], ReactorError>
    }

    private let questions: Mailbox<Question>
    /// Answers wait here; never full, as there are no more of them than of questions.
    private let answers: Mailbox<Answer>
    private let capacity: Int
    private var unansweredCount = 0

    init(capacity: Int) throws(ReactorError) {
        self.capacity = capacity
        questions = try Mailbox(capacity: capacity)
        answers = try Mailbox(capacity: capacity)
        let shared = unsafe Unmanaged.passRetained(ResolverThread(questions: questions, answers: answers))
        var thread = pthread_t()
        let error = unsafe pthread_create(&thread, nil, resolverThreadMain, shared.toOpaque())
        guard error == 0 else {
            unsafe shared.release()
            throw .system(call: "pthread_create", subject: "resolver", number: error)
        }
        // Nobody waits for the thread: a look-up cannot be interrupted, and it ends by itself afterwards.
        pthread_detach(thread)
    }

    deinit { questions.close() }

    /// Readable when `takeAnswers` has something.
    var descriptor: Int32 { answers.descriptor }

    /// Asks; false when too many questions wait.
    func ask(_ question: Question) -> Bool {
        guard unansweredCount < capacity, questions.post(question) else { return false }
        unansweredCount += 1
        return true
    }

    /// The answers that have come since.
    func takeAnswers() -> [Answer] {
        let taken = answers.takeAll()
        unansweredCount -= taken.count
        return taken
    }
}

/// What the thread has: it lives until the thread ends, which can be after its resolver.
private final class ResolverThread: Sendable {
    let questions: Mailbox<Resolver.Question>
    let answers: Mailbox<Resolver.Answer>

    init(questions: Mailbox<Resolver.Question>, answers: Mailbox<Resolver.Answer>) {
        self.questions = questions
        self.answers = answers
    }

    func run() {
        while let question = questions.wait() {
            let addresses: Result<[SocketAddress], ReactorError>
            do throws(ReactorError) {
                addresses = .success(
                    try SocketAddress.resolve(question.endpoint, mode: .name, maximumCount: question.maximumCount))
            } catch {
                addresses = .failure(error)
            }
            guard answers.post(Resolver.Answer(token: question.token, addresses: addresses)) else { return }
        }
    }
}

// A global function and no closure: a closure literal would carry the isolation of where it is written, and trap on
// this thread (CONTRIBUTING.md, workarounds).
private nonisolated func resolverThreadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    unsafe Unmanaged<ResolverThread>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
