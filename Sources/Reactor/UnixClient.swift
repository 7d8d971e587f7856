internal import CLinux
internal import Glibc

/// A connection to a Unix-domain socket whose calls wait, for the command line to talk to a running node.
package struct UnixClient: ~Copyable {
    /// How long one call waits for the other side before it gives up.
    package var timeoutMilliseconds: Int32
    private let descriptor: Int32
    private let path: String

    /// Connects.
    /// - Throws: the world's fault: `ENOENT` or `ECONNREFUSED` where nobody listens (see `isSystem`), `EACCES` where
    ///   the folder is another user's.
    package init(path: String, timeoutMilliseconds: Int32) throws(ReactorError) {
        let place = try SocketPath(path)
        let folder = try ReactorError.check(unsafe linux_open_folder(place.folder), "open", place.folder)
        defer { linux_close(folder) }
        descriptor = try ReactorError.check(unsafe linux_unix_connect(folder, place.name), path)
        self.path = path
        self.timeoutMilliseconds = timeoutMilliseconds
    }

    deinit { linux_close(descriptor) }

    /// Sends all the bytes.
    /// - Throws: the world's fault: the other side has gone, or takes nothing for the time-out.
    package func send(_ bytes: [UInt8]) throws(ReactorError) {
        var sentCount = 0
        while sentCount < bytes.count {
            let sent = unsafe bytes.withUnsafeBytes { buffer in
                let left = unsafe UnsafeRawBufferPointer(rebasing: buffer[sentCount...])
                return unsafe linux_send(descriptor, left.baseAddress, left.count)
            }
            if sent >= 0 { sentCount += Int(sent) } else { try wait(.writable, for: "send", after: sent) }
        }
    }

    /// Waits for at least one byte and at most `limit`; empty at the end of the stream.
    package func receive(atMost limit: Int = 64 << 10) throws(ReactorError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: max(1, limit))
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe linux_receive(descriptor, bytes.baseAddress, bytes.count)
            }
            if count >= 0 { return Array(buffer.prefix(Int(count))) }
            try wait(.readable, for: "recv", after: count)
        }
    }

    /// Waits for exactly this many bytes, as frames need it; nil if the stream ends before the first.
    /// - Throws: `endedEarly` if it ends after the first.
    package func receive(exactly count: Int) throws(ReactorError) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = try receive(atMost: min(count - bytes.count, 64 << 10))
            if more.isEmpty {
                if bytes.isEmpty { return nil }
                throw .endedEarly(subject: path)
            }
            bytes += more
        }
        return bytes
    }

    /// Waits for the end of the stream and returns everything before it.
    /// - Throws: `tooLong` above `limit` bytes.
    package func receiveAll(atMost limit: Int) throws(ReactorError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let more = try receive()
            if more.isEmpty { return bytes }
            bytes += more
            if bytes.count > limit { throw .tooLong(subject: path, limit: limit) }
        }
    }

    private func wait(_ readiness: Readiness, for call: String, after result: Int64) throws(ReactorError) {
        guard result == -Int64(EAGAIN) else {
            throw .system(call: call, subject: path, number: Int32(clamping: -result))
        }
        let ready = try ReactorError.check(
            linux_wait(descriptor, readiness.rawValue, timeoutMilliseconds), "poll", path)
        if ready == 0 { throw .timedOut(call: call, subject: path) }
    }
}
