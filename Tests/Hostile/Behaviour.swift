/// What a hostile peer does, again and again; the names are those that the program prints.
enum Behaviour: String, CaseIterable {
    /// Connects and says nothing.
    case idle
    /// Says what an honest caller says, one byte every nine seconds.
    case drip
    /// Says random bytes.
    case garbage
    /// Says a valid first message, waits for the answer and begins anew.
    case flood
    /// A member: greets, announces a great message and never says the rest.
    case withhold
    /// A member: greets, asks for everything there is and never reads.
    case deaf
    /// A member: greets and sends segments whose seals do not verify.
    case forge

    /// Whether it needs the home of a device that was admitted.
    var isMember: Bool {
        switch self {
        case .withhold, .deaf, .forge: true
        case .idle, .drip, .garbage, .flood: false
        }
    }

    /// Whether it may live behind the address of honest peers: a bad neighbour that needs no handshake.
    var mayBeNeighbour: Bool {
        switch self {
        case .idle, .drip, .garbage: true
        case .flood, .withhold, .deaf, .forge: false
        }
    }

    /// How long it rests after its connection has ended, milliseconds.
    var rest: Int64 { self == .flood ? 250 : 1_000 }
}
