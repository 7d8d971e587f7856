import Bytes
import Crypto
import Replica
import Store
import Sync

// The inviter's side of joining: Protocol/05-authority.md#joining.
extension Node {
    /// Answers a joiner: admits its device durably, or says why not.
    /// - Returns: the message to send.
    func answer(_ request: JoinRequest, channelKey: AgreementPublicKey, handshakeHash: [UInt8], time: Int64) -> [UInt8]
    {
        do throws(Refusal) {
            return try admit(request, channelKey: channelKey, handshakeHash: handshakeHash, time: time).encoded
        } catch {
            return Message.refused(code: error.code.rawValue, text: error.text).encoded
        }
    }

    private struct Refusal: Error {
        let code: RefusalCode
        let text: String
    }

    private func admit(
        _ request: JoinRequest, channelKey: AgreementPublicKey, handshakeHash: [UInt8], time: Int64
    ) throws(Refusal) -> Message {
        guard request.isSigned(channelKey: channelKey, handshakeHash: handshakeHash) else {
            throw Refusal(code: .malformed, text: "the signature of the joiner does not verify")
        }
        let failed = Refusal(code: .ownFault, text: "the inviting node could not store the admission")
        let all: [Invitation]
        do { all = try store.invitations() } catch { throw failed }
        let match = all.first {
            Crypto.constantTimeEqual(
                JoinRequest.proof(secret: $0.secret, handshakeHash: handshakeHash).bytes, request.proof.bytes)
        }
        guard var invitation = match else {
            throw Refusal(code: .invitationUnknown, text: "this node has not issued that code")
        }
        if invitation.state == .used, invitation.usedBy == request.device, let admission = invitation.admission {
            return try welcome(admission)
        }
        switch invitation.state {
        case .used: throw Refusal(code: .invitationUsed, text: "the code was used already")
        case .cancelled: throw Refusal(code: .invitationOver, text: "the code was cancelled")
        case .open:
            guard !invitation.isExpired(at: time) else {
                throw Refusal(code: .invitationOver, text: "the code is older than \(InvitationLimits.days) days")
            }
        }
        let admission: Digest?
        do {
            admission = try Founding.admit(
                request.device, channelKey: channelKey, to: invitation.seat, in: store, time: time)
        } catch { throw failed }
        guard let admission else { throw Refusal(code: .notAMember, text: "the inviting device may not admit anybody") }
        invitation.state = .used
        invitation.usedBy = request.device
        invitation.admission = admission
        do { try store.save(invitation) } catch { throw failed }
        return try welcome(admission)
    }

    private func welcome(_ admission: Digest) throws(Refusal) -> Message {
        guard let certificate = (try? store.certificate(for: admission)) ?? nil,
            let grant = store.authority.grants[admission]
        else {
            throw Refusal(code: .ownFault, text: "the admission does not stand here")
        }
        return .welcome(
            certificate: certificate.encoded, ruleSet: grant.admission.ruleSet, organisation: grant.organisationName)
    }
}
