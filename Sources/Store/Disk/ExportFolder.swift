internal import Glibc

/// A folder outside of the home that a command writes files to: the user's umask and place, never through a link.
package struct ExportFolder {
    private let path: String
    private let folder: FileDescriptor

    /// Opens the folder, made if its parent is there.
    /// - Throws: `StoreError`: no parent, a link or file in its place, no permission.
    package init(_ path: String) throws(StoreError) {
        self.path = path
        do throws(SystemFailure) {
            try systemCall { unsafe mkdir(path, 0o777) }
        } catch  where error.code == EEXIST {
        } catch {
            throw StoreError(error, path: path, operation: "creation")
        }
        do throws(SystemFailure) {
            folder = try FileDescriptor(systemCall { unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
        } catch { throw StoreError(error, path: path, operation: "opening") }
    }

    /// Writes a file of this name, in place of an older plain one.
    /// - Parameter name: one part of a path, made by us.
    package func write(_ bytes: [UInt8], as name: String) throws(StoreError) {
        try write(bytes, as: name, O_WRONLY | O_CREAT | O_TRUNC)
    }

    private func write(_ bytes: [UInt8], as name: String, _ flags: Int32) throws(StoreError) {
        precondition(!name.contains("/") && name != ".." && name != ".", "a name of one part")
        do throws(SystemFailure) {
            let file = try FileDescriptor(
                systemCall {
                    unsafe openat(folder.number, name, flags | O_NOFOLLOW | O_CLOEXEC, 0o666)
                })
            var offset = 0
            while offset < bytes.count {
                offset += Int(
                    try systemCall {
                        unsafe bytes.withUnsafeBytes {
                            unsafe Glibc.write(file.number, $0.baseAddress?.advanced(by: offset), $0.count - offset)
                        }
                    })
            }
        } catch { throw StoreError(error, path: "\(path)/\(name)", operation: "writing") }
    }

    /// Adds files to the folder, and touches nothing else: a file that is there with the same content stays.
    /// - Parameter files: names of one part of a path each, and contents.
    /// - Throws: `StoreError.alreadyExists` with the first name under which something else is there; nothing is
    ///   written then.
    package func add(_ files: [(name: String, bytes: [UInt8])]) throws(StoreError) {
        var lacking: [(name: String, bytes: [UInt8])] = []
        for file in files {
            switch try content(file.name, upTo: file.bytes.count) {
            case nil: lacking.append(file)
            case file.bytes: continue
            default: throw .alreadyExists(path: "\(path)/\(file.name)")
            }
        }
        for file in lacking { try write(file.bytes, as: file.name, O_WRONLY | O_CREAT | O_EXCL) }
    }

    /// The content of a plain file, cut a byte after `limit`; nil when nothing has the name.
    private func content(_ name: String, upTo limit: Int) throws(StoreError) -> [UInt8]? {
        do throws(SystemFailure) {
            // Not waiting keeps a pipe in the place of a file from holding the command.
            let file = try FileDescriptor(
                systemCall { unsafe openat(folder.number, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) })
            var status = stat()
            try systemCall { unsafe fstat(file.number, &status) }
            guard status.st_mode & S_IFMT == S_IFREG else { throw SystemFailure(code: EEXIST) }
            var bytes = [UInt8](repeating: 0, count: limit + 1)
            var count = 0
            while count < bytes.count {
                let read = try systemCall {
                    unsafe bytes.withUnsafeMutableBytes {
                        unsafe Glibc.read(file.number, $0.baseAddress?.advanced(by: count), $0.count - count)
                    }
                }
                if read == 0 { break }
                count += Int(read)
            }
            return Array(bytes.prefix(count))
        } catch {
            switch error.code {
            case ENOENT: return nil
            case ELOOP: throw .notPlain(path: "\(path)/\(name)")
            default: throw StoreError(error, path: "\(path)/\(name)", operation: "reading")
            }
        }
    }
}
