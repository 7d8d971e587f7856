import Reactor
import Testing

@Suite struct TimerQueueTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func agreesWithAListThatIsSearchedThrough(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var queue = TimerQueue<Int>()
        var model: [(deadline: Int64, order: Int, name: Int)] = []
        for order in 0..<500 {
            let name = draw(20)
            switch draw(4) {
            case 0, 1:
                let deadline = Int64(draw(50))
                queue.set(name, at: deadline)
                model.removeAll { $0.name == name }
                model.append((deadline, order, name))
            case 2:
                queue.cancel(name)
                model.removeAll { $0.name == name }
            default:
                let time = Int64(draw(50))
                let next = model.min { ($0.deadline, $0.order) < ($1.deadline, $1.order) }
                #expect(queue.nextDeadline == next?.deadline, "seed \(seed)")
                let due = next.flatMap { $0.deadline <= time ? $0.name : nil }
                #expect(queue.takeDue(at: time) == due, "seed \(seed)")
                model.removeAll { $0.name == due }
            }
        }
    }

    @Test func whatIsSetAfterTheMarkWaits() {
        var queue = TimerQueue<String>()
        queue.set("late", at: 5)
        let mark = queue.mark
        queue.set("early", at: 1)
        #expect(queue.takeDue(at: 9, setBefore: mark) == "late")
        #expect(queue.takeDue(at: 9, setBefore: mark) == nil)
        #expect(queue.takeDue(at: 9) == "early")
    }
}
