import Channel
import Crypto
import Reactor
import Sync

/// One connection of a Byzantine peer, from its beginning to its end.
final class Conversation {
    let connection: ConnectionID
    let act: ByzantineAct
    /// Whether the Byzantine peer dialled.
    let isInitiator: Bool
    var channel: Channel
    var stream = MessageStream(messageBytes: SyncLimits().messageBytes)
    var isStarted = false
    var isEstablished = false
    /// The act was done, as far as it lies with the Byzantine peer.
    var wasPlayed = false
    /// An honest node must close the session for what it was sent.
    var isOffence = false
    /// It says nothing more and waits for the end.
    var isSilent = false
    /// The code with which the other side refused.
    var refusal: Int?

    // What was said.
    var saidHello = false
    var hasSentLoad = false
    var hasSentAll = false
    var saidControl = false
    /// How often equality was denied.
    var denials = 0
    /// Messages that it was sent.
    var heard = 0
    /// It leaves when it has heard so many.
    var leavesAfter: Int?
    /// It leaves in the middle of what it writes then.
    var leavesWithin = false
    /// What it may still write: it ends by itself.
    var budget = 131_072
    /// Everything that it wrote, for replays.
    var written: [UInt8] = []

    init(connection: ConnectionID, act: ByzantineAct, isInitiator: Bool, channel: Channel) {
        self.connection = connection
        self.act = act
        self.isInitiator = isInitiator
        self.channel = channel
    }
}
