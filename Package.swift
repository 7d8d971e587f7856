// swift-tools-version: 6.2
import PackageDescription

/// One language mode and one set of checks for every target of ours.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

// The arrows of ARCHITECTURE.md: a target may use what stands above it, and nothing points back.
let package = Package(
    name: "liaison",
    products: [.executable(name: "liaison", targets: ["liaison"])],
    targets: [
        // Libraries of Debian, imported as they are.
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "CLinux"),

        // The core: values without IO.
        library("Bytes", []),
        library("Crypto", ["Bytes", "CSodium"]),
        library("Replica", ["Bytes", "Crypto", "CZstd"]),
        library("Records", ["Bytes", "Crypto", "Replica"]),
        library("Queries", ["Bytes", "Crypto", "Replica", "Records"]),
        library("Demo", ["Bytes", "Records"]),
        library("Sync", ["Bytes", "Crypto", "Replica"]),
        library("Channel", ["Bytes", "Crypto"]),

        // The only two places where IO begins.
        library("Store", ["Bytes", "Crypto", "Replica", "CSQLite"]),
        library("Reactor", ["Bytes", "CLinux"]),

        // The shell.
        library(
            "Node",
            ["Bytes", "Crypto", "Replica", "Records", "Queries", "Demo", "Sync", "Channel", "Store", "Reactor"]),
        library("Commands", ["Bytes", "Crypto", "Replica", "Records", "Store", "Reactor", "Node"]),
        .executableTarget(name: "liaison", dependencies: ["Commands", "Records"], swiftSettings: settings),

        // The tests' executable: liaison with one more row in its table of kinds.
        .executableTarget(
            name: "liaison-specimen", dependencies: ["Commands", "Records", "Replica"], path: "Tests/Specimen",
            swiftSettings: settings),

        // Real nodes on a network in memory, for tests.
        .target(
            name: "Simulator",
            dependencies: [
                "MemoryDisk", "Bytes", "Crypto", "Replica", "Records", "Store", "Reactor", "Sync", "Channel", "Node",
            ],
            path: "Tests/Simulator", swiftSettings: settings),

        // A disk in memory that fails as disks do, for tests.
        .target(name: "CMemoryDisk", dependencies: ["CSQLite"], path: "Tests/CMemoryDisk"),
        .target(
            name: "MemoryDisk", dependencies: ["CMemoryDisk", "Store", "Crypto", "Bytes"], path: "Tests/MemoryDisk",
            swiftSettings: settings),

        // Properties that are tried with random cases by the thousand: Scripts/prove.
        .executableTarget(
            name: "liaison-proof",
            dependencies: [
                "Simulator", "MemoryDisk", "Bytes", "Crypto", "Replica", "Records", "Store", "Reactor", "Sync",
                "Channel", "Node",
            ],
            path: "Tests/Proof", swiftSettings: settings),

        // One function for each decoder that hostile bytes reach, and the corpora: Scripts/fuzz.
        .target(
            name: "Fuzzing",
            dependencies: [
                "Bytes", "Crypto", "Replica", "Records", "Sync", "Channel", "Store", "Node", "Commands",
            ],
            path: "Tests/Fuzzing", exclude: ["corpus"], swiftSettings: settings),

        // Hostile peers by the thousand, beside which an honest one must get its work done: Scripts/hostile.
        .executableTarget(
            name: "liaison-hostile",
            dependencies: ["CLinux", "Crypto", "Replica", "Records", "Store", "Sync", "Channel", "Node"],
            path: "Tests/Hostile", swiftSettings: settings),

        // Measures; no test.
        .executableTarget(
            name: "liaison-bench", dependencies: ["Node", "Records", "Store", "Replica", "Crypto", "Bytes"],
            path: "Benchmarks",
            swiftSettings: settings),

        tests("BytesTests", ["Bytes"]),
        tests("CryptoTests", ["Crypto", "Bytes"]),
        tests("ReplicaTests", ["Replica", "Crypto", "Bytes"]),
        tests("RecordsTests", ["Records", "Replica", "Crypto", "Bytes"]),
        tests("QueriesTests", ["Queries", "Records", "Replica", "Crypto", "Bytes"]),
        tests(
            "DemoTests", ["Demo", "Node", "Simulator", "Store", "Records", "Replica", "Crypto", "Bytes"]),
        tests("SyncTests", ["Sync", "Replica", "Store", "Crypto", "Bytes"]),
        tests("ChannelTests", ["Channel", "Crypto", "Bytes"], exclude: ["Interop"]),
        tests("StoreTests", ["Simulator", "Store", "Replica", "Crypto", "Bytes"]),
        tests("DiskTests", ["MemoryDisk", "Node", "Sync", "Store", "Replica", "Crypto", "Bytes"]),
        tests("ReactorTests", ["Reactor", "Bytes"]),
        tests(
            "NodeTests",
            [
                "Simulator", "Node", "Store", "Sync", "Queries", "Records", "Replica", "Channel", "Reactor", "Crypto",
                "Bytes",
            ]),
        tests("CommandTests", ["Commands", "Node", "Records", "Replica", "Crypto", "Bytes"], exclude: ["transcripts"]),
        tests("EndToEndTests", ["Bytes"]),
        tests("VectorTests", ["Store", "Replica", "Crypto", "Bytes"]),
        tests("FuzzingTests", ["Fuzzing"]),
        tests("TidyTests", []),
    ]
)

// libFuzzer brings a main function of its own, so that the rest of the package would not link with it.
if Context.environment["LIAISON_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "liaison-fuzz", dependencies: ["Fuzzing"], path: "Tests/Fuzzer",
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]))
}
