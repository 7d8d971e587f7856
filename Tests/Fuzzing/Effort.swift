import Glibc

/// What one input costs, and what it may.
package enum Effort {
    /// What one input may take on a machine of today, milliseconds of a processor.
    package static let mostMilliseconds = 100
    /// What a process may grow by with one input, KiB.
    package static let mostKibibytes = 65_536

    /// The milliseconds that a processor works for this thread: neighbours do not count.
    package static func milliseconds(_ body: () -> Void) -> Int {
        var (before, after) = (timespec(), timespec())
        _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before)
        body()
        _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after)
        return (after.tv_sec - before.tv_sec) * 1_000 + (after.tv_nsec - before.tv_nsec) / 1_000_000
    }

    /// The most that the process has ever held in memory, KiB.
    package static var residentKibibytes: Int {
        var usage = rusage()
        _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
