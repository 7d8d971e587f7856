internal import CLinux
internal import Glibc

/// A bounded queue from one thread to another, with a descriptor that is readable while the taker should look.
///
// SAFETY: `items` and `isClosed` are touched only while `mutex` is held; the pointers and the descriptor never change
// between `init` and `deinit`, and `deinit` runs when no thread has the mailbox any more. A `pthread_mutex_t` and
// not `Synchronization.Mutex`: the thread sanitizer knows only the first (CONTRIBUTING.md, workarounds).
@safe final class Mailbox<Item: Sendable>: @unchecked Sendable {
    /// An eventfd, raised by `post`, lowered by `takeAll`.
    let descriptor: Int32
    private let capacity: Int
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var items: [Item] = []
    private var isClosed = false

    init(capacity: Int) throws(ReactorError) {
        self.capacity = capacity
        descriptor = try ReactorError.check(linux_eventfd(), "eventfd", "mailbox")
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        linux_close(descriptor)
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Adds an item; false when the mailbox is full or closed.
    func post(_ item: Item) -> Bool {
        let isTaken = locked {
            guard !isClosed, items.count < capacity else { return false }
            items.append(item)
            return true
        }
        guard isTaken else { return false }
        unsafe pthread_cond_signal(condition)
        linux_eventfd_raise(descriptor)
        return true
    }

    /// Takes all items without waiting.
    func takeAll() -> [Item] {
        linux_eventfd_clear(descriptor)
        return locked {
            defer { items.removeAll() }
            return items
        }
    }

    /// Waits for an item; nil once the mailbox is closed, whatever is left in it.
    func wait() -> Item? {
        locked {
            while items.isEmpty, !isClosed { unsafe pthread_cond_wait(condition, mutex) }
            return isClosed ? nil : items.removeFirst()
        }
    }

    /// Wakes the waiting thread for the last time.
    func close() {
        locked { isClosed = true }
        unsafe pthread_cond_broadcast(condition)
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body()
    }
}
