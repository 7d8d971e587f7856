/// Why the disk, or what lies on it, could not serve; every message says what would work.
package enum StoreError: Error, Hashable, Sendable {
    /// Another opener holds the data folder; its process number if the lock file names one.
    case alreadyOpen(path: String, process: Int?)
    /// Another program holds the database itself, without the folder's lock.
    case busy(path: String)
    /// There is no such file or folder.
    case notFound(path: String)
    /// What was to be created exists already.
    case alreadyExists(path: String)
    /// The store was written by a newer version of the program.
    case newer(path: String, found: Int, known: Int)
    /// The store was written by a version that this program no longer reads.
    case older(path: String, found: Int, oldest: Int)
    /// The database is none of ours.
    case notAStore(path: String)
    /// Others than the owner may read or write; `mode` has the nine bits.
    case laxMode(path: String, mode: Int)
    /// The file or folder belongs to another user, whose number this is.
    case otherOwner(path: String, owner: Int)
    /// A symbolic link or another special file stands where a plain file or folder must stand.
    case notPlain(path: String)
    /// A setting on which durability rests is not what it must be.
    case refusedSetting(path: String, name: String, found: String, needed: String)
    /// The database is damaged.
    case corrupt(path: String, code: Int, message: String)
    /// A small file of the data folder is damaged.
    case damagedFile(path: String, what: String)
    /// No space is left; nothing of the transaction was kept, reading goes on.
    case full(path: String)
    /// A file was removed or replaced under the running program; writing has stopped.
    case replaced(path: String)
    /// A call failed; `code` is errno, or SQLite's primary code, and `extendedCode` SQLite's extended one, else 0.
    case io(path: String, operation: String, code: Int, extendedCode: Int, message: String)
    /// An earlier failure made it uncertain what is durable: open the store again before writing.
    case failedBefore(path: String)
    /// No memory is left.
    case outOfMemory
    /// The connection was closed.
    case closed
    /// Whoever waited wanted it to end early; nothing of it was kept.
    case cancelled
    /// SQLite refused a statement, as it can where the schema was changed by hand.
    case refusedStatement(code: Int, message: String, statement: String)
}

/// An error that can carry a `StoreError`, so that a transaction's body may throw its own.
package protocol CarriesStoreError: Error {
    /// Wraps a failure of the store.
    init(store: StoreError)
}

extension StoreError: CarriesStoreError {
    package init(store: StoreError) { self = store }
}

extension StoreError: CustomStringConvertible {
    /// One line for people: what is wrong, and after a semicolon what would work.
    package var description: String {
        switch self {
        case .alreadyOpen(let path, let process):
            let holder = process.map { "process \($0)" } ?? "another process"
            return "\(path) is in use by \(holder); talk to it or stop it first"
        case .busy(let path):
            return "\(path) is held by another program; close that program first"
        case .notFound(let path):
            return "\(path) does not exist; name another or create it first"
        case .alreadyExists(let path):
            return "\(path) exists already; name another or move it away"
        case .newer(let path, let found, let known):
            return "\(path) has format \(found) and this program knows \(known) at most; install a newer version"
        case .older(let path, let found, let oldest):
            return
                "\(path) has format \(found) and this program reads \(oldest) at least; open it with an older version"
        case .notAStore(let path):
            return "\(path) is not a store of this program; move it away or name another folder"
        case .laxMode(let path, let mode):
            return "others may access \(path) (mode \(octal(mode))); run: chmod go= '\(path)'"
        case .otherOwner(let path, let owner):
            return "\(path) belongs to user \(owner); run as that user or name another folder"
        case .notPlain(let path):
            return "\(path) is a link or a special file; put a plain file or folder there, or name the link's target"
        case .refusedSetting(let path, let name, let found, let needed):
            return "\(path): \(name) is \(found) and must be \(needed) or work could be lost; undo the change or "
                + "restore the store from a backup"
        case .cancelled:
            return "interrupted before it was done; nothing was changed"
        case .corrupt, .damagedFile, .full, .replaced, .io, .failedBefore, .outOfMemory, .closed, .refusedStatement:
            return damage
        }
    }

    private var damage: String {
        switch self {
        case .corrupt(let path, let code, let message):
            return "\(path) is damaged (\(message), code \(code)); save what can be read with `liaison export`, then "
                + "restore a backup or join again"
        case .damagedFile(let path, let what):
            return "\(path) is damaged (\(what)); restore it from a backup"
        case .full(let path):
            return "no space is left for \(path); free some, then try again: nothing was lost"
        case .replaced(let path):
            return "\(path) was removed or replaced while in use; stop the program, and restore a backup if it is gone"
        case .io(let path, let operation, let code, let extendedCode, let message):
            let extended = extendedCode == 0 ? "" : ", extended code \(extendedCode)"
            return "\(operation) of \(path) failed: \(message) (code \(code)\(extended)); check the disk and its mount"
        case .failedBefore(let path):
            return "an earlier write to \(path) failed; start the program again so that it reads back what is durable"
        case .outOfMemory:
            return "no memory is left; stop other programs and try again"
        case .closed:
            return "the store was closed; open it again"
        case .refusedStatement(let code, let message, let statement):
            return "the database refused a statement (\(message), code \(code)): \(statement); if its schema was "
                + "changed by hand, restore a backup"
        default:
            preconditionFailure("an error without a message")
        }
    }
}

/// A mode as people type it.
private func octal(_ mode: Int) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
