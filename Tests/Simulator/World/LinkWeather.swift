/// What goes wrong on one connection; the default is a perfect one.
///
/// TCP itself neither loses nor reorders, but boxes on the way and bad memory do: whatever they make of the stream, the
/// channel has to notice.
package struct LinkWeather: Hashable, Sendable {
    /// Nobody answers: the dial fails.
    package var isRefused = false
    /// How long bytes are under way, milliseconds, one way and the other.
    package var latency: [Int64] = [0, 0]
    /// The most bytes that arrive at once; nil for all.
    package var chunk: Int?
    /// Both ends lose the connection after so many bytes both ways together.
    package var cutAfter: Int?
    /// Only the end that dialled hears of the cut; the other keeps a connection to nobody.
    package var isCutUnheard = false
    /// After so many bytes one direction passes nothing more, and nobody is told; −1 for never.
    package var silentAfter: [Int] = [-1, -1]
    /// What happens to a chunk, and to the how manieth one it happens.
    package var damage: (kind: ChunkDamage, at: Int)? {
        get { damageKind.map { ($0, damageAt) } }
        set { (damageKind, damageAt) = (newValue?.kind, newValue?.at ?? 0) }
    }
    private var damageKind: ChunkDamage?
    private var damageAt = 0

    package init() {}
}

/// What can become of some bytes of a stream.
package enum ChunkDamage: Hashable, Sendable, CaseIterable {
    case lost
    case doubled
    case swapped
    case flippedBit
    case invented
}

/// What the weather of a connection has done to it.
package enum LinkHit: Hashable, Sendable {
    case refused
    case cut(isHeard: Bool)
    /// Bytes that wait in this direction, of the end that dialled or of the other, pass no more.
    case silent(direction: Int)
    case damage(ChunkDamage)
}
