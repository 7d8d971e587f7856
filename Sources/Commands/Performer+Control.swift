import Bytes
import Glibc
import Node
import Reactor
import Replica

// Through the running node: Node/ControlFrame says how both talk.
extension Performer {
    /// How long a call waits before it looks whether anybody pressed the interrupt key, milliseconds.
    private static let glance: Int32 = 200

    /// How long completion waits for an answer, milliseconds.
    private static let hastyTimeout = 1_500

    /// - Returns: nil if no node runs on the home.
    func performThroughNode() throws(Failure) -> Response? {
        let patience: Int32 = call.isHasty ? Int32(Performer.hastyTimeout) : 600_000
        guard let client = try? UnixClient(path: controlPath, timeoutMilliseconds: patience) else { return nil }
        return try ask(client)
    }

    private var answerTimeout: Duration {
        if call.isHasty { return .milliseconds(Performer.hastyTimeout) }
        // `wait` is told how long; everything else ends by itself.
        let seconds = Int(request.value(of: "timeout") ?? "") ?? 0
        return .seconds(600 + min(max(seconds, 0), 86_400))
    }

    private func ask(_ client: consuming UnixClient) throws(Failure) -> Response {
        var client = client
        // Only long work ends cleanly; other commands just end.
        let signals = request.has(ControlFrame.progressOption) ? try? SignalWatch() : nil
        var received: [UInt8] = []
        var end = ContinuousClock.now + answerTimeout
        var isCancelled = false
        do {
            try client.send(ControlFrame.encode(request.item.encoded))
            client.timeoutMilliseconds = Performer.glance
            while true {
                while let content = try Performer.takeFrame(&received) {
                    guard let progress = WorkProgress(decoding: content) else {
                        return try Response(decoding: content)
                    }
                    call.progress(progress)
                    end = ContinuousClock.now + answerTimeout
                }
                if signals?.next() != nil {
                    guard !isCancelled else { throw Failure(.failed, "interrupted; the running node goes on") }
                    isCancelled = true
                    try client.send([0])
                }
                do throws(ReactorError) {
                    let more = try client.receive()
                    guard !more.isEmpty else {
                        throw ReactorError.endedEarly(subject: controlPath)
                    }
                    received += more
                } catch {
                    guard case .timedOut = error, ContinuousClock.now < end else { throw error }
                }
            }
        } catch let error as Failure {
            throw error
        } catch let error as ReactorError where Performer.isEnd(error) {
            throw Failure(.failed, "the running node ended before it answered", hint: "liaison status")
        } catch {
            throw Failure(.failed, "the running node did not answer: \(error)", hint: "liaison status")
        }
    }

    /// Whether the other side is gone; the system says it in another way when it had not read everything.
    private static func isEnd(_ error: ReactorError) -> Bool {
        if case .endedEarly = error { return true }
        return error.isSystem(ECONNRESET) || error.isSystem(EPIPE)
    }

    /// Takes the first whole frame out of what was received; nil while there is none.
    private static func takeFrame(_ received: inout [UInt8]) throws(Failure) -> [UInt8]? {
        guard let length = ControlFrame.length(received) else { return nil }
        guard length <= ControlFrame.maximumByteCount else {
            throw Failure(.failed, "the running node answered too much", hint: "liaison status")
        }
        guard received.count >= 4 + length else { return nil }
        let content = Array(received[4..<(4 + length)])
        received.removeFirst(4 + length)
        return content
    }
}
