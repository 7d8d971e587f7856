internal import CLinux

/// What a descriptor is ready for, or is asked for.
struct Readiness: OptionSet {
    let rawValue: UInt32

    static let readable = Readiness(rawValue: UInt32(LINUX_READABLE))
    static let writable = Readiness(rawValue: UInt32(LINUX_WRITABLE))
    /// An error or a hang-up; comes unasked.
    static let failed = Readiness(rawValue: UInt32(LINUX_FAILED))
}

/// The epoll descriptor: which tokens are ready.
final class Poller {
    /// Most tokens that one wait gives.
    static let readyCountMaximum = 64

    private let descriptor: Int32
    private var ready = [linux_ready](repeating: linux_ready(), count: Poller.readyCountMaximum)

    init() throws(ReactorError) {
        descriptor = try ReactorError.check(linux_epoll_create(), "epoll_create", "reactor")
    }

    deinit { linux_close(descriptor) }

    func add(_ other: Int32, for readiness: Readiness, token: UInt64, subject: String) throws(ReactorError) {
        _ = try ReactorError.check(linux_epoll_add(descriptor, other, readiness.rawValue, token), "epoll_ctl", subject)
    }

    /// Asks for other events of a descriptor that was added.
    func change(_ other: Int32, for readiness: Readiness, token: UInt64) {
        let result = linux_epoll_change(descriptor, other, readiness.rawValue, token)
        precondition(result == 0, "epoll_ctl of a descriptor of ours failed: errno \(-result)")
    }

    func remove(_ other: Int32) { _ = linux_epoll_remove(descriptor, other) }

    /// Waits until a token is ready or the time is over; -1 waits without end.
    func wait(milliseconds: Int32) -> ArraySlice<linux_ready> {
        let count = unsafe ready.withUnsafeMutableBufferPointer { buffer in
            unsafe linux_epoll_wait(descriptor, buffer.baseAddress, Int32(buffer.count), milliseconds)
        }
        precondition(count >= 0, "epoll_wait failed: errno \(-count)")
        return ready.prefix(Int(count))
    }
}
