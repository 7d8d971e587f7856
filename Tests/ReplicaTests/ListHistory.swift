import Bytes
import Crypto
import Replica

/// A few replicas of one list field whose writers edit apart and meet now and then.
struct ListHistory {
    var random: SeededEntropy
    /// All operations ever written, each after those that it names.
    private(set) var steps: [ListMerge.Step] = []
    /// What each replica holds, by place in `steps`.
    private(set) var replicas: [Set<Int>]
    /// Whether writers do what an honest one never does.
    let isWild: Bool

    /// - Parameter isWild: operations also name several elements, anything at all, operations that are not applied, and
    ///   registers stand among them.
    init(seed: UInt64, replicas: Int = 3, count: Int, isWild: Bool) {
        random = SeededEntropy(seed: seed)
        self.replicas = Array(repeating: [], count: replicas)
        self.isWild = isWild
        for _ in 0..<count { step() }
    }

    /// What a replica shows.
    func shown(_ held: Set<Int>) -> [ListElement] { ListMerge.elements(held.sorted().map { steps[$0] }) }

    private mutating func step() {
        let replica = Int.random(in: replicas.indices, using: &random)
        if Int.random(in: 0..<5, using: &random) == 0 {
            replicas[replica].formUnion(replicas.randomElement(using: &random) ?? [])
        } else {
            edit(replica)
        }
    }

    private mutating func edit(_ replica: Int) {
        let elements = shown(replicas[replica])
        var names = elements.randomElement(using: &random)?.left ?? []
        var type = MergeType.list
        var isApplied = true
        if isWild {
            let held = replicas[replica].sorted().map { steps[$0].view.id }
            switch Int.random(in: 0..<12, using: &random) {
            case 0: names += elements.randomElement(using: &random)?.left ?? []
            case 1...2: names = (0..<3).compactMap { _ in held.randomElement(using: &random) }
            case 3: isApplied = false
            case 4: type = .register
            default: break
            }
        }
        write(replica, type, names, isApplied)
    }

    private mutating func write(_ replica: Int, _ type: MergeType, _ named: [OperationID], _ isApplied: Bool) {
        // Few positions and values, so that they meet.
        let position: [UInt8] = [0x40 * UInt8.random(in: 1...3, using: &random)]
        let value = HeldValue.present(.integer(Int64.random(in: 0..<3, using: &random)))
        let change: ListChange =
            switch named.isEmpty ? 0 : Int.random(in: 0..<8, using: &random) {
            case 0: .put(position)
            case 1...2: .put(position)
            case 3...5: .move(position)
            default: .remove
            }
        let begins = named.isEmpty || Int.random(in: 0..<4, using: &random) == 0
        let replaced = begins && !isWild ? [] : named
        let shape = begins && !isWild ? ListChange.put(position).shape : change.shape
        let carries = ListChange(shape) == .put(position) || type == .register
        let depths = steps.filter { replaced.contains($0.view.id) }.map(\.view.order)
        // Ids are drawn, so that who is greater has nothing to do with who came first.
        let view = OperationView.sample(
            entry: UInt64.random(in: 0 ... .max, using: &random), type: type, shape: type == .list ? shape : .null,
            order: 1 + (depths.max() ?? 0), value: carries ? value : .none)
        steps.append(ListMerge.Step(view: view, replaced: replaced, isApplied: isApplied))
        replicas[replica].insert(steps.count - 1)
    }
}

/// The page on lists read word by word: sets and closures, nothing clever, slow.
struct ListModel {
    private let steps: [OperationID: ListMerge.Step]
    private let ids: [OperationID]
    /// By operation: what it replaces, and those between that are not applied.
    private var reached: [OperationID: Set<OperationID>] = [:]

    /// - Parameter steps: each after those that it names.
    init(_ steps: [ListMerge.Step]) {
        self.steps = Dictionary(steps.map { ($0.view.id, $0) }) { first, _ in first }
        ids = self.steps.keys.sorted()
        for step in steps {
            reached[step.view.id] = step.replaced.reduce(into: []) { all, target in
                all.insert(target)
                if !isApplied(target) { all.formUnion(reached[target] ?? []) }
            }
        }
    }

    /// The elements in their order, as `ListMerge` must give them.
    var elements: [ListElement] {
        var groups: [Set<OperationID>] = []
        for id in members {
            // Everything that hangs together with this one, until nothing more does.
            var group: Set<OperationID> = [id]
            var count = 0
            while count != group.count {
                count = group.count
                for other in members where !group.isDisjoint(with: listReach(other).union([other])) {
                    group.formUnion(listReach(other))
                    if isApplied(other) { group.insert(other) }
                }
            }
            if !groups.contains(group) { groups.append(group) }
        }
        return groups.compactMap(element).sorted {
            $0.position == $1.position
                ? $0.beginning < $1.beginning : $0.position.lexicographicallyPrecedes($1.position)
        }
    }

    private var members: [OperationID] { ids.filter { isApplied($0) && isOfList($0) } }

    private func isApplied(_ id: OperationID) -> Bool { steps[id]?.isApplied ?? false }
    private func isOfList(_ id: OperationID) -> Bool { steps[id]?.view.type == .list }

    private func reach(_ id: OperationID) -> Set<OperationID> { reached[id] ?? [] }

    private func listReach(_ id: OperationID) -> Set<OperationID> {
        isApplied(id) && isOfList(id) ? reach(id).filter(isOfList) : []
    }

    private func isAbove(_ upper: OperationID, _ lower: OperationID) -> Bool {
        listReach(upper).contains { $0 == lower || isAbove($0, lower) }
    }

    private func isLeft(_ id: OperationID) -> Bool {
        isApplied(id) && !ids.contains { isApplied($0) && reach($0).contains(id) }
    }

    private func change(_ id: OperationID) -> ListChange? { steps[id].flatMap { ListChange($0.view.shape) } }

    private func action(_ id: OperationID) -> Int? {
        switch change(id) {
        case .put: 0
        case .move: 1
        case .remove: 2
        case nil: nil
        }
    }

    private func topmost(_ group: Set<OperationID>, _ wanted: Int) -> [OperationView] {
        let such = group.filter { isApplied($0) && action($0) == wanted }
        return such.filter { id in !such.contains { isAbove($0, id) } }.compactMap { steps[$0]?.view }
            .sorted { ($0.order, $0.id) > ($1.order, $1.id) }
    }

    private func element(_ group: Set<OperationID>) -> ListElement? {
        let left = group.filter(isLeft)
        let values = topmost(group, 0)
        guard left.contains(where: { action($0) != 2 }), let shown = values.first else { return nil }
        let roots = group.filter { !(steps[$0]?.replaced ?? []).contains(where: isOfList) }
        guard let beginning = roots.min() else { return nil }
        var position: [UInt8] = []
        switch ListChange((topmost(group, 1).first ?? shown).shape) {
        case .put(let bytes), .move(let bytes): position = bytes
        default: return nil
        }
        let views = left.compactMap { steps[$0]?.view }.sorted { ($0.order, $0.id) > ($1.order, $1.id) }
        return ListElement(beginning: beginning, position: position, values: values, left: views.map(\.id))
    }
}
