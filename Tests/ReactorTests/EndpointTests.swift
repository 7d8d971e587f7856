import Reactor
import Testing

@Suite struct EndpointTests {
    @Test(arguments: [
        ("127.0.0.1:7420", "127.0.0.1", 7420), ("node.example:0", "node.example", 0), ("[::1]:65535", "::1", 65535),
        ("[fe80::1%eth0]:80", "fe80::1%eth0", 80),
    ])
    func readsAndWrites(text: String, host: String, port: UInt16) throws {
        let endpoint = try #require(Endpoint(text))
        #expect(endpoint.host == host)
        #expect(endpoint.port == port)
        #expect(endpoint.description == text)
    }

    @Test(arguments: [
        "", ":", "host", "host:", ":80", "host:65536", "host:-1", "host:+1", "host: 80", "ho st:80", "::1:80",
        "[host]:80", "[::1:80", "::1]:80", "[]:80", "h\u{0}st:80", "höst:80", "a/b:80", "[::1]80",
    ])
    func refuses(text: String) {
        #expect(Endpoint(text) == nil)
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("node.example", "node.example"), ("::", "0:0:0:0"), ("::1", "0:0:0:0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"), ("2001:db8:1:2::9", "2001:db8:1:2"), ("2001:db8::9", "2001:db8:0:0"),
        ("2001:db8::2:3:4:5:6", "2001:db8:0:2"), ("fe80::1%eth0", "fe80:0:0:0"), ("2001:db8:1::", "2001:db8:1:0"),
        ("2001::1:2:3:4:5", "2001:0:0:1"), ("1:2:3:4:5:6:7::", "1:2:3:4"), ("::2:3:4:5:6:7:8", "0:2:3:4"),
        (":::::", "0:0:0:0"),
    ])
    func `R1: an IPv6 network of 64 bits counts as one address`(host: String, neighbourhood: String) throws {
        #expect(try #require(Endpoint(host: host, port: 1)).neighbourhood == neighbourhood)
    }

    @Test func refusesHostsThatAreTooLong() {
        #expect(Endpoint(host: String(repeating: "a", count: 253), port: 1) != nil)
        #expect(Endpoint(host: String(repeating: "a", count: 254), port: 1) == nil)
    }
}
