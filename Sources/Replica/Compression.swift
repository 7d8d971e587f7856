import Bytes
import CZstd

/// One zstd frame (RFC 8878) with a declared content size.
enum Compression {
    /// Compresses at level 3, which is where ratio per microsecond peaks for segments of a few kilobytes.
    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        return unsafe [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            let written = unsafe bytes.withUnsafeBytes {
                unsafe ZSTD_compress(buffer.baseAddress, bound, $0.baseAddress, $0.count, 3)
            }
            // Fails only for want of memory or a short buffer, which is our own fault.
            precondition(ZSTD_isError(written) == 0, "zstd cannot compress \(bytes.count) bytes")
            count = written
        }
    }

    /// Inflates exactly one frame, refusing an unknown or too large content size before anything is allocated.
    static func decompress(_ bytes: [UInt8], upTo limit: Int) throws(SegmentError) -> [UInt8] {
        let declared = unsafe bytes.withUnsafeBytes { unsafe ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        // ZSTD_CONTENTSIZE_UNKNOWN and _ERROR are the two greatest numbers.
        guard declared <= UInt64.max - 2 else { throw .malformed(.invalid(what: "zstd frame")) }
        guard declared <= UInt64(limit) else { throw .tooLarge }
        let size = Int(declared)
        let frame = unsafe bytes.withUnsafeBytes { unsafe ZSTD_findFrameCompressedSize($0.baseAddress, $0.count) }
        guard frame == bytes.count else { throw .malformed(.invalid(what: "zstd frame")) }
        var failed = false
        let result = unsafe [UInt8](unsafeUninitializedCapacity: max(size, 1)) { buffer, count in
            let written = unsafe bytes.withUnsafeBytes {
                unsafe ZSTD_decompress(buffer.baseAddress, size, $0.baseAddress, $0.count)
            }
            failed = ZSTD_isError(written) != 0 || written != size
            count = failed ? 0 : size
        }
        guard !failed else { throw .malformed(.invalid(what: "zstd frame")) }
        return result
    }
}
