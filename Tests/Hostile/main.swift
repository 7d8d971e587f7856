import CLinux
import Crypto
import Glibc

// liaison-hostile HOST:PORT NETWORK COUNT SECONDS [BEHAVIOUR=HOME …]: so many hostile connections to one node.
// NETWORK is the id that `liaison status` prints; the homes are those of devices that were admitted and do not run.
// Prints one line each second.
let words = Array(CommandLine.arguments.dropFirst())

func fail(_ text: String) -> Never {
    print("liaison-hostile: error: \(text)")
    exit(2)
}

let place = words.first?.split(separator: ":") ?? []
guard words.count >= 4, place.count == 2, let port = UInt16(place[1]),
    let network = UInt64(words[1].prefix(16), radix: 16),
    let count = Int(words[2]), let seconds = Int64(words[3]), (1...20_000).contains(count),
    (1...86_400).contains(seconds)
else { fail("liaison-hostile HOST:PORT NETWORK COUNT SECONDS [BEHAVIOUR=HOME …]") }

Crypto.initialize()
var members: [Behaviour: Member] = [:]
for word in words.dropFirst(4) {
    let parts = word.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let behaviour = Behaviour(rawValue: String(parts[0])), behaviour.isMember else {
        fail("\(word) is no behaviour of a member with its home")
    }
    do { members[behaviour] = try Member(String(parts[1])) } catch { fail("\(parts[1]): \(error)") }
}

var limit = rlimit()
let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
if unsafe getrlimit(resource, &limit) == 0 {
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(resource, &limit)
}
guard limit.rlim_cur > rlim_t(count + 64) else { fail("the system gives \(limit.rlim_cur) descriptors, too few") }

let horde = Horde(count: count, host: String(place[0]), port: port, network: network, members: members)
let begin = linux_monotonic_milliseconds()
for second in 1...seconds {
    horde.run(until: begin + second * 1_000)
    let line = Array("\(second) s: \(horde.line)\n".utf8)
    // Unbuffered, so that whoever waits for the first line gets it.
    _ = unsafe write(1, line, line.count)
}
