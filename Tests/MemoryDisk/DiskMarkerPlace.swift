import Bytes
import Crypto
import Store

/// The marker of a store's life on a disk in memory: the file `life`.
struct DiskMarkerPlace: MarkerPlace {
    let owner: MemoryDisk
    var path: String { "life" }

    func open() throws(StoreError) -> (any MarkerFile)? {
        try owner.inode(of: path).map { DiskMarkerFile(owner: owner, path: path, inode: $0) }
    }

    func create() throws(StoreError) -> any MarkerFile {
        try owner.replace(path)
        guard let file = try open() else { throw .notFound(path: path) }
        return file
    }
}

private struct DiskMarkerFile: MarkerFile {
    let owner: MemoryDisk
    let path: String
    let inode: Int

    func read(_ count: Int, at offset: Int) throws(StoreError) -> [UInt8] {
        try owner.read(count, of: path, at: offset)
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(StoreError) { try owner.write(bytes, to: path, at: offset) }

    func binding() throws(StoreError) -> Digest {
        var place: [UInt8] = []
        place.append(bigEndian: owner.identity)
        place.append(bigEndian: UInt64(inode))
        return Hash.blake2b(.stored, place)
    }
}
