/// What one entry may hold; Protocol/08-limits.md has the same names.
package enum EntryLimits {
    package static let headerBytes = 32_768
    package static let operations = 256
    package static let references = 1_024
    package static let introductions = 256
    package static let pairIDs = 8
    package static let extensionBytes = 4_096
    package static let valueBytes = 16_384
    package static let sequence = 1 << 48 - 1
    /// Numbers of kinds, fields, types, and indexes of the log table.
    package static let number = 0xFFFF_FFFF
    /// The claimed time, seconds: the years 1 to 9999.
    package static let time: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
}

/// What one segment may hold.
package enum SegmentLimits {
    package static let entries = 256
    /// Headers and bodies.
    package static let bytes = 49_152
    package static let expandedBytes = 524_288
    package static let encodedBytes = 1_048_576
}

/// What a charter and the names in control may hold, bytes of UTF-8.
package enum CharterLimits {
    package static let nameBytes = 100
    package static let rootKeys = 16
    package static let spaceBytes = 64
}

/// What a certificate may hold.
package enum CertificateLimits {
    package static let bytes = 1_536
    package static let links = 4
}

/// How much is kept of what is not authorised.
package enum QuarantineLimits {
    package static let bytesPerLog = 4_194_304
    package static let bytes = 67_108_864
}

/// How long an invitation lives.
package enum InvitationLimits {
    package static let days = 14
    package static let addressBytes = 64
}

/// Bounds on the work for one segment.
package enum ReplicaLimits {
    /// Combinations of branches that are tried before the explicit form is asked for.
    package static let resolutionAttempts = 64
}
