import Bytes
import Reactor
package import Replica

/// A command that talks to the running node over the control socket.
struct ControlConnection {
    /// What has come of the request.
    var bytes: [UInt8] = []
    /// The request has come; what follows it is not read, but for a wish to end early.
    var isAsked = false
    /// Whoever asked wants to hear how far it has come, and may end it early.
    var isWatched = false
}

/// How requests and responses travel on the control socket.
///
/// Four bytes of length, most significant first, and one CBOR item. Before the response the node may send any number of
/// frames that say how far it has come, to whoever asked with the option `progress`. Any byte after such a request asks
/// the node to end the work early and to answer; so does closing the connection, without an answer.
package enum ControlFrame {
    /// The option of a request that asks for frames of progress.
    package static let progressOption = "progress"

    /// The least time between two frames of progress, milliseconds.
    static let progressInterval: Int64 = 250

    /// The longest request or response, bytes.
    package static let maximumByteCount = 256 << 20

    /// Frames an encoded item.
    package static func encode(_ content: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: UInt32(truncatingIfNeeded: content.count))
        return bytes + content
    }

    /// The length that a frame announces, from its first four bytes; nil while there are fewer.
    package static func length(_ bytes: some Collection<UInt8>) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
}

extension Node {
    func receivedCommand(_ bytes: [UInt8], from connection: ConnectionID, now: Instant) {
        guard var control = controls[connection] else { return }
        guard !control.isAsked else {
            if control.isWatched { cancel(connection, now: now) }
            return
        }
        control.bytes += bytes
        controls[connection] = control
        guard let length = ControlFrame.length(control.bytes) else { return }
        guard length <= ControlFrame.maximumByteCount else { return network.abort(connection) }
        guard control.bytes.count >= 4 + length else { return }
        let content = Array(control.bytes[4..<(4 + length)])
        controls[connection]?.isAsked = true
        controls[connection]?.bytes = []
        let request: Request
        do throws(DecodeError) {
            request = try Request(try CBOR(decoding: content))
        } catch {
            return reply(
                .failure(.failed, "the running node does not know this command", hint: "both are to be of one version"),
                to: connection)
        }
        if request.verb == "serve" {
            return reply(.failure(.failed, "a node serves this home already"), to: connection)
        }
        let isWatched = request.has(ControlFrame.progressOption)
        // Whoever wants it to end before it has begun has said so in the same breath.
        if isWatched, control.bytes.count > 4 + length { return reply(Node.interrupted, to: connection) }
        controls[connection]?.isWatched = isWatched
        if let response = perform(request, job: nil, control: connection) { reply(response, to: connection) }
    }

    /// Ends what a command waits for, at its own wish, and says so.
    private func cancel(_ connection: ConnectionID, now: Instant) {
        abandonJobs(of: connection, now: now)
        reply(Node.interrupted, to: connection)
    }

    /// The answer to a command that waited for peers and was ended early.
    package static var interrupted: Response {
        .failure(.failed, "interrupted; what had come until then is stored", hint: "liaison sync")
    }

    /// Who is told how far a request has come while it is performed; nil when nobody asked.
    func watcher(of request: Request, _ control: ConnectionID?) -> Watcher? {
        guard request.has(ControlFrame.progressOption) else { return nil }
        guard let control else { return localWatcher }
        let network = network
        var last = network.now.monotonicMilliseconds
        return { progress in
            let time = network.now.monotonicMilliseconds
            guard time - last >= ControlFrame.progressInterval else { return true }
            last = time
            network.write(ControlFrame.encode(progress.encoded), to: control)
            network.sendNow(to: control)
            return !network.isCalling(control)
        }
    }

    /// Answers a command, if it is still there.
    func reply(_ response: Response, to connection: ConnectionID) {
        guard controls.removeValue(forKey: connection) != nil else { return }
        network.write(ControlFrame.encode(response.encoded), to: connection)
        network.close(connection)
    }
}

extension WorkProgress {
    /// What travels on the control socket before a response.
    package var encoded: [UInt8] {
        func number(_ value: Int?) -> CBOR { value.map { .int(Int64($0)) } ?? .null }
        return CBOR.array([.text("progress"), .text(what), number(done), number(total), number(byteCount)]).encoded
    }

    /// Reads what travelled; nil when it is another thing.
    package init?(decoding bytes: [UInt8]) {
        // An array of five; responses, which may be long, are of another length.
        guard bytes.first == 0x85, case .array(let parts)? = try? CBOR(decoding: bytes), parts.count == 5,
            parts[0] == .text("progress"), case .text(let what) = parts[1]
        else { return nil }
        func number(_ item: CBOR) -> Int? {
            if case .unsigned(let value) = item { Int(exactly: value) } else { nil }
        }
        self.init(what, done: number(parts[2]), of: number(parts[3]), byteCount: number(parts[4]))
    }
}
