package import Crypto
internal import Glibc

extension Home {
    /// The size of the ballast file, bytes.
    package static let ballastByteCount = 1 << 20

    // MARK: Whole files

    /// The content of a file.
    /// - Parameter limit: the most bytes that it may have.
    /// - Throws: `notFound`, `notPlain`, `laxMode`, `otherOwner`, `damagedFile` if it is longer.
    package func read(_ file: File, upTo limit: Int) throws(StoreError) -> [UInt8] {
        let descriptor = try openExisting(file, O_RDONLY)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        defer { Crypto.wipe(&buffer) }
        do {
            while bytes.count <= limit {
                let count = try systemCall { unsafe Glibc.read(descriptor.number, &buffer, buffer.count) }
                if count == 0 { return bytes }
                bytes.append(contentsOf: buffer.prefix(count))
            }
        } catch {
            throw StoreError(error, path: path(of: file), operation: "reading")
        }
        Crypto.wipe(&bytes)
        throw .damagedFile(path: path(of: file), what: "longer than \(limit) bytes")
    }

    /// Writes a whole file so that after a power loss it has its old content or the new one: durable on return.
    /// - Parameter replacing: false to refuse with `alreadyExists` where a file has the name.
    package func write(_ file: File, _ bytes: [UInt8], replacing: Bool = true) throws(StoreError) {
        let temporary = Self.temporaryName(file)
        do throws(SystemFailure) {
            do throws(SystemFailure) {
                let descriptor = try createTemporary(file)
                try write(bytes, to: descriptor)
                try systemCall { fsync(descriptor.number) }
                if replacing {
                    try systemCall { unsafe renameat(folder.number, temporary, folder.number, file.name) }
                } else {
                    // A link is made only where nothing has the name; a rename would replace it.
                    try systemCall { unsafe linkat(folder.number, temporary, folder.number, file.name, 0) }
                    try systemCall { unsafe unlinkat(folder.number, temporary, 0) }
                }
            } catch {
                unsafe unlinkat(folder.number, temporary, 0)
                throw error
            }
        } catch {
            throw StoreError(error, path: path(of: file), operation: "writing")
        }
        try synchronize()
    }

    /// Removes a file; one that does not exist is no failure.
    ///
    /// Durable on return.
    package func remove(_ file: File) throws(StoreError) {
        do {
            try systemCall { unsafe unlinkat(folder.number, file.name, 0) }
        } catch {
            if error.code == ENOENT { return }
            throw StoreError(error, path: path(of: file), operation: "removing")
        }
        try synchronize()
    }

    /// Makes the names in the folder durable.
    package func synchronize() throws(StoreError) {
        do {
            try systemCall { fsync(folder.number) }
        } catch {
            throw StoreError(error, path: path, operation: "fsync")
        }
    }

    /// Creates an empty file, which must not exist yet.
    func create(_ file: File) throws(StoreError) {
        do {
            let descriptor = try createPlain(file.name)
            try systemCall { fsync(descriptor.number) }
        } catch {
            throw StoreError(error, path: path(of: file), operation: "creation")
        }
        try synchronize()
    }

    /// Requires that a file is plain, ours and closed to others.
    func check(_ file: File) throws(StoreError) { _ = try openExisting(file, O_RDONLY) }

    /// Opens a plain file of ours.
    func openExisting(_ file: File, _ flags: Int32) throws(StoreError) -> FileDescriptor {
        let descriptor: FileDescriptor
        do {
            // Without O_NONBLOCK a planted pipe would hold the opener for ever.
            descriptor = try FileDescriptor(
                systemCall { unsafe openat(folder.number, file.name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK) })
        } catch {
            throw StoreError(error, path: path(of: file), operation: "opening")
        }
        try Self.checkAccess(descriptor, path: path(of: file), type: S_IFREG)
        return descriptor
    }

    /// Creates a file that must not exist, with its mode from birth.
    func createPlain(_ name: String) throws(SystemFailure) -> FileDescriptor {
        let descriptor = try FileDescriptor(
            systemCall { unsafe openat(folder.number, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600) }
        )
        try systemCall { fchmod(descriptor.number, 0o600) }
        return descriptor
    }

