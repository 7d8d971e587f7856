internal import Crypto

/// The two ciphers of an open channel, its age and its size.
struct Transport {
    private var sending: CipherState
    private var receiving: CipherState
    private let establishedAt: Int64
    private var byteCount = 0
    private var isRenewalReported = false

    init(sending: CipherState, receiving: CipherState, establishedAt: Int64) {
        self.sending = sending
        self.receiving = receiving
        self.establishedAt = establishedAt
    }

    /// How many frames of the peer were accepted.
    var receivedFrameCount: UInt64 { receiving.nonce }

    /// A frame with its length in front.
    mutating func seal(_ plaintext: [UInt8]) -> [UInt8] {
        let length = plaintext.count + AEAD.tagByteCount
        var frame: [UInt8] = []
        frame.reserveCapacity(2 + length)
        frame.append(UInt8(length >> 8))
        frame.append(UInt8(length & 255))
        sending.encrypt(plaintext, appendingTo: &frame)
        byteCount += frame.count
        return frame
    }

    /// The plaintext of a ciphertext.
    mutating func open(_ ciphertext: ArraySlice<UInt8>) throws(ChannelError) -> [UInt8] {
        let plaintext = try receiving.decrypt(ciphertext)
        byteCount += 2 + ciphertext.count
        return plaintext
    }

    /// True the first time that the age or the size is reached.
    mutating func renewalBecameDue(now: Int64) -> Bool {
        let isDue =
            byteCount >= ChannelLimits.renewalByteCount
            || now >= establishedAt && now - establishedAt >= ChannelLimits.renewalAgeMilliseconds
        defer { isRenewalReported = isRenewalReported || isDue }
        return isDue && !isRenewalReported
    }
}
