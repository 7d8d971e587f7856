package import Crypto

/// What is kept of a session that brought or handed out entries.
package struct SessionNote: Hashable, Sendable {
    /// Grows with each session of this store; means nothing elsewhere.
    package let number: Int
    /// The device at the other end.
    package let device: ShortID
    /// The name of the peer here, if it had one.
    package let peer: String?
    /// When it first brought or handed out something, and last, seconds since 1970 by our clock.
    package let began: Int64
    package let ended: Int64
    /// New entries of records that it brought.
    package let received: Int
    /// New statements that it brought.
    package let statements: Int
    /// Entries of either that it handed out.
    package let sent: Int

    package init(
        number: Int, device: ShortID, peer: String?, began: Int64, ended: Int64, received: Int, statements: Int,
        sent: Int
    ) {
        self.number = number
        self.device = device
        self.peer = peer
        self.began = began
        self.ended = ended
        self.received = received
        self.statements = statements
        self.sent = sent
    }
}

/// What sessions brought to one record.
package struct Arrival: Hashable, Sendable {
    package let record: ShortID
    /// In the order in which they came.
    package let entries: [Digest]
    /// One of them is the first that was ever held of the record.
    package let isNew: Bool

    package init(record: ShortID, entries: [Digest], isNew: Bool) {
        self.record = record
        self.entries = entries
        self.isNew = isNew
    }
}
