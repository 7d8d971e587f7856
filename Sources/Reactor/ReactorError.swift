internal import CLinux

/// What the world refused: each case says which call, or which address or path.
package enum ReactorError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operating system refused `call` for `subject` (an address or a path) with this `errno`.
    case system(call: String, subject: String, number: Int32)
    /// A path of a Unix-domain socket has no name, a NUL or a name of more than 64 bytes.
    case invalidPath(String)
    /// No address is known for this name; `reason` is the resolver's own text.
    case nameNotResolved(name: String, reason: String)
    /// Too many names wait to be resolved already.
    case resolverBusy(name: String)
    /// Nothing happened in time.
    case timedOut(call: String, subject: String)
    /// As many connections are open as `ReactorLimits` allows.
    case tooManyConnections(subject: String, limit: Int)
    /// The other side ended the stream before all that was asked for had come.
    case endedEarly(subject: String)
    /// The other side sent more than the caller allows.
    case tooLong(subject: String, limit: Int)

    /// One line for people: what failed, for whom, and why.
    package var description: String {
        switch self {
        case .system(let call, let subject, let number): "\(call) \(subject): \(errorText(number))"
        case .invalidPath(let path): "\(path) cannot be the path of a socket"
        case .nameNotResolved(let name, let reason): "cannot find the address of \(name): \(reason)"
        case .resolverBusy(let name): "cannot find the address of \(name): too many names are being looked up"
        case .timedOut(let call, let subject): "\(call) \(subject): no answer in time"
        case .tooManyConnections(let subject, let limit):
            "\(subject): \(limit) connections are open, which is the limit"
        case .endedEarly(let subject): "\(subject): the connection ended early"
        case .tooLong(let subject, let limit): "\(subject): the answer is longer than \(limit) bytes"
        }
    }

    /// Whether the operating system gave this `errno`.
    package func isSystem(_ number: Int32) -> Bool {
        if case .system(_, _, number) = self { true } else { false }
    }

    /// Turns a result of C into its value or an error that names the step that failed.
    static func check(_ result: linux_result, _ subject: String) throws(ReactorError) -> Int32 {
        guard Int(result.failed) != LINUX_CALL_NONE else { return result.value }
        throw .system(call: callName(result.failed), subject: subject, number: result.value)
    }

    /// Turns a negative `errno` of C into an error.
    static func check(_ value: Int32, _ call: String, _ subject: String) throws(ReactorError) -> Int32 {
        guard value < 0 else { return value }
        throw .system(call: call, subject: subject, number: -value)
    }
}

private func callName(_ number: Int32) -> String {
    switch Int(number) {
    case LINUX_CALL_SOCKET: "socket"
    case LINUX_CALL_SETSOCKOPT: "setsockopt"
    case LINUX_CALL_FCHMOD: "fchmod"
    case LINUX_CALL_BIND: "bind"
    case LINUX_CALL_LISTEN: "listen"
    case LINUX_CALL_CONNECT: "connect"
    default: "call \(number)"
    }
}

@inline(never)
private func errorText(_ number: Int32) -> String {
    var text = [CChar](repeating: 0, count: 128)
    unsafe text.withUnsafeMutableBufferPointer { buffer in
        unsafe linux_error_text(number, buffer.baseAddress, buffer.count)
    }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
