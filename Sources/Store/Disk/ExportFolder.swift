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
        precondition(!name.contains("/") && name != ".." && name != ".", "a name of one part")
        do throws(SystemFailure) {
            let file = try FileDescriptor(
                systemCall {
                    unsafe openat(folder.number, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o666)
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
}
