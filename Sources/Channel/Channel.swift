package import Crypto

/// One side of one encrypted channel (`Protocol/06-channel.md`): no IO, no clock, no randomness of its own.
///
/// Inputs are what happened; outputs are appended to the caller's list and carried out in order, before the next input.
/// After a throw the channel has ended: the owner carries out what was appended and drops the connection.
package struct Channel: Sendable {
    /// Which side opened the connection.
    package enum Role: Hashable, Sendable {
        case initiator
        /// With what it puts into message 2, at most `ChannelLimits.payloadByteCount` bytes.
        case responder(payload: [UInt8])
    }

    /// What is true on the wire.
    enum State {
        /// Nothing was sent; may become `waitingForPreface`, `closed`.
        case new(Handshake)
        /// Less than 16 bytes came in; may become `waitingForMessage`, `closed`.
        case waitingForPreface(Handshake)
        /// The peer is of this network and has its handshake message to send; may become `waitingForPayload`
        /// (initiator), `waitingForMessage3` (responder), `closed`.
        case waitingForMessage(Handshake)
        /// The peer waits for message 3 until the owner has judged it; may become `open`, `closed`.
        case waitingForPayload(Handshake)
        /// Message 2 was sent; may become `open`, `closed`.
        case waitingForMessage3(Handshake)
        /// Frames go both ways; may become `closed`.
        case open(Transport)
        /// Nothing is sent or read any more, and the keys are wiped; cleanly if either side sent a close.
        case closed(isClean: Bool)
    }

    private let role: Role
    private let preface: Preface
    private(set) var state: State
    /// Received and not yet handled: less than one preface, message or frame after each call.
    private(set) var unread: [UInt8] = []

    /// What a frame adds to its plaintext, bytes: its length and the authentication tag.
    package static let frameOverheadByteCount =
        2 + ChannelLimits.frameByteCount - ChannelLimits.plaintextByteCount

    /// A channel of which nothing was sent yet.
    /// - Parameters:
    ///   - staticKey: this device's channel key.
    ///   - networkHint: the first 8 bytes of the network id, big-endian.
    ///   - entropy: gives 32 bytes for the ephemeral key.
    package init(role: Role, staticKey: AgreementKey, networkHint: UInt64, entropy: inout some Entropy) {
        if case .responder(let payload) = role { Self.checkOwn(payload: payload) }
        self.role = role
        preface = Preface(networkHint: networkHint)
        let ephemeralKey = AgreementKey(from: &entropy)
        state = .new(Handshake(staticKey: staticKey, ephemeralKey: ephemeralKey, prologue: preface.bytes))
    }

    /// What the first bytes of somebody who connected are.
    package enum Opening: Hashable, Sendable {
        /// As far as they go they can become a preface and message 1.
        case incomplete
        /// A channel can read them: a preface and message 1, or a preface that is to be answered and refused.
        case complete
        /// They are of another protocol, or more than a side may say before it is answered.
        case foreign
    }

    /// The most bytes that an initiator says before it is answered: its preface and message 1.
    package static let openingByteCount = Preface.byteCount + 2 + Handshake.message1ByteCount.upperBound

    /// Looks at the first bytes of an initiator, so that a channel is made only for those that can have one.
    package static func opening(_ bytes: [UInt8], networkHint: UInt64) -> Opening {
        do throws(ChannelError) {
            guard try Preface(networkHint: networkHint).matches(Array(bytes.prefix(Preface.byteCount))) else {
                return .incomplete
            }
        } catch {
            return error == .notLiaison ? .foreign : .complete
        }
        return bytes.count < openingByteCount ? .incomplete : bytes.count == openingByteCount ? .complete : .foreign
    }

    /// The bytes of the peer that are kept until their message or frame is whole.
    package var heldByteCount: Int { unread.count }

    /// Whether frames can be sent.
    package var isOpen: Bool {
        if case .open = state { true } else { false }
    }

    // MARK: Inputs

    /// The connection stands: an initiator sends its preface and message 1.
    package mutating func start(actions: inout [ChannelAction]) {
        guard case .new(var handshake) = state else { return }
        if role == .initiator {
            actions.append(.write(preface.bytes + Self.withLength(handshake.writeMessage1())))
        }
        state = .waitingForPreface(handshake)
    }

    /// Bytes came in, any number of them, cut anywhere.
    ///
    /// Time is linear in their number. Whatever follows a close is not read.
    /// - Parameter now: monotonic milliseconds.
    /// - Throws: any `ChannelError` but `truncated` and `notOpen`: the peer's fault.
    package mutating func received(
        _ bytes: [UInt8], now: Int64, actions: inout [ChannelAction]
    ) throws(ChannelError) {
        if case .closed = state { return }
        unread += bytes
        var input = unread[...]
        do {
            while try handleNext(&input, now: now, actions: &actions) {}
        } catch {
            end(isClean: false)
            throw error
        }
        if case .closed = state { return unread = [] }
        let handledCount = unread.count - input.count
        // Lets go of the bytes first, so that those left are moved in place.
        input = []
        unread.removeFirst(handledCount)
        reportRenewal(now: now, actions: &actions)
    }

    /// The owner has judged the peer after `peerPayload` and gives what goes into message 3.
    /// - Parameter payload: at most `ChannelLimits.payloadByteCount` bytes.
    /// - Throws: `notOpen` if no payload is waited for.
    package mutating func provide(
        payload: [UInt8], now: Int64, actions: inout [ChannelAction]
    ) throws(ChannelError) {
        Self.checkOwn(payload: payload)
        guard case .waitingForPayload(var handshake) = state else { throw .notOpen }
        actions.append(.write(Self.withLength(handshake.writeMessage3(payload: payload))))
        open(handshake, now: now, actions: &actions)
    }

    /// The owner has something to say.
    /// - Parameter plaintext: 1 to `ChannelLimits.plaintextByteCount` bytes.
    /// - Throws: `notOpen` if the peer closed meanwhile, or the handshake is not done.
    package mutating func send(
        _ plaintext: [UInt8], now: Int64, actions: inout [ChannelAction]
    ) throws(ChannelError) {
        precondition(
            (1...ChannelLimits.plaintextByteCount).contains(plaintext.count), "a frame of \(plaintext.count) bytes")
        guard case .open(var transport) = state else { throw .notOpen }
        actions.append(.write(transport.seal(plaintext)))
        state = .open(transport)
        reportRenewal(now: now, actions: &actions)
    }

    /// The owner has said everything and reads no more: an open channel sends a close, and any is wiped.
    package mutating func close(actions: inout [ChannelAction]) {
        switch state {
        case .closed:
            return
        case .open(var transport):
            actions.append(.write(transport.seal([])))
            end(isClean: true)
        default:
            end(isClean: false)
        }
    }

    /// Nothing happened for a while; an idle channel ages too.
    package mutating func timePassed(now: Int64, actions: inout [ChannelAction]) {
        reportRenewal(now: now, actions: &actions)
    }

    /// The stream has ended: no more bytes will come.
    /// - Throws: `truncated` unless one side had closed.
    package mutating func streamEnded() throws(ChannelError) {
        if case .closed(isClean: true) = state { return }
        end(isClean: false)
        throw .truncated
    }

    private mutating func end(isClean: Bool) {
        // Keys live in memory that is wiped when the last reference goes, which is here.
        state = .closed(isClean: isClean)
        unread = []
    }

    // MARK: Steps

    /// Handles the next preface, message or frame; false if it is not all there, or none is expected.
    private mutating func handleNext(
        _ input: inout ArraySlice<UInt8>, now: Int64, actions: inout [ChannelAction]
    ) throws(ChannelError) -> Bool {
        switch state {
        case .new:
            preconditionFailure("bytes came in before start")
        case .closed:
            return false
        case .waitingForPayload:
            // A responder has no keys to say anything with before message 3.
            guard input.isEmpty else { throw .authentication }
            return false
        case .waitingForPreface(let handshake):
            guard try checkPreface(input, actions: &actions) else { return false }
            input = input.dropFirst(Preface.byteCount)
            state = .waitingForMessage(handshake)
        case .waitingForMessage(var handshake):
            let lengths = role == .initiator ? Handshake.message2ByteCount : Handshake.message1ByteCount
            guard let message = try Self.takeMessage(&input, lengths) else { return false }
            try handleMessage(message, &handshake, actions: &actions)
        case .waitingForMessage3(var handshake):
            guard let message = try Self.takeMessage(&input, Handshake.message3ByteCount) else { return false }
            let (payload, handshakeHash) = try handshake.readMessage3(message)
            actions.append(
                .peerPayload(payload, remoteStatic: handshake.remoteStatic, handshakeHash: handshakeHash))
            open(handshake, now: now, actions: &actions)
        case .open(var transport):
            let lengths = AEAD.tagByteCount...ChannelLimits.frameByteCount
            guard let ciphertext = try Self.takeMessage(&input, lengths) else { return false }
            let plaintext = try transport.open(ciphertext)
            state = plaintext.isEmpty ? .closed(isClean: true) : .open(transport)
            actions.append(plaintext.isEmpty ? .closedByPeer : .frame(plaintext))
        }
        return true
    }

    /// Whether the peer's preface is complete and right; a responder answers a stranger with its own.
    private func checkPreface(
        _ input: ArraySlice<UInt8>, actions: inout [ChannelAction]
    ) throws(ChannelError) -> Bool {
        do {
            return try preface.matches(Array(input.prefix(Preface.byteCount)))
        } catch {
            if role != .initiator, error != .notLiaison { actions.append(.write(preface.bytes)) }
            throw error
        }
    }

    /// Message 1 at a responder, message 2 at an initiator.
    private mutating func handleMessage(
        _ message: ArraySlice<UInt8>, _ handshake: inout Handshake, actions: inout [ChannelAction]
    ) throws(ChannelError) {
        switch role {
        case .responder(let payload):
            try handshake.readMessage1(message)
            let reply = try handshake.writeMessage2(payload: payload)
            actions.append(.write(preface.bytes + Self.withLength(reply)))
            state = .waitingForMessage3(handshake)
        case .initiator:
            let payload = try handshake.readMessage2(message)
            actions.append(
                .peerPayload(payload, remoteStatic: handshake.remoteStatic, handshakeHash: handshake.hash))
            state = .waitingForPayload(handshake)
        }
    }

    private mutating func open(_ handshake: Handshake, now: Int64, actions: inout [ChannelAction]) {
        let ciphers = handshake.split()
        let (sending, receiving) =
            role == .initiator ? (ciphers.initiator, ciphers.responder) : (ciphers.responder, ciphers.initiator)
        state = .open(Transport(sending: sending, receiving: receiving, establishedAt: now))
        actions.append(.established(transcript: handshake.hash))
    }

    private mutating func reportRenewal(now: Int64, actions: inout [ChannelAction]) {
        guard case .open(var transport) = state else { return }
        if transport.renewalBecameDue(now: now) { actions.append(.renewalDue) }
        state = .open(transport)
    }

    // MARK: Lengths

    /// Takes a message with its length from the input; nil if it is not all there.
    /// - Throws: `frameLength` as soon as the length is there, before its bytes are.
    private static func takeMessage(
        _ input: inout ArraySlice<UInt8>, _ lengths: ClosedRange<Int>
    ) throws(ChannelError) -> ArraySlice<UInt8>? {
        guard let high = input.first, let low = input.dropFirst().first else { return nil }
        let length = Int(high) << 8 | Int(low)
        guard lengths.contains(length) else { throw .frameLength(length) }
        guard input.count >= 2 + length else { return nil }
        let message = input.dropFirst(2).prefix(length)
        input = input.dropFirst(2 + length)
        return message
    }

    private static func withLength(_ message: [UInt8]) -> [UInt8] {
        [UInt8(message.count >> 8), UInt8(message.count & 255)] + message
    }

    private static func checkOwn(payload: [UInt8]) {
        precondition(payload.count <= ChannelLimits.payloadByteCount, "a payload of \(payload.count) bytes")
    }
}
