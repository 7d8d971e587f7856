package import Bytes

/// Why a session ended before its time.
package enum SyncError: Error, Hashable, Sendable {
    /// Bytes of the peer that are no message.
    case malformed(DecodeError)
    /// A message that cannot stand here; `message` is its name in Protocol/07-sync.md.
    case outOfTurn(message: String, state: String)
    /// The peer went beyond a limit of Protocol/08-limits.md.
    case limit(String)
    /// A segment of the peer was refused with this code.
    case offence(RefusalCode)
    /// The peer named a log that is not in the table.
    case unknownLog
    /// The peer refused us.
    case refused(code: Int, text: String)
    /// Nothing came for too long.
    case idle
    /// The connection ended before the session did.
    case cut
    /// The store failed.
    case store(String)

    /// What the peer is told before the connection closes; nil if there is nothing to tell or nobody to tell it.
    package var refusal: RefusalCode? {
        switch self {
        case .malformed, .unknownLog: .malformed
        case .outOfTurn: .outOfTurn
        case .limit: .limit
        case .offence(let code): code
        case .store: .ownFault
        case .refused, .idle, .cut: nil
        }
    }

    /// Whether the peer did what no honest node does, so that it is to be left alone for a while.
    package var isOffence: Bool {
        switch self {
        case .malformed, .outOfTurn, .limit, .offence, .unknownLog: true
        case .refused, .idle, .cut, .store: false
        }
    }
}

/// Why a session is refused.
///
/// Source: Protocol/09-errors.md.
package enum RefusalCode: Int, Hashable, Sendable, CaseIterable {
    case malformed = 1
    case badSeal = 2
    case outOfTurn = 3
    case limit = 4
    case notAMember = 5
    case otherNetwork = 6
    case invitationUnknown = 7
    case invitationUsed = 8
    case invitationOver = 9
    case busy = 10
    case ownFault = 11
}
