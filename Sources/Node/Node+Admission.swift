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
        let isSameAgain = invitation.state == .used && invitation.usedBy == request.device
        if isSameAgain, let admission = invitation.admission { return try welcome(admission) }
        switch invitation.state {
        case .used where isSameAgain: break
        case .used: throw Refusal(code: .invitationUsed, text: "the code was used already")
        case .cancelled: throw Refusal(code: .invitationOver, text: "the code was cancelled")
        case .open:
            guard !invitation.isExpired(at: time) else {
                throw Refusal(code: .invitationOver, text: "the code is older than \(InvitationLimits.days) days")
            }
        }
        if case .organisation(let name) = invitation.seat, !isSameAgain,
            store.authority.grants.values.contains(where: { $0.organisationName == name })
        {
            throw Refusal(code: .invitationUsed, text: "\(name) is a member already")
        }
        // Used before anybody is admitted: a crash between the two admits nobody twice, and the same device goes on.
        invitation.state = .used
        invitation.usedBy = request.device
        do { try store.save(invitation) } catch { throw failed }
        let admission: Digest?
        do {
            let given = store.authority.grants.values.filter { $0.device == request.device }.map(\.id).min()
            if let given { return try finish(&invitation, given) }
            admission = try Founding.admit(
                request.device, channelKey: channelKey, to: invitation.seat, in: store, time: time)
        } catch { throw failed }
        guard let admission else { throw Refusal(code: .notAMember, text: "the inviting device may not admit anybody") }
        return try finish(&invitation, admission)
    }

    private func finish(_ invitation: inout Invitation, _ admission: Digest) throws(Refusal) -> Message {
        invitation.admission = admission
        do { try store.save(invitation) } catch {
            throw Refusal(code: .ownFault, text: "the inviting node could not store the admission")
        }
        return try welcome(admission)
    }

    private func welcome(_ admission: Digest) throws(Refusal) -> Message {
        // The certificate hands out an entry of our own.
        guard (try? store.noteHandOut()) != nil, let certificate = (try? store.certificate(for: admission)) ?? nil,
            let grant = store.authority.grants[admission]
        else {
            throw Refusal(code: .ownFault, text: "the admission does not stand here")
        }
        return .welcome(
            certificate: certificate.encoded, ruleSet: grant.admission.ruleSet, organisation: grant.organisationName)
    }
}
