import Glibc

@testable import Store

/// A folder of its own for one test, removed with it.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/liaison-store-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { preconditionFailure("no temporary folder") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { shell("rm -rf '\(path)'") }

    /// The path of a file or folder in it.
    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }
}

/// Runs a command of the system.
@discardableResult
func shell(_ command: String) -> Int32 { unsafe system(command) }

/// The nine bits of a file's mode.
func mode(of path: String) -> Int {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return -1 }
    return Int(status.st_mode & 0o777)
}

/// The bytes of a small file.
func contents(of path: String) -> [UInt8] {
    let file = unsafe Glibc.open(path, O_RDONLY)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = unsafe read(file, &buffer, buffer.count)
        if count <= 0 { return bytes }
        bytes.append(contentsOf: buffer.prefix(count))
    }
}

/// Writes a file anew, with mode 0600.
func write(_ bytes: [UInt8], to path: String) {
    let file = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    precondition(file >= 0, "cannot write \(path)")
    defer { close(file) }
    let count = unsafe write(file, bytes, bytes.count)
    precondition(count == bytes.count, "cannot write \(path)")
}

extension StoreSchema {
    /// A table that is enough for the tests.
    static let sample = StoreSchema(
        version: 3, oldest: 2, creation: "CREATE TABLE item (id INTEGER PRIMARY KEY, content BLOB, words TEXT)")
}

extension Connection {
    /// Adds an item and gives its number back.
    @discardableResult
    func add(_ content: [UInt8], words: String? = nil) throws(StoreError) -> Int64 {
        try query("INSERT INTO item (content, words) VALUES (?1, ?2)").bind(1, content).bind(2, words).run()
        return lastInsertedRow
    }

    /// How many items there are.
    func itemCount() throws(StoreError) -> Int {
        try query("SELECT count(*) FROM item").first { row in row.int(0) } ?? -1
    }
}
