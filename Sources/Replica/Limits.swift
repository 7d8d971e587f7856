/// What one entry may hold; Protocol/08-limits.md has the same names.
package enum EntryLimits {
    /// The encoded header.
    package static let headerBytes = 32_768
    /// Operations, and so values.
    package static let operations = 256
    /// Refs of all its operations together.
    package static let references = 1_024
    /// Logs that it names for the first time.
    package static let introductions = 256
    /// Ids that a pair record is made of.
    package static let pairIDs = 8
    /// The encoded extension of the header.
    package static let extensionBytes = 4_096
    /// One encoded value.
    package static let valueBytes = 16_384
    /// The greatest number of an entry in its log.
    package static let sequence = 1 << 48 - 1
    /// Numbers of kinds, fields, types, and indexes of the log table.
    package static let number = 0xFFFF_FFFF
    /// The claimed time, seconds: the years 1 to 9999.
    package static let time: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
}

/// What one segment may hold.
package enum SegmentLimits {
    /// Entries of one log, in their order.
    package static let entries = 256
    /// Headers and bodies.
    package static let bytes = 49_152
    /// The compact form after decompression.
    package static let expandedBytes = 524_288
    /// Any form as it is sent.
    package static let encodedBytes = 1_048_576
}

/// What a charter and the names in control may hold, bytes of UTF-8.
package enum CharterLimits {
    /// A name of a network or an organisation.
    package static let nameBytes = 100
    /// Keys of the root, of which some number must sign.
    package static let rootKeys = 16
    /// The name of a space.
    package static let spaceBytes = 64
}

/// What a certificate may hold.
package enum CertificateLimits {
    /// The encoded certificate.
    package static let bytes = 1_536
    /// Grants from the root to the device.
    package static let links = 4
}

/// How much is kept of what is not authorised.
package enum QuarantineLimits {
    /// Entries of one log.
    package static let bytesPerLog = 4_194_304
    /// Entries of all logs together.
    package static let bytes = 67_108_864
    /// Of those that are authorised by now and name what is not held: so much is tried again with every batch.
    package static let alwaysTriedBytes = 65_536
}

/// How long an invitation lives.
package enum InvitationLimits {
    /// Days by the clock of its issuer.
    package static let days = 14
    /// The address in its code, `HOST:PORT`.
    package static let addressBytes = 64
}

/// Bounds on the work for one segment.
package enum ReplicaLimits {
    /// Combinations of branches that are tried before the explicit form is asked for.
    package static let resolutionAttempts = 64
    /// Names that are looked up in these attempts, in all of them together.
    package static let resolutionNames = 8_192
    /// Transactions of one batch that are undone, as a segment fits nowhere, before the rest of it is given up.
    package static let undoneBatches = 4
}
