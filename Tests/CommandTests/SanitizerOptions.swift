import Foundation

/// What `Scripts/test --sanitize` says to the sanitizers; meant for every process.
enum SanitizerOptions {
    private static let environment = ProcessInfo.processInfo.environment

    /// Whether every process carries a sanitizer.
    static let areThere = environment["LIAISON_SANITIZER"] != nil

    /// The variables that sanitizers read.
    static let all = environment.filter { ["ASAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key) }
}
