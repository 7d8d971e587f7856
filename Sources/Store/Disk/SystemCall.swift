internal import Glibc

/// What a system call left in `errno`, read at once.
struct SystemFailure: Error {
    let code: Int32
}

/// Calls again after an interruption.
/// - Throws: the error number, when the call returns −1.
@inline(never)
@discardableResult
func systemCall<R: SignedInteger>(_ body: () -> R) throws(SystemFailure) -> R {
    while true {
        let result = body()
        if result != -1 { return result }
        let code = errno
        if code != EINTR { throw SystemFailure(code: code) }
    }
}

extension StoreError {
    /// The typed form of an error number.
    init(_ failure: SystemFailure, path: String, operation: String) {
        switch failure.code {
        case ENOENT: self = .notFound(path: path)
        case EEXIST: self = .alreadyExists(path: path)
        case ELOOP, ENOTDIR: self = .notPlain(path: path)
        case ENOSPC, EDQUOT: self = .full(path: path)
        case ENOMEM: self = .outOfMemory
        default:
            self = .io(
                path: path, operation: operation, code: Int(failure.code), extendedCode: 0,
                message: systemMessage(failure.code))
        }
    }
}

/// Gives failures of the body's system calls their typed form.
func calling<R>(
    _ operation: String, _ path: String, _ body: () throws(SystemFailure) -> R
) throws(StoreError) -> R {
    do { return try body() } catch { throw StoreError(error, path: path, operation: operation) }
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String {
    // SAFETY: strerror's text stays until this thread's next call of it.
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}

/// An open file or folder, closed when the last reference goes.
final class FileDescriptor {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { _ = Glibc.close(number) }
}
