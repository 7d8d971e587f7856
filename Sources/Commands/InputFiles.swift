import Foundation
import Records

/// Brings what a person typed and the files that they named into the texts of a request.
struct InputFiles {
    /// Why a file could not be used.
    struct InputError: Error, Hashable {
        let message: String
        let isValue: Bool
    }

    /// The largest file that `field=@FILE` reads, bytes.
    static let maximumFieldByteCount = 64 * 1024

    /// The text in Unicode normalisation form C.
    static func normalised(_ text: String) -> String { text.precomposedStringWithCanonicalMapping }

    /// `field=value` with the value that is meant: `@FILE` is the file's content, `@@x` is `@x`.
    static func assignment(_ text: String) throws(InputError) -> String {
        guard let equals = text.firstIndex(of: "=") else { return normalised(text) }
        let value = text[text.index(after: equals)...]
        let path = String(text[...equals])
        if value.hasPrefix("@@") { return normalised(path + value.dropFirst()) }
        guard value.hasPrefix("@") else { return normalised(text) }
        let content = try read(String(value.dropFirst()), maximumByteCount: maximumFieldByteCount)
        // The line break that editors put at the end of every file is not part of the value.
        return path + (content.hasSuffix("\n") ? String(content.dropLast()) : content)
    }

    /// The content of a UTF-8 file without byte order mark, line breaks as line feeds, in normalisation form C.
    static func read(_ path: String, maximumByteCount: Int) throws(InputError) -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw InputError(message: "\(path) cannot be read: \(reason(path))", isValue: false)
        }
        defer { try? file.close() }
        var bytes: [UInt8] = []
        do {
            while bytes.count <= maximumByteCount, let chunk = try file.read(upToCount: 1 << 20), !chunk.isEmpty {
                bytes += chunk
            }
        } catch {
            throw InputError(message: "\(path) cannot be read: \(reason(path))", isValue: false)
        }
        guard bytes.count <= maximumByteCount else {
            throw InputError(message: "\(path) is longer than \(maximumByteCount) bytes", isValue: true)
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let line = CSVReader.firstLineThatIsNotText(bytes) ?? 1
            throw InputError(message: "\(path) is not UTF-8 on line \(line)", isValue: true)
        }
        return normalised(text.replacing("\r\n", with: "\n"))
    }

    private static func reason(_ path: String) -> String {
        var isFolder: ObjCBool = false
        // SAFETY: the flag outlives the call that is handed its address.
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            return "there is no such file"
        }
        return isFolder.boolValue ? "it is a folder" : "the system refuses"
    }
}