    private func createTemporary(_ file: File) throws(SystemFailure) -> FileDescriptor {
        // The lock is held: a leftover of the name is our own, from a crash.
        unsafe unlinkat(folder.number, Self.temporaryName(file), 0)
        return try createPlain(Self.temporaryName(file))
    }

    private func write(_ bytes: [UInt8], to file: FileDescriptor) throws(SystemFailure) {
        var offset = 0
        while offset < bytes.count {
            offset += try systemCall {
                unsafe bytes.withUnsafeBytes { buffer in
                    unsafe pwrite(
                        file.number, buffer.baseAddress?.advanced(by: offset), buffer.count - offset, off_t(offset))
                }
            }
        }
    }

    private static func temporaryName(_ file: File) -> String { ".\(file.name).new" }

    /// Removes what a crash left of files written whole; it may hold secrets.
    func removeLeftovers() {
        for file in [File.deviceKey, .rootKey, .ballast] { unsafe unlinkat(folder.number, Self.temporaryName(file), 0) }
    }

    // MARK: Keys

    /// Writes the seeds of keys, 32 bytes each, into a file that must not exist yet.
    package func writeSeeds(_ seeds: [SecretBytes], to file: File) throws(StoreError) {
        // In one piece from the beginning: an array that grows leaves its bytes where it was.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.seedMagic.count + seeds.count * SigningKey.seedByteCount + 8)
        bytes += Self.seedMagic
        defer { Crypto.wipe(&bytes) }
        for seed in seeds {
            precondition(seed.count == SigningKey.seedByteCount, "a seed of \(seed.count) bytes")
            seed.withCopy { copy in bytes.append(contentsOf: copy) }
        }
        bytes.append(contentsOf: Hash.blake2b(.stored, bytes).prefix(8))
        try write(file, bytes, replacing: false)
    }

    /// Reads the seeds of keys.
    /// - Throws: `damagedFile` unless the file is whole and has `count` seeds.
    package func readSeeds(_ file: File, count: Int) throws(StoreError) -> [SecretBytes] {
        let length = SigningKey.seedByteCount
        var bytes = try read(file, upTo: 4096)
        defer { Crypto.wipe(&bytes) }
        let magicCount = Self.seedMagic.count
        guard bytes.count == magicCount + count * length + 8, bytes.starts(with: Self.seedMagic) else {
            throw .damagedFile(path: path(of: file), what: "not a file of \(count) keys")
        }
        var checked = Array(bytes.dropLast(8))
        defer { Crypto.wipe(&checked) }
        guard Hash.blake2b(.stored, checked).prefix(8) == Array(bytes.suffix(8)) else {
            throw .damagedFile(path: path(of: file), what: "its checksum does not fit")
        }
        return (0..<count).map { index in
            var seed = Array(bytes[(magicCount + index * length)...].prefix(length))
            defer { Crypto.wipe(&seed) }
            return SecretBytes(seed)
        }
    }

    /// What a file of seeds begins with; the last byte is its version.
    private static var seedMagic: [UInt8] { Array("liaison keys\n".utf8) + [1] }

    // MARK: Ballast

    /// Keeps a file of `ballastByteCount` bytes, which `releaseBallast` gives back to the disk.
    /// - Returns: false if the disk has no space for it.
    @discardableResult
    package func keepBallast() throws(StoreError) -> Bool {
        if try exists(.ballast) { return true }
        // Bytes that no file system can compress or leave out.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.ballastByteCount)
        var block = Array("ballast".utf8)
        while bytes.count < Self.ballastByteCount {
            block = Hash.blake2b(byteCount: 64, block)
            bytes.append(contentsOf: block)
        }
        do {
            try write(.ballast, bytes)
            return true
        } catch {
            if case .full = error { return false }
            throw error
        }
    }

    /// Removes the ballast, so that an erasure can run on a full disk.
    package func releaseBallast() throws(StoreError) { try remove(.ballast) }
}
