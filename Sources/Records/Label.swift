/// What people call a kind, a field or a code.
///
/// English for now; the other five languages of the United Nations get their own properties here, so that a missing
/// translation is a compile error and not an empty label.
package struct Label: Hashable, Sendable, ExpressibleByStringLiteral {
    package let english: String

    package init(_ english: String) { self.english = english }

    package init(stringLiteral value: StringLiteralType) { self.init(value) }
}
