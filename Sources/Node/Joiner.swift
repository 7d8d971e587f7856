import Bytes
import Channel
package import Crypto
package import Reactor
package import Replica
import Sync

/// The joiner's side: dials the inviter once, proves that it knows the secret, and waits for its admission.
///
/// Source: Protocol/05-authority.md#joining.
package final class Joiner {
    private let network: any Network
    private let code: JoinCode
    private let signing: SigningKey
    private let channelKey: AgreementKey
    private var channel: Channel
    private var connection: ConnectionID?
    private var stream = MessageStream(messageBytes: SyncLimits().messageBytes)
    /// What came of it, once it is there.
    package private(set) var result: Result<Certificate, Failure>?
    /// Whether the inviter may have admitted this device without our knowing.
    package private(set) var mayBeAdmitted = false
    private static let timer = TimerID(1)

    package init(
        network: any Network, code: JoinCode, signing: SigningKey, channelKey: AgreementKey, entropy: inout some Entropy
    ) {
        self.network = network
        self.code = code
        self.signing = signing
        self.channelKey = channelKey
        channel = Channel(role: .initiator, staticKey: channelKey, networkHint: code.network.word0, entropy: &entropy)
    }

    /// Dials the address of the code.
    package func start() {
        guard let endpoint = Endpoint(code.address) else {
            return fail(.invalidValue, "the code names \(code.address), which is no address")
        }
        connection = network.connect(to: endpoint)
    }

    private func fail(_ exit: ExitCode, _ text: String, hint: String? = nil) {
        if result == nil { result = .failure(Failure(exit, text, hint: hint)) }
        if let connection { network.abort(connection) }
        network.stop()
    }

    private func away(_ reason: String) {
        fail(
            .noPeer, "the inviting node at \(code.address) does not answer: \(reason)",
            hint: "ask whether liaison serve runs there, and try the same code again")
    }

    private func run(_ actions: [ChannelAction], now: Instant) {
        for action in actions {
            guard result == nil, let connection else { return }
            switch action {
            case .write(let bytes): network.write(bytes, to: connection)
            case .peerPayload(let payload, let remoteStatic, let hash): judge(payload, remoteStatic, hash, now: now)
            case .frame(let plaintext): read(plaintext)
            case .closedByPeer: fail(.failed, "the inviting node closed the connection")
            case .established, .renewalDue: break
            }
        }
    }

    private func judge(_ payload: [UInt8], _ remoteStatic: AgreementPublicKey, _ hash: [UInt8], now: Instant) {
        let isMember = (try? Certificate(decoding: payload).verify(network: code.network)) != nil
        guard remoteStatic == code.inviter, isMember else {
            return fail(.notPermitted, "the node at \(code.address) is not the one that issued the code")
        }
        let request = JoinRequest(
            device: signing, channelKey: channelKey.publicKey, secret: code.secret, handshakeHash: hash)
        var actions: [ChannelAction] = []
        try? channel.provide(payload: request.encoded, now: now.monotonicMilliseconds, actions: &actions)
        mayBeAdmitted = true
        run(actions, now: now)
    }

    private func read(_ plaintext: [UInt8]) {
        stream.append(plaintext)
        do throws(SyncError) {
            guard let bytes = try stream.next(), let message = try Message.decode(bytes, limits: SyncLimits()) else {
                return
            }
            switch message {
            case .welcome(let bytes, _, _):
                guard let certificate = try? Certificate(decoding: bytes),
                    let grant = try? certificate.verify(network: code.network),
                    grant.device == signing.verifyingKey
                else { return fail(.failed, "the inviting node answered with an admission that does not stand") }
                result = .success(certificate)
                network.stop()
            case .refused(let code, let text):
                mayBeAdmitted = RefusalCode(rawValue: code) == .ownFault
                let hint = RefusalCode(rawValue: code) == .ownFault ? nil : "ask for a new code"
                fail(.notPermitted, Joiner.explanation(code) ?? "the inviting node refused: \(text)", hint: hint)
            default:
                fail(.failed, "the inviting node answered out of turn")
            }
        } catch { fail(.failed, "the inviting node answered what is no message") }
    }

    private static func explanation(_ code: Int) -> String? {
        switch RefusalCode(rawValue: code) {
        case .invitationUnknown: "the inviting node does not know the code"
        case .invitationUsed: "the code was used already"
        case .invitationOver: "the code was cancelled, or is older than \(InvitationLimits.days) days"
        default: nil
        }
    }

}

// Events of the network.
extension Joiner: NetworkOwner {
    package func accepted(
        _ connection: ConnectionID, from address: RemoteAddress, on listener: ListenerID, now: Instant
    ) {}

    package func connected(_ connection: ConnectionID, to address: Endpoint, now: Instant) {
        network.setTimer(Joiner.timer, at: now.monotonicMilliseconds + ChannelLimits.handshakeTimeoutMilliseconds)
        var actions: [ChannelAction] = []
        channel.start(actions: &actions)
        run(actions, now: now)
    }

    package func connectFailed(_ connection: ConnectionID, error: ReactorError, now: Instant) { away("\(error)") }

    package func received(_ bytes: [UInt8], from connection: ConnectionID, now: Instant) {
        var actions: [ChannelAction] = []
        do throws(ChannelError) {
            try channel.received(bytes, now: now.monotonicMilliseconds, actions: &actions)
            run(actions, now: now)
        } catch {
            run(actions, now: now)
            if error == .otherNetwork {
                fail(.notPermitted, "the node at \(code.address) belongs to another network than the code")
            } else {
                fail(.failed, "the node at \(code.address) does not speak as expected: \(error)")
            }
        }
    }

    package func drained(_ connection: ConnectionID, now: Instant) {}

    package func disconnected(_ connection: ConnectionID, reason: DisconnectReason, now: Instant) {
        if result == nil { away("the connection broke") }
    }

    package func timerFired(_ timer: TimerID, now: Instant) { if result == nil { away("no answer in time") } }

    package func signalled(_ signal: Signal, now: Instant) { fail(.failed, "interrupted; nothing was stored") }
}
