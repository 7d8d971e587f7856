/// A host, by name or by number, and a TCP port, as people write them: `HOST:PORT`, `[IPV6]:PORT`.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// The longest host name that DNS has (RFC 1035 §2.3.4, without the final dot).
    package static let maximumHostByteCount = 253

    /// A name or a numeric address without brackets: ASCII letters, digits, `-`, `.`, `_`, and in IPv6 `:` and `%`.
    package let host: String
    /// The port; 0 asks a listener for any free one.
    package let port: UInt16

    /// Takes a host and port apart from text; nil where `host` has other characters or a wrong length.
    package init?(host: String, port: UInt16) {
        let isNumericSix = host.utf8.contains(UInt8(ascii: ":"))
        let isAllowed = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                true
            case UInt8(ascii: ":"), UInt8(ascii: "%"):
                isNumericSix
            default:
                false
            }
        }
        guard isAllowed, (1...Endpoint.maximumHostByteCount).contains(host.utf8.count) else { return nil }
        self.host = host
        self.port = port
    }

    /// What one subscriber of the internet has at his disposal, which counts as one address: of a numeric address of
    /// IPv6 its network of 64 bits, of any other host all of it.
    package var neighbourhood: String {
        let address = host.utf8.prefix { $0 != UInt8(ascii: "%") }
        guard address.contains(UInt8(ascii: ":")) else { return host }
        let parts = address.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [Substring.UTF8View] = []
        for (index, part) in parts.enumerated() where groups.count < 4 {
            if !part.isEmpty {
                groups.append(part)
            } else if index > 0 {
                // The one gap stands for as many zeros as are missing; the parts after it are the last ones.
                let after = parts.count - 1 - index - (parts.last?.isEmpty == true ? 1 : 0)
                for _ in 0..<max(0, 8 - groups.count - after) { groups.append("0"[...].utf8) }
            }
        }
        return groups.prefix(4).map { Substring($0) }.joined(separator: ":")
    }

    /// Reads `HOST:PORT` or `[IPV6]:PORT`; nil for anything else.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        let digits = bytes[(colon + 1)...]
        let isNumber = digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isNumber, let port = UInt16(String(decoding: digits, as: UTF8.self)) else { return nil }
        var host = bytes[..<colon]
        let isBracketed = host.first == UInt8(ascii: "[") && host.last == UInt8(ascii: "]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard isBracketed == host.contains(UInt8(ascii: ":")) else { return nil }
        self.init(host: String(decoding: host, as: UTF8.self), port: port)
    }

    /// The form that `init(_:)` reads.
    package var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
