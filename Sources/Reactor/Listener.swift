internal import CLinux
internal import Glibc

/// What the reactor keeps of one listener.
final class Listener {
    /// The file of a Unix-domain socket, to be removed when the listener closes.
    struct File {
        var folder: Int32
        var name: String
        var inode: UInt64
    }

    let id: ListenerID
    let descriptor: Int32
    let subject: String
    /// Nil for TCP.
    let file: File?

    init(id: ListenerID, descriptor: Int32, subject: String, file: File?) {
        self.id = id
        self.descriptor = descriptor
        self.subject = subject
        self.file = file
    }

    /// Closes the socket and removes its file, unless another file has its name by now.
    func close() {
        linux_close(descriptor)
        guard let file else { return }
        if file.inode != 0, unsafe linux_unix_inode(file.folder, file.name) == file.inode {
            _ = unsafe linux_unix_unlink(file.folder, file.name)
        }
        linux_close(file.folder)
    }

    /// Opens a Unix-domain socket of mode 0600, in place of one that nobody listens on.
    static func listenLocally(
        id: ListenerID, at path: String, backlog: Int
    ) throws(ReactorError) -> Listener {
        let place = try SocketPath(path)
        let folder = try ReactorError.check(unsafe linux_open_folder(place.folder), "open", place.folder)
        do throws(ReactorError) {
            let descriptor = try bind(place.name, in: folder, path: path, backlog: Int32(backlog))
            let file = File(folder: folder, name: place.name, inode: unsafe linux_unix_inode(folder, place.name))
            return Listener(id: id, descriptor: descriptor, subject: path, file: file)
        } catch {
            linux_close(folder)
            throw error
        }
    }

    private static func bind(
        _ name: String, in folder: Int32, path: String, backlog: Int32
    ) throws(ReactorError) -> Int32 {
        let first = unsafe linux_unix_listen(folder, name, backlog)
        if Int(first.failed) != LINUX_CALL_NONE, first.value == EADDRINUSE, unsafe linux_unix_inode(folder, name) != 0 {
            // A socket file outlives a process that was killed. Only when nobody answers, it is in nobody's use.
            let probe = unsafe linux_unix_connect(folder, name)
            if Int(probe.failed) == LINUX_CALL_NONE {
                linux_close(probe.value)
            } else if probe.value == ECONNREFUSED, unsafe linux_unix_unlink(folder, name) == 0 {
                return try ReactorError.check(unsafe linux_unix_listen(folder, name, backlog), path)
            }
        }
        return try ReactorError.check(first, path)
    }
}

/// The folder and the name of a Unix-domain socket.
struct SocketPath {
    /// So that the name and the way through `/proc` fit the 107 bytes of the kernel.
    static let maximumNameByteCount = 64

    let folder: String
    let name: String

    init(_ path: String) throws(ReactorError) {
        let bytes = Array(path.utf8)
        let slash = bytes.lastIndex(of: UInt8(ascii: "/"))
        let name = slash.map { bytes[($0 + 1)...] } ?? bytes[...]
        guard !name.isEmpty, name.count <= SocketPath.maximumNameByteCount, !bytes.contains(0),
            !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8)
        else { throw .invalidPath(path) }
        self.name = String(decoding: name, as: UTF8.self)
        folder =
            switch slash {
            case nil: "."
            case 0?: "/"
            case let slash?: String(decoding: bytes[..<slash], as: UTF8.self)
            }
    }
}
