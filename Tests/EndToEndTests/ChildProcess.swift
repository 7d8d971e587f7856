import Foundation
import Glibc

/// A started program whose output goes to files; it is killed when nobody holds it any more.
final class ChildProcess {
    /// How long a command may take before it is killed and counts as hung, seconds.
    static let patience = 120.0 * Sanitizer.slowness

    let id: pid_t
    private let outputPath: String
    private let errorPath: String
    /// The wait status, once it has ended.
    private var status: Int32?

    /// Starts a program; both outputs go to files whose paths begin with `prefix`.
    init(_ program: String, _ arguments: [String], environment: [String: String], outputPrefix prefix: String) throws {
        outputPath = prefix + ".out"
        errorPath = prefix + ".err"
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, outputPath, flags, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errorPath, flags, 0o600)
        // The threads on which tests run block signals, and a child would inherit that.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        unsafe sigemptyset(&noSignals)
        unsafe posix_spawnattr_setsigmask(&attributes, &noSignals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        // SAFETY: the copies live until they are freed below, after the call that reads them.
        let words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        let all = environment.merging(Sanitizer.options) { given, _ in given }
        let settings = unsafe all.sorted { $0.key < $1.key }.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer { unsafe (words + settings).forEach { unsafe free($0) } }
        var number: pid_t = 0
        let code = unsafe posix_spawn(&number, program, &actions, &attributes, words, settings)
        guard code == 0 else { throw HarnessError("cannot start \(program): error \(code)") }
        id = number
    }

    deinit { kill() }

    /// What was printed so far on standard output.
    var output: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }

    /// What was printed so far on standard error.
    var talk: String { (try? String(contentsOfFile: errorPath, encoding: .utf8)) ?? "" }

    var isRunning: Bool { poll() == nil }

    /// The exit code, 128 + the number of the signal that ended it, or nil while it runs.
    func poll() -> Int32? {
        if status == nil {
            var value: Int32 = 0
            if unsafe waitpid(id, &value, WNOHANG) == id { ended(value) }
        }
        guard let status else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }

    private func ended(_ value: Int32) {
        status = value
        // What libfaketime leaves behind when it is killed; the next process of this number would stumble over it.
        for name in ["faketime_shm_", "sem.faketime_sem_"] { _ = unsafe unlink("/dev/shm/\(name)\(id)") }
    }

    /// Waits for the end.
    /// - Throws: when it takes longer than the patience; it is killed then.
    func wait(seconds: Double = ChildProcess.patience) throws -> Int32 {
        let end = ContinuousClock.now + .seconds(seconds)
        var rest: UInt32 = 500
        while true {
            if let code = poll() { return code }
            guard ContinuousClock.now < end else {
                kill()
                throw HarnessError("a command did not end within \(seconds) seconds: \(talk)")
            }
            usleep(rest)
            rest = min(rest * 2, 10_000)
        }
    }

    /// Sends a signal, if it still runs.
    func send(_ signal: Int32) { if poll() == nil { Glibc.kill(id, signal) } }

    /// Ends it as a loss of power would, and waits until it is gone.
    func kill() {
        guard poll() == nil else { return }
        Glibc.kill(id, SIGKILL)
        var value: Int32 = 0
        if unsafe waitpid(id, &value, 0) == id { ended(value) }
    }
}

/// What the harness itself could not do.
struct HarnessError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// What `Scripts/test --sanitize` has set.
enum Sanitizer {
    private static let environment = ProcessInfo.processInfo.environment

    /// Whether every process carries a sanitizer, which keeps books beside all memory.
    static let isThere = environment["LIAISON_SANITIZER"] != nil

    /// How much longer everything may take.
    static let slowness = isThere ? 8.0 : 1.0

    /// What is said to the sanitizers, for every process.
    static let options = environment.filter { ["ASAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key) }
}

/// Waits until a condition holds.
/// - Throws: `HarnessError` when it does not within the time.
func eventually(_ what: String, within seconds: Double = 60 * Sanitizer.slowness, _ holds: () throws -> Bool) throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while try !holds() {
        guard ContinuousClock.now < end else { throw HarnessError("not within \(seconds) seconds: \(what)") }
        usleep(20_000)
    }
}
