import Glibc

// liaison-proof NAME [--first N] [--count N] [--seconds S] [--tell]: tries the cases of some seeds. Scripts/prove runs
// many of them at once and adds up what they did; Scripts/simulate runs one again.
var words = Array(CommandLine.arguments.dropFirst())
guard let name = words.first, let proof = proofs.first(where: { $0.name == name }) else {
    print("liaison-proof: error: one of these: \(proofs.map { $0.name }.joined(separator: ", "))")
    exit(2)
}
var span = ProofRun.Span()
words.removeFirst()
if let place = words.firstIndex(of: "--tell") {
    words.remove(at: place)
    span.isTold = true
}
while !words.isEmpty {
    let option = words.removeFirst()
    let text = words.isEmpty ? "" : words.removeFirst()
    guard let number = UInt64(text), number < 1 << 62 else {
        print("liaison-proof: error: \(option) takes a whole number, not '\(text)'")
        exit(2)
    }
    switch option {
    case "--first": span.first = number
    case "--count": span.count = number
    case "--seconds": span.seconds = Int(number)
    default:
        print("liaison-proof: error: there is no option \(option); there are --first, --count, --seconds")
        exit(2)
    }
}
exit(ProofRun.run(proof, span) ? 0 : 1)
