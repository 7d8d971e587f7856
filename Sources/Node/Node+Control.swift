import Bytes
import Reactor

/// A command that talks to the running node over the control socket.
struct ControlConnection {
    /// What has come of the request.
    var bytes: [UInt8] = []
    /// The request has come; what follows it is not read.
    var isAsked = false
}

/// How requests and responses travel on the control socket.
///
/// Four bytes of length, most significant first, and one CBOR item.
package enum ControlFrame {
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
        guard var control = controls[connection], !control.isAsked else { return }
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
        if let response = perform(request, job: nil, control: connection) { reply(response, to: connection) }
    }

    /// Answers a command, if it is still there.
    func reply(_ response: Response, to connection: ConnectionID) {
        guard controls.removeValue(forKey: connection) != nil else { return }
        network.write(ControlFrame.encode(response.encoded), to: connection)
        network.close(connection)
    }
}
