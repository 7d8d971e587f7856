import Bytes
import Crypto
import Demo
import Node
import Records
import Replica
import Simulator
import Store
import Testing

// Goal: everything that the generator makes passes the checks that people's own input passes, and is written once.
@Suite struct DemoFillingTests {
}
