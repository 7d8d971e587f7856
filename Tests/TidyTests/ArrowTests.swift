import Testing

/// Which target may use which: the picture in ARCHITECTURE.md.
///
/// Whoever adds an arrow adds it here and there.
private let arrows: [String: Set<String>] = [
    "Bytes": [],
    "Crypto": ["Bytes", "CSodium"],
    "Replica": ["Bytes", "Crypto", "CZstd"],
    "Records": ["Bytes", "Crypto", "Replica"],
    "Queries": ["Bytes", "Crypto", "Replica", "Records"],
    "Demo": ["Bytes", "Records"],
    "Sync": ["Bytes", "Crypto", "Replica"],
    "Channel": ["Bytes", "Crypto"],
    "Store": ["Bytes", "Crypto", "Replica", "CSQLite"],
    "Reactor": ["Bytes", "CLinux"],
    "Node": ["Bytes", "Crypto", "Replica", "Records", "Queries", "Demo", "Sync", "Channel", "Store", "Reactor"],
    "Commands": ["Bytes", "Crypto", "Replica", "Records", "Sync", "Channel", "Store", "Reactor", "Node"],
    "liaison": ["Bytes", "Crypto", "Replica", "Records", "Store", "Reactor", "Node", "Commands"],
]

/// The modules of the system that a target may use, where it may use any: IO begins in Store and in Reactor, and
/// Crypto has a lock.
private let systemModules: [String: Set<String>] = [
    "Crypto": ["Glibc"],
    "Store": ["Glibc"],
    "Reactor": ["Glibc"],
    "Commands": ["Glibc", "Foundation"],
    "liaison": ["Glibc", "Foundation"],
]

@Suite struct ArrowTests {
    @Test func everyImportFollowsAnArrow() throws {
        var importCount = 0
        var broken: [String] = []
        for file in Tree.swiftSources {
            let allowed = arrows[file.target, default: []].union(systemModules[file.target, default: []])
            for (index, line) in file.lines.enumerated() {
                guard let module = line.importedModule else { continue }
                importCount += 1
                if !allowed.contains(module) { broken.append(place(file, index)) }
            }
        }
        #expect(importCount > 100)
        #expect(broken.isEmpty, "\(broken.joined(separator: "\n"))")
    }

    @Test func everyTargetStandsInThePicture() {
        let clangTargets: Set = ["CLinux", "CSodium", "CSQLite", "CZstd"]
        #expect(Set(Tree.files(below: "Sources").map(\.target)) == clangTargets.union(arrows.keys))
    }

    @Test func thePackageDeclaresNoOtherArrows() throws {
        let package = try Tree.read("Package.swift")
        var declared: [String: Set<String>] = [:]
        for match in package.matches(of: #/library\(\s*"(\w+)",\s*\[([^\]]*)\]\)/#) {
            declared[String(match.1)] = names(in: match.2)
        }
        for match in package.matches(of: #/executableTarget\(\s*name: "(\w+)",\s*dependencies: \[([^\]]*)\]/#) {
            declared[String(match.1)] = names(in: match.2)
        }
        #expect(Set(declared.keys) == Set(arrows.keys))
        for (target, dependencies) in declared {
            let extra = dependencies.subtracting(arrows[target, default: []])
            #expect(extra.isEmpty, "\(target) depends on \(extra.sorted())")
        }
    }

    @Test func noTargetReachesItself() {
        for start in arrows.keys {
            var reached: Set<String> = []
            var next = arrows[start, default: []]
            while let target = next.popFirst() {
                if reached.insert(target).inserted { next.formUnion(arrows[target, default: []]) }
            }
            #expect(!reached.contains(start), "\(start) reaches itself")
        }
    }

    private func names(in list: Substring) -> Set<String> {
        Set(list.matches(of: #/"(\w+)"/#).map { String($0.1) })
    }
}

extension String {
    /// The module that an import line names, whatever stands before `import`.
    fileprivate var importedModule: String? {
        // Regular expressions take their time with a sanitizer, and most lines do not have the word.
        guard contains("import") else { return nil }
        let pattern =
            #/
            ^(?:@\w+(?:\(\w+\))?\s+|(?:public|package|internal|private|fileprivate)\s+)*
            import\s+(?:(?:struct|class|enum|func|protocol|typealias)\s+)?(\w+)
            /#
        return firstMatch(of: pattern).map { String($0.1) }
    }
}
