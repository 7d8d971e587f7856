/// What the values of a field are.
package indirect enum ValueType: Hashable, Sendable {
    /// Text of at most this many Unicode scalars.
    case text(TextForm, maximumLength: Int)
    /// One of these words; numbers of codes stand nowhere, the word itself is stored.
    case code([Code])
    case integer(ClosedRange<Int64>)
    case boolean
    /// A decimal number within a range of whole numbers, exactly as many digits as were typed.
    case decimal(ClosedRange<Int64>)
    case date
    case instant
    /// A record of one of these kinds; of any kind when there are none.
    case id(kinds: [Int])
    /// Named parts that change together.
    case group(Group)
    /// A list that changes as one value.
    case list(ValueType, maximumCount: Int)

    /// The parts of a group value, an array in this order; parts are only ever added at the end.
    package struct Group: Hashable, Sendable {
        package let parts: [Part]
        /// The names of two parts of which the first may not be greater than the second.
        package let ascending: [String]

        package init(_ parts: [Part], ascending: [String] = []) {
            self.parts = parts
            self.ascending = ascending
        }
    }

    /// One part of a group.
    package struct Part: Hashable, Sendable {
        package let name: String
        package let label: Label
        package let type: ValueType
        package let isRequired: Bool

        package init(_ name: String, _ label: Label, _ type: ValueType, isRequired: Bool = false) {
            self.name = name
            self.label = label
            self.type = type
            self.isRequired = isRequired
        }
    }

    /// The greatest number of Unicode scalars in a text on one line, where nothing less is said.
    package static let lineLength = 300
    /// The greatest number of Unicode scalars in a long text: three or four bytes each still fit one value.
    package static let textLength = 4_000

    /// One line of text.
    package static let line = ValueType.text(.line, maximumLength: lineLength)
    /// Text of several lines.
    package static let lines = ValueType.text(.lines, maximumLength: textLength)

    /// One line in a special form.
    package static func form(_ form: TextForm) -> ValueType { .text(form, maximumLength: lineLength) }
}

/// The forms of text that are checked where it is entered.
package enum TextForm: Hashable, Sendable {
    /// No line breaks.
    case line
    /// Line feeds allowed.
    case lines
    /// The word of a concept: a code or URI without spaces.
    case concept
    /// ISO 3166-1 alpha-2.
    case country
    /// ISO 3166-1 alpha-2 or a UN M49 number of three digits.
    case region
    /// BCP 47, well-formed.
    case language
    /// The shape of RFC 5321.
    case email
    /// Digits with an optional + and separators.
    case phone
    /// http or https.
    case web
    /// 16 digits with a check digit (ISO 7064 mod 11-2).
    case orcid
    /// Nine characters with two check digits (ISO 7064 mod 97-10).
    case ror
    /// ISO 4217.
    case currency
    /// The shape of an IANA time zone name.
    case zone
    /// Small letters, digits and hyphens.
    case slug
    /// HOST:PORT.
    case address
}
