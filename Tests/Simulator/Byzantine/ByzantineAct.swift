/// What a Byzantine peer does to the node that it talks to; the details of each act are drawn anew every time.
package enum ByzantineAct: Int, CaseIterable, Comparable, Hashable, Sendable {
    // MARK: In the handshake

    /// Shows a certificate that is none, somebody else's, damaged, or of a network of its own.
    case showFalseCertificate
    /// Asks to join with a secret that nobody gave it.
    case askToJoin
    /// Alters, cuts or stuffs its handshake messages, or sends keys of low order.
    case alterHandshake
    /// Sends everything once more that it sent in an earlier connection.
    case replayConnection
    /// Leaves in the middle of the handshake.
    case leaveHandshake

    // MARK: In the frames

    /// Sends bytes that are no frames of the channel.
    case sendGarbageBytes
    /// Sends a frame twice, or out of order.
    case replayFrames
    /// Leaves in the middle of a frame, or without a close.
    case leaveInFrame

    // MARK: In the messages

    /// Sends random plaintexts.
    case sendGarbageMessages
    /// Sends messages that were altered in one place, cut or lengthened.
    case alterMessages
    /// Sends what it was sent itself in earlier sessions.
    case replayMessages
    /// Says HELLO twice, with moves of logs that are not there, or agrees to a checkpoint that nobody offered.
    case contradictHello
    /// Sends messages where they cannot stand.
    case speakOutOfTurn
    /// Sends empty messages, and such as are greater than any may be.
    case oversizeMessages
    /// Says without end what says nothing, until its budget is spent.
    case rambleOn
    /// Speaks a later version: unknown messages, further elements, a greater number in HELLO.
    case speakLaterVersion

    // MARK: About what is held

    /// Claims to hold more, less or other entries than there are.
    case lieAboutFrontier
    /// Says that both hold the same, which is not so, and goes on from there in the next session.
    case lieAboutEquality
    /// Says again and again that the two do not hold the same.
    case denyEquality
    /// Announces entries and sends none, every other one, or those that hang on others alone.
    case withholdEntries
    /// Falls silent in the middle of a session.
    case fallSilent
    /// Leaves at any point of the session.
    case leaveSession
    /// Sends honest entries many times and in any order, then a damaged copy.
    case repeatEntries

    // MARK: In its own logs

    /// Forks its log and shows each peer other branches.
    case forkLog
    /// Names entries that are not there, or others than its headers say.
    case forgeReferences
    /// Writes to records of others: deletes, restores, replaces, in fields and ways that nobody knows.
    case writeAnywhere
    /// Numbers entries wrongly, or chains them to what does not come before.
    case breakChain
    /// Sends transactions with members that are missing or do not count down.
    case breakTransactions
    /// Writes as a later version would, and values at their limits.
    case writeLaterVersion
    /// Sends segments of a wrong form: seeds, sizes, compression, versions.
    case deformSegments
    /// Writes in logs that nothing opens, under no grant or the grant of another.
    case writeUnauthorised

    // MARK: In logs of others

    /// Sends entries of others with altered bytes.
    case alterEntries
    /// Goes on with the log of another, or shows another's entries as its own.
    case stealLog
    /// Makes statements that it may not make.
    case forgeStatements
    /// Hands on what somebody wrote who was never admitted.
    case smuggleStranger

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// Whether it can be played by somebody who was never admitted: all that happens before a session.
    package var needsMembership: Bool { self >= .sendGarbageBytes }
}
