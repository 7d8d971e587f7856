import Glibc
import Testing

@testable import Store

@Suite struct ExportFolderTests {
    private let folder = TemporaryFolder()

    private func add(_ files: (String, [UInt8])..., to name: String = "out") throws(StoreError) {
        try ExportFolder(folder(name)).add(files.map { (name: $0.0, bytes: $0.1) })
    }

    @Test func filesAreAddedAndTheSameOnesStay() throws {
        try add(("a", [1, 2]), ("b", []))
        try add(("a", [1, 2]), ("c", [3]))
        #expect(contents(of: folder("out/a")) == [1, 2])
        #expect(contents(of: folder("out/c")) == [3])
    }

    @Test func nothingIsWrittenWhereSomethingElseIs() throws {
        try add(("b", [1]))
        for other in [[], [2], [1, 1]] as [[UInt8]] {
            #expect(throws: StoreError.alreadyExists(path: folder("out/b"))) { try add(("a", [9]), ("b", other)) }
        }
        #expect(mode(of: folder("out/a")) == -1)
        #expect(contents(of: folder("out/b")) == [1])
    }

    @Test func `X2: links, folders and pipes are not written through`() throws {
        try add(("target", [1]), to: "elsewhere")
        try add(("z", [1]))
        shell("ln -s '\(folder("elsewhere/target"))' '\(folder("out/link"))'")
        shell("mkdir '\(folder("out/folder"))'; mkfifo '\(folder("out/pipe"))'")
        shell("ln -s '\(folder("elsewhere/absent"))' '\(folder("out/dangling"))'")
        for name in ["link", "dangling"] {
            #expect(throws: StoreError.notPlain(path: folder("out/\(name)"))) { try add((name, [1])) }
        }
        for name in ["folder", "pipe"] {
            #expect(throws: StoreError.alreadyExists(path: folder("out/\(name)"))) { try add((name, [1])) }
        }
        #expect(contents(of: folder("elsewhere/target")) == [1] && mode(of: folder("elsewhere/absent")) == -1)
        #expect(throws: StoreError.notFound(path: folder("no/where"))) { try add(("a", []), to: "no/where") }
    }
}
