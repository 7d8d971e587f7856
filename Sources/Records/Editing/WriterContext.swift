package import Crypto
import Replica

/// Who writes, and when: what the initial values of new records are made of.
package struct WriterContext: Hashable, Sendable {
    /// The record of the writer's organisation; nil when it is not admitted yet.
    package let organisation: ShortID?
    /// What the writer's clock says, seconds since 1970 in UTC; nil when nobody asked it.
    package let time: Int64?

    package init(organisation: ShortID? = nil, time: Int64? = nil) {
        self.organisation = organisation
        self.time = time
    }

    /// The value that a field begins with; nil when it begins empty.
    func value(_ initial: Field.Initial) -> Value? {
        switch initial {
        case .nothing: nil
        case .ownOrganisation: organisation.map { .id($0.bytes) }
        case .today: time.map { .date(CivilTime.day($0)) }
        case .monthsAhead(let months): time.map { .date(CivilTime.day($0, monthsLater: months)) }
        case .now: time.map { .instant(seconds: $0, zone: nil) }
        }
    }
}
