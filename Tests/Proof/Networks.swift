import Crypto
import Simulator

/// Whole networks through a year of faults: `Simulation`.
struct Networks: Proof {
    static let name = "networks"

    var narrator: ((String) -> Void)?
    private var networks = 0
    private var nodeDays = 0
    private var figures = Simulation.Figures()

    init() {}

    mutating func run(seed: UInt64) throws -> Digest {
        let simulation = try Simulation(seed: seed)
        simulation.narrator = narrator
        let trace = try simulation.run()
        networks += 1
        nodeDays += simulation.figures.nodeDays
        figures.add(simulation.figures)
        return Digest(trace.value, 0, 0, 0)
    }

    var counts: [(name: String, count: Int)] {
        var counts = [
            ("networks", networks), ("node-days", nodeDays), ("machines", figures.machines),
            ("edits", figures.edits), ("sessions", figures.sessions / 2), ("restarts", figures.restarts),
            ("repairs", figures.repairs), ("faults", figures.coverage.total),
        ]
        for act in ByzantineAct.allCases { counts.append(("act \(act)", figures.acts[act.rawValue])) }
        for fault in Fault.allCases {
            for state in VictimState.allCases where figures.coverage.hits[fault.rawValue][state.rawValue] > 0 {
                counts.append(("fault \(fault) while \(state)", figures.coverage.hits[fault.rawValue][state.rawValue]))
            }
        }
        return counts
    }
}
