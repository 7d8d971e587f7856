import Records
import Replica
import Testing

@Suite struct SchemaTests {
    static let kinds = Schema.standard.kinds

    @Test func kindsHaveTheirNumbersForEver() {
        #expect(
            SchemaTests.kinds.map { "\($0.number) \($0.name)" } == [
                "32 organisation", "33 device", "34 contact", "35 contribution", "36 opportunity",
            ])
    }

    @Test(arguments: kinds) func numbersAndNamesOfFieldsAreUnique(_ kind: Kind) {
        #expect(Set(kind.fields.map(\.number)).count == kind.fields.count)
        #expect(Set(kind.fields.map(\.name)).count == kind.fields.count)
        #expect(kind.fields.map(\.number) == kind.fields.map(\.number).sorted())
        let own = kind.fields.dropFirst(Field.common.count)
        #expect(own.allSatisfy { $0.number >= ReservedField.first })
        #expect(Field.common.allSatisfy { $0.number > ReservedField.because && $0.number < ReservedField.first })
    }

    @Test(arguments: kinds) func namesCanBeTypedAndSplit(_ kind: Kind) {
        for name in kind.fields.map(\.name) + [kind.name] {
            #expect(name.utf8.allSatisfy { (97...122).contains($0) || $0 == UInt8(ascii: "_") }, "\(name)")
        }
    }

    @Test(arguments: kinds) func titlesAreTextThatIsNeededAtNew(_ kind: Kind) throws {
        let field = try #require(kind.field(kind.titleField))
        #expect(field.need == .atNew)
        guard case .text = field.type else {
            Issue.record("the title of \(kind.name) is no text")
            return
        }
    }

    @Test func newAsksForLittle() {
        let needed = SchemaTests.kinds.map { kind in kind.fields.filter { $0.need == .atNew }.map(\.name) }
        #expect(needed == [["name"], ["alias"], ["display"], ["type", "title"], ["title"]])
    }

    @Test(arguments: kinds) func workflowsHoldTogether(_ kind: Kind) {
        for field in kind.fields {
            guard case .workflow(let workflow) = field.merge else { continue }
            let codes = Set(workflow.codes)
            #expect(codes.count == workflow.states.count)
            #expect(Set(workflow.states.map(\.number)).count == workflow.states.count)
            #expect(Set(workflow.states.map(\.caution)).count == workflow.states.count)
            #expect(!workflow.starts.isEmpty && codes.isSuperset(of: workflow.starts))
            #expect(codes == Set(workflow.steps.keys))
            for (from, next) in workflow.steps {
                #expect(codes.isSuperset(of: next) && !next.contains(from), "\(field.name) from \(from)")
            }
            #expect(field.type == .code(workflow.codeList))
        }
    }

    @Test(arguments: kinds) func groupsAndReferencesHoldTogether(_ kind: Kind) {
        for field in kind.fields { check(field.type, "\(kind.name).\(field.name)") }
    }

    private func check(_ type: ValueType, _ name: String) {
        switch type {
        case .group(let group):
            #expect(Set(group.parts.map(\.name)).count == group.parts.count, "\(name)")
            #expect(group.ascending.isEmpty || group.ascending.count == 2, "\(name)")
            #expect(Set(group.parts.map(\.name)).isSuperset(of: group.ascending), "\(name)")
            for part in group.parts { check(part.type, "\(name).\(part.name)") }
        case .list(let item, let maximumCount):
            #expect(maximumCount > 0)
            check(item, name)
        case .id(let kinds): #expect(kinds.allSatisfy { Schema.standard.kind($0) != nil }, "\(name)")
        case .code(let codes): #expect(Set(codes.map(\.word)).count == codes.count && !codes.isEmpty, "\(name)")
        case .text(_, let length):
            // Four bytes for each scalar and a head must fit one value.
            #expect(length * 4 + 5 <= Value.maximumByteCount, "\(name)")
        default: break
        }
    }

    @Test func mostCautiousIsWithdrawnAndLeastIsPublished() {
        let ranked = Workflow.publication.states.sorted { $0.caution > $1.caution }.map(\.code)
        #expect(ranked == ["withdrawn", "changes-requested", "submitted", "draft", "approved", "published"])
    }

    @Test func anotherKindIsAnotherRow() throws {
        let more = Schema.standard.adding(
            Kind(
                900, "specimen", Label(draft: "Specimen"), titleField: 16,
                fields: [Field(16, "a", Label(draft: "A"), .line, .set)]))
        #expect(try more.kind(named: "specimen").number == 900)
        #expect(more.name(ofKind: 999) == "#999")
        #expect(throws: RecordError.unknownKind("specimen", known: SchemaTests.kinds.map(\.name))) {
            try Schema.standard.kind(named: "specimen")
        }
    }
}
