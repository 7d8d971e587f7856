internal import Bytes
package import Crypto
internal import CSQLite
internal import Glibc

/// Where a life is marked: one small file outside of the database.
package protocol MarkerPlace {
    /// Where the file lies, for messages.
    var path: String { get }

    /// Opens the file; nil if there is none.
    func open() throws(StoreError) -> (any MarkerFile)?

    /// Makes an empty file in place of any other and opens it; its name is durable on return.
    func create() throws(StoreError) -> any MarkerFile
}

/// An open file in which a life is marked.
package protocol MarkerFile {
    /// So many bytes, or fewer where the file ends.
    func read(_ count: Int, at offset: Int) throws(StoreError) -> [UInt8]

    /// Writes in place; durable on return.
    func write(_ bytes: [UInt8], at offset: Int) throws(StoreError)

    /// What tells this file on this machine from every copy of it.
    func binding() throws(StoreError) -> Digest
}

/// The file `life` of a data folder.
///
/// Its binding hashes the machine's id with the file's inode number and time of birth.
struct HomeMarkerPlace: MarkerPlace {
    let home: Home
    let machineIDPath: String

    var path: String { home.path(of: .life) }

    func open() throws(StoreError) -> (any MarkerFile)? {
        guard try home.exists(.life) else { return nil }
        return try openExisting()
    }

    func create() throws(StoreError) -> any MarkerFile {
        try home.remove(.life)
        try home.create(.life)
        return try openExisting()
    }

    private func openExisting() throws(StoreError) -> HomeMarkerFile {
        HomeMarkerFile(file: try home.openExisting(.life, O_RDWR), path: path, machineIDPath: machineIDPath)
    }
}

private struct HomeMarkerFile: MarkerFile {
    let file: FileDescriptor
    let path: String
    let machineIDPath: String

    func read(_ count: Int, at offset: Int) throws(StoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        do {
            let found = try systemCall { unsafe pread(file.number, &bytes, count, off_t(offset)) }
            return Array(bytes.prefix(found))
        } catch {
            throw StoreError(error, path: path, operation: "reading")
        }
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(StoreError) {
        do throws(SystemFailure) {
            let count = try systemCall { unsafe pwrite(file.number, bytes, bytes.count, off_t(offset)) }
            guard count == bytes.count else { throw SystemFailure(code: ENOSPC) }
            try systemCall { fsync(file.number) }
        } catch {
            throw StoreError(error, path: path, operation: "writing")
        }
    }

    func binding() throws(StoreError) -> Digest {
        var birth = liaison_birth()
        let code = unsafe liaison_file_birth(file.number, &birth)
        guard code == 0 else { throw StoreError(SystemFailure(code: code), path: path, operation: "looking") }
        var place: [UInt8] = []
        for word in [birth.inode, UInt64(bitPattern: birth.seconds), UInt64(birth.nanoseconds)] {
            place.append(bigEndian: word)
        }
        return Hash.blake2b(.stored, place, machineID())
    }

    /// At most 64 bytes of the machine's id; empty if there is none.
    private func machineID() -> [UInt8] {
        guard let number = try? systemCall({ unsafe Glibc.open(machineIDPath, O_RDONLY | O_CLOEXEC | O_NONBLOCK) })
        else {
            return []
        }
        let file = FileDescriptor(number)
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe pread(file.number, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(0, count)))
    }
}
