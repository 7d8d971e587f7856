package import Bytes
package import Crypto

/// The rank of a grant: lower numbers stand above higher ones.
package enum Rank: Int, Hashable, Sendable {
    case root = 0
    case sectorAdmin = 1
    case organisationAdmin = 2
    case device = 3
}

/// What an entry of a control log says.
///
/// Source: Protocol/05-authority.md#statements.
package enum Statement: Hashable, Sendable {
    case opening(Opening)
    case admission(Admission)
    /// A statement that this version keeps and relays: its number.
    case unknown(Int)

    /// The first entry of an incarnation's control log.
    package struct Opening: Hashable, Sendable {
        package let device: VerifyingKey
        package let incarnation: ShortID
        /// Counts the incarnations of the device, from 0.
        package let label: Int

        package init(device: VerifyingKey, incarnation: ShortID, label: Int) {
            self.device = device
            self.incarnation = incarnation
            self.label = label
        }
    }

    /// Makes a device a member.
    package struct Admission: Hashable, Sendable {
        package let ruleSet: Int
        package let rank: Rank
        /// Nil if the admission founds the organisation.
        package let organisation: ShortID?
        /// There exactly if the organisation is founded.
        package let name: String?
        package let device: VerifyingKey
        package let channelKey: AgreementPublicKey
        package let label: Int

        package init(
            ruleSet: Int, rank: Rank, organisation: ShortID?, name: String?, device: VerifyingKey,
            channelKey: AgreementPublicKey, label: Int
        ) {
            self.ruleSet = ruleSet
            self.rank = rank
            self.organisation = organisation
            self.name = name
            self.device = device
            self.channelKey = channelKey
            self.label = label
        }
    }

    /// The number of the statement: the kind of its record.
    package var number: Int {
        switch self {
        case .opening: 1
        case .admission: 2
        case .unknown(let number): number
        }
    }

    /// The one operation of the entry.
    package var operation: Operation {
        var writer = CBORWriter(reserving: 160)
        switch self {
        case .opening(let opening):
            writer.writeArray(count: 3)
            writer.write(opening.device)
            writer.write(opening.incarnation)
            writer.write(opening.label)
        case .admission(let admission):
            writer.writeArray(count: 7)
            writer.write(admission.ruleSet)
            writer.write(admission.rank.rawValue)
            writer.write(optional: admission.organisation)
            if let name = admission.name { writer.write(name) } else { writer.writeNull() }
            writer.write(admission.device)
            writer.write(admission.channelKey)
            writer.write(admission.label)
        case .unknown(let number):
            preconditionFailure("statement \(number) is not one that this version writes")
        }
        return Operation(field: ReservedField.existence, type: .statement, references: [], shape: writer.bytes)
    }

    /// Reads the statement that a header holds.
    /// - Throws: where a known statement has another form than the specification's.
    package init(_ header: Header) throws(DecodeError) {
        guard case .new(let number) = header.record, header.operations.count == 1 else {
            throw .invalid(what: "statement")
        }
        let operation = header.operations[0]
        guard operation.type == .statement, operation.references.isEmpty else { throw .invalid(what: "statement") }
        var reader = CBORReader(operation.shape)
        switch number {
        case 1:
            try reader.readArray(count: 3, "opening")
            let device: VerifyingKey = try reader.readFixed("signing key")
            let incarnation: ShortID = try reader.readFixed("incarnation")
            let label = try reader.readInt(upTo: EntryLimits.number, "label")
            try reader.finish()
            self = .opening(Opening(device: device, incarnation: incarnation, label: label))
        case 2:
            self = .admission(try Admission(from: &reader))
        default:
            self = .unknown(number)
        }
    }
}

extension Statement.Admission {
    init(from reader: inout CBORReader) throws(DecodeError) {
        try reader.readArray(count: 7, "admission")
        ruleSet = try reader.readInt(upTo: EntryLimits.number, "rule set")
        guard let rank = Rank(rawValue: try reader.readInt(upTo: 3, "rank")) else { throw .invalid(what: "rank") }
        self.rank = rank
        organisation = try reader.readOptionalFixed("organisation")
        name = reader.readNull() ? nil : try reader.readName("organisation name")
        device = try reader.readFixed("signing key")
        channelKey = try reader.readFixed("channel key")
        label = try reader.readInt(upTo: EntryLimits.number, "label")
        try reader.finish()
        guard (organisation == nil) == (name != nil), name != "" else { throw .invalid(what: "organisation and name") }
    }
}
