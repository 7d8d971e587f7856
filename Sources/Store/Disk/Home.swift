internal import Glibc

/// The data folder, held by one opener at a time: its files by name, reached through the folder and never by a link.
///
/// The folder has mode 0700 and every file 0600 from birth, whatever the umask; laxer modes are refused.
package final class Home {
    /// A file of the data folder.
    package struct File: Hashable, Sendable {
        /// The name in the folder: no slash, no dot at the front.
        package let name: String

        /// A file of this name; the name is ours and never a peer's.
        package init(_ name: String) {
            precondition(
                !name.isEmpty && !name.hasPrefix(".") && !name.utf8.contains(UInt8(ascii: "/")), "name \(name)")
            self.name = name
        }

        /// The database.
        package static let store = File("store.db")
        /// SQLite's log of the database.
        package static let storeLog = File("store.db-wal")
        /// The seeds of the device's signing key and channel key, in this order.
        package static let deviceKey = File("device.key")
        /// The seed of the root key, on the device that founded the network.
        package static let rootKey = File("root.key")
        /// Held as long as the folder is open; names the process.
        package static let lock = File("lock")
        /// The marker of the store's life.
        package static let life = File("life")
        /// Space kept so that an erasure can run on a full disk.
        package static let ballast = File("ballast")
        /// The socket on which a running node takes commands.
        package static let controlSocket = File("control.sock")
    }

    /// The folder's path without links.
    package let path: String
    /// The open folder, for calls that take one; valid as long as this object lives.
    package var descriptor: Int32 { folder.number }

    let folder: FileDescriptor
    private let lock: FileDescriptor

    private init(path: String, folder: FileDescriptor, lock: FileDescriptor) {
        self.path = path
        self.folder = folder
        self.lock = lock
    }

    /// Creates the folder if there is none (its parent must exist), then opens it.
    package static func create(_ path: String) throws(StoreError) -> Home {
        do throws(SystemFailure) {
            try systemCall { unsafe mkdir(path, 0o700) }
            // The umask can only take away; whoever sets it to 0777 still gets a folder that can be used.
            try systemCall { unsafe chmod(path, 0o700) }
            let parent = try FileDescriptor(
                systemCall { unsafe Glibc.open(path + "/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
            try systemCall { fsync(parent.number) }
        } catch {
            if error.code != EEXIST { throw StoreError(error, path: path, operation: "creation") }
        }
        return try open(path)
    }

    /// Opens an existing folder and takes its lock.
    ///
    /// - Throws: `notFound`, `notPlain` for a link, `laxMode`, `otherOwner`, `alreadyOpen`.
    package static func open(_ path: String) throws(StoreError) -> Home {
        let folder = try calling("opening", path) { () throws(SystemFailure) in
            try FileDescriptor(systemCall { unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) })
        }
        try checkAccess(folder, path: path, type: S_IFDIR)
        guard let resolved = unsafe realpath(path, nil) else {
            throw StoreError(SystemFailure(code: errno), path: path, operation: "opening")
        }
        defer { unsafe free(resolved) }
        let plain = unsafe String(cString: resolved)
        let home = Home(path: plain, folder: folder, lock: try takeLock(folder, path: plain))
        home.removeLeftovers()
        return home
    }

    private static func takeLock(_ folder: FileDescriptor, path: String) throws(StoreError) -> FileDescriptor {
        let lockPath = "\(path)/\(File.lock.name)"
        let lock = try calling("opening", lockPath) { () throws(SystemFailure) in
            try FileDescriptor(
                systemCall {
                    unsafe openat(folder.number, File.lock.name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
                })
        }
        do {
            try systemCall { flock(lock.number, LOCK_EX | LOCK_NB) }
        } catch {
            if error.code == EWOULDBLOCK { throw .alreadyOpen(path: path, process: holder(of: lock)) }
            throw StoreError(error, path: lockPath, operation: "locking")
        }
        try calling("locking", lockPath) { () throws(SystemFailure) in
            try systemCall { fchmod(lock.number, 0o600) }
            try systemCall { ftruncate(lock.number, 0) }
            let text = Array("\(getpid())\n".utf8)
            try systemCall { unsafe pwrite(lock.number, text, text.count, 0) }
        }
        return lock
    }

    /// The process that a held lock file names; nil if it names none yet.
    private static func holder(of lock: FileDescriptor) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = unsafe pread(lock.number, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(0, count)).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    /// Requires that a file or folder is of the type, ours, and closed to others.
    static func checkAccess(_ file: FileDescriptor, path: String, type: mode_t) throws(StoreError) {
        var status = stat()
        try calling("looking", path) { () throws(SystemFailure) in
            _ = try systemCall { unsafe fstat(file.number, &status) }
        }
        guard status.st_mode & S_IFMT == type else { throw .notPlain(path: path) }
        guard status.st_uid == geteuid() else { throw .otherOwner(path: path, owner: Int(status.st_uid)) }
        guard status.st_mode & 0o077 == 0 else { throw .laxMode(path: path, mode: Int(status.st_mode & 0o777)) }
    }

    /// Gives up a folder in which nothing is kept: it goes, unless there is something in it after all.
    package func discard() {
        unsafe unlinkat(folder.number, File.lock.name, 0)
        unsafe rmdir(path)
    }

    /// The path of a file.
    package func path(of file: File) -> String { "\(path)/\(file.name)" }

    // MARK: Whether the files are still there (S7)

    /// What tells a file from another that took its name.
    struct Identity: Hashable {
        let file: File
        let device: dev_t
        let inode: ino_t
    }

    /// The identities of files; of those that exist.
    func identities(of files: [File]) throws(StoreError) -> [Identity] {
        var found: [Identity] = []
        for file in files {
            if let identity = try identity(of: file) { found.append(identity) }
        }
        return found
    }

    /// Requires that each name still means the same file.
    func require(_ identities: [Identity]) throws(StoreError) {
        for expected in identities {
            guard try identity(of: expected.file) == expected else { throw .replaced(path: path(of: expected.file)) }
        }
    }

    private func identity(of file: File) throws(StoreError) -> Identity? {
        var status = stat()
        do {
            try systemCall { unsafe fstatat(folder.number, file.name, &status, AT_SYMLINK_NOFOLLOW) }
        } catch {
            if error.code == ENOENT { return nil }
            throw StoreError(error, path: path(of: file), operation: "looking")
        }
        return Identity(file: file, device: status.st_dev, inode: status.st_ino)
    }

    /// Whether a file of this name exists; a link counts.
    package func exists(_ file: File) throws(StoreError) -> Bool { try identity(of: file) != nil }
}
