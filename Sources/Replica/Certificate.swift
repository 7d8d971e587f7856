package import Bytes
package import Crypto

/// The admissions from the root down to a device, each with the seal over it: shows membership without local state.
///
/// Source: Protocol/05-authority.md#certificate.
package struct Certificate: Hashable, Sendable {
    /// One admission and where it stands.
    package struct Link: Hashable, Sendable {
        package let header: [UInt8]
        package let descriptor: LogDescriptor
        package let seal: Signature

        package init(header: [UInt8], descriptor: LogDescriptor, seal: Signature) {
            self.header = header
            self.descriptor = descriptor
            self.seal = seal
        }
    }

    package let charter: [UInt8]
    /// From the root's admission to the device's own.
    package let links: [Link]

    package init(charter: [UInt8], links: [Link]) {
        self.charter = charter
        self.links = links
    }

    /// The deterministic encoding.
    package var encoded: [UInt8] {
        var writer = CBORWriter(reserving: 1024)
        writer.writeArray(count: 2)
        writer.write(bytes: charter)
        writer.writeArray(count: links.count)
        for link in links {
            writer.writeArray(count: 3)
            writer.write(bytes: link.header)
            link.descriptor.write(to: &writer)
            writer.write(link.seal)
        }
        return writer.bytes
    }

    /// Decodes the form; `verify` checks what it says.
    package init(decoding bytes: [UInt8]) throws(CertificateError) {
        guard bytes.count <= CertificateLimits.bytes else { throw .tooLong }
        do {
            var reader = CBORReader(bytes)
            try reader.readArray(count: 2, "certificate")
            charter = try reader.readBytes(upTo: CertificateLimits.bytes, "charter")
            var links: [Link] = []
            for _ in 0..<(try reader.readArray(upTo: CertificateLimits.links, "links")) {
                try reader.readArray(count: 3, "link")
                let header = try reader.readBytes(upTo: CertificateLimits.bytes, "header")
                let descriptor = try LogDescriptor(from: &reader)
                links.append(Link(header: header, descriptor: descriptor, seal: try reader.readFixed("seal")))
            }
            self.links = links
            try reader.finish()
        } catch { throw .malformed(error) }
    }

    /// Checks the chain of admissions.
    /// - Returns: the grant of the last link.
    /// - Throws: `CertificateError`, the fault of whoever showed it.
    package func verify(network: Digest) throws(CertificateError) -> Grant {
        guard Hash.blake2b(.charter, charter) == network else { throw .otherNetwork }
        var statements: [PlacedStatement] = []
        let charter: Charter
        do {
            charter = try Charter(decoding: self.charter)
            for link in links {
                let header = try Header(decoding: link.header)
                let id = Header.id(of: link.header)
                let message = Seal.message(
                    log: link.descriptor.id(network: network), sequence: header.sequence, entry: id)
                guard link.descriptor.space == SpaceName.policy, link.descriptor.logClass == .control else {
                    throw CertificateFault.broken
                }
                // Each link stands under the one before it; the first under the root.
                guard header.auth == statements.last?.entry else { throw CertificateFault.broken }
                guard link.descriptor.device.verify(link.seal, message) else { throw CertificateFault.seal }
                statements.append(
                    PlacedStatement(
                        entry: id, device: link.descriptor.device, auth: header.auth, incarnation: nil,
                        statement: try Statement(header)))
            }
        } catch let error as DecodeError {
            throw .malformed(error)
        } catch CertificateFault.broken {
            throw .broken
        } catch { throw .seal }
        guard let last = statements.last else { throw .broken }
        let authority = Authority(charter: charter, statements: statements)
        guard let grant = authority.grants[last.entry] else { throw .broken }
        return grant
    }

    private enum CertificateFault: Error { case seal, broken }
}

/// Why a certificate was refused.
package enum CertificateError: Error, Hashable, Sendable {
    case tooLong
    case malformed(DecodeError)
    /// The charter is not that of the network.
    case otherNetwork
    /// A seal does not verify.
    case seal
    /// A link may not be given by the one before it, or the chain does not begin with a root key.
    case broken
}
