import Testing

@Suite struct LengthTests {
    @Test func filesAreShort() {
        for (files, limit) in [(Tree.swiftSources, 500), (Tree.swiftTests, 800)] {
            #expect(files.count > 10)
            for file in files {
                let count = file.lines.count - 1
                #expect(count <= limit, "\(file.path) has \(count) lines of at most \(limit)")
            }
        }
    }

    @Test func linesAreShort() {
        let files = Tree.swiftSources + Tree.swiftTests + Tree.files(below: "Sources", suffix: ".h")
        var broken: [String] = []
        for file in files + Tree.files(below: "Sources", suffix: ".c") {
            for (index, line) in file.lines.enumerated() where line.count > 120 { broken.append(place(file, index)) }
        }
        #expect(broken.isEmpty, "\(broken.joined(separator: "\n"))")
    }

    /// The formatter puts the closing brace below the first letter of the declaration: that is its end.
    @Test func functionsAreShort() {
        var functionCount = 0
        var broken: [String] = []
        for file in Tree.swiftSources {
            for (start, line) in file.lines.enumerated() where line.contains(#/^ *(?:[\w@()]+ )*(?:func |init[?(<])/#) {
                let closing = String(line.prefix { $0 == " " }) + "}"
                guard let end = bodyEnd(of: file, from: start, closing: closing) else { continue }
                functionCount += 1
                if end - start + 1 > 70 { broken.append("\(place(file, start)): \(end - start + 1) lines") }
            }
        }
        #expect(functionCount > 100)
        #expect(broken.isEmpty, "\(broken.joined(separator: "\n"))")
    }

    /// The line of the closing brace; nil for a body on one line and for a requirement of a protocol.
    private func bodyEnd(of file: Tree.File, from start: Int, closing: String) -> Int? {
        let indentation = closing.count - 1
        for index in start..<file.lines.count {
            let line = file.lines[index]
            if line == closing { return index }
            let isOver = index > start && !line.isEmpty && line.prefix { $0 == " " }.count <= indentation
            if isOver && !line.contains(#/^ *[)}\]]/#) && !line.contains(#/^ *where /#) { return nil }
        }
        return nil
    }
}
