import Fuzzing
import Glibc

// What libFuzzer calls. Scripts/fuzz sets the variables: LIAISON_FUZZ_TARGET names the target; with LIAISON_FUZZ_SEEDS
// the inputs that all targets begin with are written into a folder instead, with LIAISON_FUZZ_LARGE the target's large
// inputs are tried.

/// Where defects are told, also when standard error is closed for what commands print.
private let talk = dup(2)

/// The chosen target.
nonisolated(unsafe) private var target: any FuzzTarget = chosenTarget()

/// What one input may take; the address sanitizer and slow machines get more.
private let mostMilliseconds =
    (variable("LIAISON_FUZZ_MILLISECONDS").flatMap { Int($0) } ?? Effort.mostMilliseconds) * rounds

/// How many times over the chosen target does the work of an input.
private var rounds: Int { fuzzTargets.first { $0.name == variable("LIAISON_FUZZ_TARGET") }?.rounds ?? 1 }

/// Tries one input; whatever is wrong ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    _ = unsafe target
    let memory = Effort.residentKibibytes
    let least = (0..<3).reduce(Int.max) { least, _ in
        // What was slow once may have made something that is kept, or the machine had other things to do.
        least > mostMilliseconds ? min(least, Effort.milliseconds { run(input) }) : least
    }
    if variable("LIAISON_FUZZ_TELL") != nil { write("fuzz: \(least) ms\n", to: talk) }
    if least > mostMilliseconds { stop("\(least) ms for \(count) bytes") }
    let grown = Effort.residentKibibytes - memory
    if grown > Effort.mostKibibytes { stop("\(grown) KiB more for \(count) bytes") }
    return 0
}

private func run(_ input: [UInt8]) {
    do { try unsafe target.run(input) } catch { stop("\(error)") }
}

private func stop(_ reason: String) -> Never {
    write("fuzz: defect: \(reason)\n", to: talk)
    abort()
}

private func chosenTarget() -> any FuzzTarget {
    let name = variable("LIAISON_FUZZ_TARGET") ?? ""
    guard let type = fuzzTargets.first(where: { $0.name == name }) else {
        write("fuzz: error: LIAISON_FUZZ_TARGET is one of \(fuzzTargets.map { $0.name })\n", to: 2)
        exit(2)
    }
    do { return try type.init() } catch { stop("\(name) cannot begin: \(error)") }
}

/// Writes the inputs to begin with where that is asked for.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<CInt>?, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    _ = talk
    if variable("LIAISON_FUZZ_LARGE") != nil { tryLarge() }
    guard let folder = variable("LIAISON_FUZZ_SEEDS") else { return 0 }
    for type in fuzzTargets {
        do {
            for (index, seed) in try type.seeds().enumerated() {
                let path = "\(folder)/\(type.name)/seed-\(index)"
                let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
                if file < 0 { stop("\(path) cannot be written") }
                write(seed, to: file)
                close(file)
            }
        } catch { stop("\(type.name) has no inputs to begin with: \(error)") }
    }
    exit(0)
}

/// Tries the large inputs of the chosen target alone.
private func tryLarge() -> Never {
    let name = variable("LIAISON_FUZZ_TARGET") ?? ""
    do {
        for (index, input) in (try fuzzTargets.first { $0.name == name }?.large() ?? []).enumerated() {
            write("fuzz: \(name): large input \(index), \(input.count) bytes\n", to: talk)
            _ = unsafe input.withUnsafeBufferPointer { unsafe testOneInput($0.baseAddress, $0.count) }
        }
    } catch { stop("\(name) has no large inputs: \(error)") }
    exit(0)
}

private func write(_ text: String, to file: CInt) { write(Array(text.utf8), to: file) }

private func write(_ bytes: [UInt8], to file: CInt) {
    let written = unsafe Glibc.write(file, bytes, bytes.count)
    if written != bytes.count, file != 2 { stop("a file cannot be written") }
}

private func variable(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }
