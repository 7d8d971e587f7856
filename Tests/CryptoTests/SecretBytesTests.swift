import Crypto
import Testing

@Suite struct SecretBytesTests {
    @Test func secretsOfSessionsAreKeptApart() {
        let secrets = (0..<300).map {
            SecretBytes(ofSession: [UInt8](repeating: UInt8($0 % 251), count: 1 + $0 % 64)[...])
        }
        for (index, secret) in secrets.enumerated() {
            secret.withCopy { #expect($0 == [UInt8](repeating: UInt8(index % 251), count: 1 + index % 64)) }
        }
    }

    @Test func placesOfSecretsThatAreGoneServeOthers() async {
        await withTaskGroup(of: Void.self) { group in
            for task in UInt8(0)..<4 {
                group.addTask {
                    for round in 0..<500 {
                        let secrets = (0..<20).map { _ in SecretBytes(ofSession: [task, UInt8(round % 256)]) }
                        for secret in secrets { secret.withCopy { #expect($0 == [task, UInt8(round % 256)]) } }
                    }
                }
            }
        }
    }
}
