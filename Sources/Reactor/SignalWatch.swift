internal import CLinux
internal import Glibc

/// SIGINT and SIGTERM as values, for a command that waits without a reactor; ends with its holder.
package final class SignalWatch {
    private let descriptor: Int32

    /// Begins to watch; one watcher of a process can.
    /// - Throws: `EBUSY` when another one does.
    package init() throws(ReactorError) {
        descriptor = try ReactorError.check(linux_signals_watch(), "sigaction", "signals")
    }

    deinit { linux_signals_unwatch(descriptor) }

    /// The next signal that has arrived.
    package func next() -> Signal? {
        let number = linux_signals_next(descriptor)
        return number == 0 ? nil : number == SIGINT ? .interrupt : .terminate
    }
}
