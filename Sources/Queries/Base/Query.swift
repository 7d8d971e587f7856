package import Bytes
package import Records
package import Replica

/// What somebody asks: the words and options after the name of a query.
package struct Question {
    package let arguments: [String]
    private let options: [(name: String, value: String?)]

    package init(arguments: [String], options: [(name: String, value: String?)]) {
        self.arguments = arguments
        self.options = options
    }

    /// The value of an option that may stand once.
    package func value(of name: String) -> String? { options.first { $0.name == name }?.value }

    /// The values of an option that may be repeated.
    package func values(of name: String) -> [String] { options.filter { $0.name == name }.compactMap(\.value) }

    /// Whether an option or flag stands there.
    package func has(_ name: String) -> Bool { options.contains { $0.name == name } }
}

/// The answer to a question.
package struct Answer: Hashable, Sendable {
    /// A file that belongs to an answer: for the folder that the person names, or to be printed in place of the data.
    package struct File: Hashable, Sendable {
        /// One part of a path; nil for what is printed.
        package let name: String?
        package let bytes: [UInt8]

        package init(_ name: String?, _ bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// The data: an object whose members are single values and lists of objects.
    package var document: Document
    /// What else a person should know; never data.
    package var notes: [String]
    package var files: [File]

    package init(_ document: Document, notes: [String] = [], files: [File] = []) {
        self.document = document
        self.notes = notes
        self.files = files
    }
}

/// One of the questions that people ask of all records: a pure function of what a replica holds and of a day.
///
/// Equal records, day, language and arguments give equal answers on every node: nothing here reads a clock, and
/// nothing depends on the order in which records came.
package protocol Query: Sendable {
    /// The words of the command line: `deadlines`, `contact quiet`.
    static var verb: String { get }

    /// The answer, from the records and the day of `base` alone.
    static func answer(_ question: Question, _ base: RecordBase<some RecordStore>) throws(QueryError) -> Answer
}

/// All queries.
package enum Queries {
    /// In alphabetical order of their verbs.
    package static var all: [any Query.Type] {
        [
            AdvisorSuggest.self, Changes.self, ContactFind.self, ContactQuiet.self, ContactTimeline.self, Coverage.self,
            Deadlines.self, Duplicates.self, Followups.self, FundMatch.self, Inbox.self, IntroductionReview.self,
            MeetingPack.self, PubliciseBy.self, PublicisePending.self, Violations.self,
        ]
    }

    /// The query with this name.
    package static func named(_ verb: String) -> (any Query.Type)? { all.first { $0.verb == verb } }
}

/// Why a query was not answered.
package enum QueryError: Error, Hashable, Sendable {
    case store(RecordStoreError)
    /// What was asked for names no record, or several.
    case record(RecordError)
    /// An option or argument has a value that means nothing here.
    case invalid(what: String, remedy: String)
}
