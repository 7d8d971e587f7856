import Testing

/// The formatter's own rule ignores `package`, so the lines are read here.
@Suite struct CommentTests {
    @Test func everyDeclarationForOtherTargetsHasADocComment() {
        var declarationCount = 0
        var broken: [String] = []
        for file in Tree.swiftSources {
            var block = Block.other
            for (index, line) in file.lines.enumerated() {
                if !line.isEmpty, !line.hasPrefix(" "), !line.hasPrefix(")") { block = Block(opening: line) }
                guard isDeclaration(line, in: block) else { continue }
                declarationCount += 1
                if !hasDocComment(file, above: index) { broken.append(place(file, index)) }
            }
        }
        #expect(declarationCount > 300)
        #expect(broken.isEmpty, "\(broken.joined(separator: "\n"))")
    }

    /// What the outermost declaration around a line is.
    private enum Block {
        /// Its requirements are as visible as itself.
        case openProtocol
        /// Its members are described where the protocol is.
        case conformance
        case other

        init(opening line: String) {
            if line.contains(#/^(?:@\w+ )*(?:package|public) protocol /#) {
                self = .openProtocol
            } else if line.contains(#/^(?:extension [\w.]+|package enum \w+): /#) {
                self = .conformance
            } else {
                self = .other
            }
        }
    }

    /// Names, cases and initializers of a type may speak for themselves; what a type is and what a function does not.
    private func isDeclaration(_ line: String, in block: Block) -> Bool {
        if block == .openProtocol { return line.contains(#/^ {4}(?:mutating )?(?:static )?(?:func|var|init)\b/#) }
        // Regular expressions take their time with a sanitizer, and most lines have neither word.
        guard line.contains("package") || line.contains("public") else { return false }
        let declaration =
            #/
            ^\s*(?:@\w+(?:\([^)]*\))?\s)*(?:\w+\s)*(?:package|public)(?:\s\w+(?:\(set\))?)*
            \s(?:func|struct|enum|class|protocol|actor|var|static\slet|typealias|subscript)\b
            /#
        guard block != .conformance, line.contains(declaration) else { return false }
        // A stored property with a plain name; and what the standard library says itself.
        let plain = #/^\s*(?:package|public)(?:\s\w+\(set\))?\svar\s\w+(?::\s[\w.<>\[\]:?\s]+)?(?:\s=\s.*[^{])?$/#
        let known = #/(?:func\s(?:==|<|hash\(into)|var\s(?:description|hashValue)\b)/#
        return !line.contains(plain) && !line.contains(known)
    }

    private func hasDocComment(_ file: Tree.File, above index: Int) -> Bool {
        var above = index - 1
        // Attributes and a comment on safety may stand between.
        while above >= 0, file.lines[above].contains(#/^\s*(?:@|[/]{2}(?![/]))/#) { above -= 1 }
        return above >= 0 && file.lines[above].contains(#/^\s*[/]{3}/#)
    }
}
