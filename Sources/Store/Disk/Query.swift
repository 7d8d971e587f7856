package import Crypto
internal import CSQLite

/// A prepared statement with its current row; lives as long as its connection, one use at a time.
///
/// Bind, then `run()` for a change, `step()` row by row, `first` or `all`. Parameters count from 1, columns from 0. A
/// statement resets itself after its last row; failures of binding are kept and thrown by the next step.
@safe package final class Query {
    private unowned let connection: Connection
    /// Nil once the connection is closed.
    private var handle: OpaquePointer?
    private var bindResult = SQLITE_OK
    private var isRunning = false

    init(_ connection: Connection, _ handle: OpaquePointer) {
        self.connection = connection
        unsafe self.handle = handle
    }

    // MARK: Parameters

    /// Binds an integer.
    @discardableResult
    package func bind(_ index: Int, _ value: Int64) -> Query {
        begin()
        note(unsafe sqlite3_bind_int64(handle, Int32(index), value))
        return self
    }

    /// Binds an integer.
    @discardableResult
    package func bind(_ index: Int, _ value: Int) -> Query { bind(index, Int64(value)) }

    /// Binds an integer, or null for nil.
    @discardableResult
    package func bind(_ index: Int, _ value: Int?) -> Query {
        if let value { bind(index, Int64(value)) } else { bindNull(index) }
    }

    /// Binds a copy of bytes.
    @discardableResult
    package func bind(_ index: Int, _ value: [UInt8]) -> Query {
        begin()
        unsafe value.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else {
                note(unsafe sqlite3_bind_zeroblob(handle, Int32(index), 0))
                return
            }
            note(
                unsafe sqlite3_bind_blob64(
                    handle, Int32(index), base, UInt64(buffer.count), liaison_sqlite_transient()))
        }
        return self
    }

    /// Binds a copy of bytes, or null for nil.
    @discardableResult
    package func bind(_ index: Int, _ value: [UInt8]?) -> Query {
        if let value { bind(index, value) } else { bindNull(index) }
    }

    /// Binds the bytes of an id, key or hash.
    @discardableResult
    package func bind(_ index: Int, _ value: some FixedBytes) -> Query {
        begin()
        unsafe value.withBytes { bytes in
            let count = UInt64(MemoryLayout.size(ofValue: value))
            note(unsafe sqlite3_bind_blob64(handle, Int32(index), bytes, count, liaison_sqlite_transient()))
        }
        return self
    }

    /// Binds the bytes of an id, key or hash, or null for nil.
    @discardableResult
    package func bind<Value: FixedBytes>(_ index: Int, _ value: Value?) -> Query {
        if let value { bind(index, value) } else { bindNull(index) }
    }

    /// Binds a copy of a text.
    @discardableResult
    package func bind(_ index: Int, _ value: String) -> Query {
        begin()
        var value = value
        value.withUTF8 { utf8 in
            // An empty text may have no address, which SQLite would take for null.
            guard let base = utf8.baseAddress else {
                note(unsafe sqlite3_bind_text(handle, Int32(index), "", 0, liaison_sqlite_transient()))
                return
            }
            unsafe base.withMemoryRebound(to: CChar.self, capacity: utf8.count) { characters in
                note(
                    unsafe sqlite3_bind_text64(
                        handle, Int32(index), characters, UInt64(utf8.count), liaison_sqlite_transient(),
                        UInt8(SQLITE_UTF8)))
            }
        }
        return self
    }

    /// Binds a copy of a text, or null for nil.
    @discardableResult
    package func bind(_ index: Int, _ value: String?) -> Query {
        if let value { bind(index, value) } else { bindNull(index) }
    }

    /// Binds null.
    @discardableResult
    package func bindNull(_ index: Int) -> Query {
        begin()
        note(unsafe sqlite3_bind_null(handle, Int32(index)))
        return self
    }

    private func begin() {
        if isRunning { reset() }
    }

    private func note(_ result: Int32) {
        if result != SQLITE_OK && bindResult == SQLITE_OK { bindResult = result }
    }

    // MARK: Running

    /// Goes to the next row; at the end resets the statement and returns false.
    package func step() throws(StoreError) -> Bool {
        guard let handle = unsafe handle else { throw .closed }
        guard bindResult == SQLITE_OK else {
            let result = bindResult
            reset()
            precondition(result != SQLITE_RANGE && result != SQLITE_MISUSE, "a parameter that the statement lacks")
            throw connection.failure(result, "binding a parameter")
        }
        isRunning = true
        let result = unsafe sqlite3_step(handle)
        if result == SQLITE_ROW { return true }
        guard result == SQLITE_DONE else {
            // The message belongs to the failed step, so it is read before the reset.
            let sql = unsafe sqlite3_sql(handle).map { unsafe String(cString: $0) } ?? ""
            let failure = connection.failure(result, sql)
            reset()
            throw failure
        }
        reset()
        return false
    }

    /// Runs to the end and resets; rows, if there are any, are passed over.
    package func run() throws(StoreError) {
        while try step() {}
    }

    /// Runs to the first row, lets the closure read it, and resets; nil if there is no row.
    package func first<R>(_ read: (Query) throws(StoreError) -> R) throws(StoreError) -> R? {
        defer { reset() }
        return try step() ? try read(self) : nil
    }

    /// Reads every row, in order, and resets.
    package func all<R>(_ read: (Query) throws(StoreError) -> R) throws(StoreError) -> [R] {
        defer { reset() }
        var rows: [R] = []
        while try step() { rows.append(try read(self)) }
        return rows
    }

    /// Leaves the current row and forgets all parameters; needed only where rows are left unread.
    package func reset() {
        isRunning = false
        bindResult = SQLITE_OK
        unsafe sqlite3_reset(handle)
        unsafe sqlite3_clear_bindings(handle)
    }

    // MARK: Columns of the current row

    /// An integer; 0 for null.
    package func int64(_ column: Int) -> Int64 {
        requireRow()
        return unsafe sqlite3_column_int64(handle, Int32(column))
    }

    /// An integer; 0 for null.
    package func int(_ column: Int) -> Int { Int(int64(column)) }

    /// Whether the column is null.
    package func isNull(_ column: Int) -> Bool {
        requireRow()
        return unsafe sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
    }

    /// A copy of a column's bytes; empty for null.
    package func bytes(_ column: Int) -> [UInt8] {
        unsafe withBytes(column) { unsafe [UInt8]($0) }
    }

    /// A text; empty for null.
    ///
    /// Bytes that are not UTF-8 come back repaired.
    package func text(_ column: Int) -> String {
        requireRow()
        // The text is asked for before its length, as SQLite wants it.
        guard let characters = unsafe sqlite3_column_text(handle, Int32(column)) else { return "" }
        let count = unsafe Int(sqlite3_column_bytes(handle, Int32(column)))
        return unsafe String(decoding: UnsafeBufferPointer(start: characters, count: count), as: UTF8.self)
    }

    /// An id, key or hash.
    /// - Throws: `corrupt` if the column has another length.
    package func fixed<Value: FixedBytes>(_ column: Int, as type: Value.Type = Value.self) throws(StoreError) -> Value {
        guard let value = unsafe withBytes(column, { unsafe Self.value($0, as: type) }) else {
            throw .corrupt(
                path: connection.path, code: Int(SQLITE_CORRUPT),
                message: "column \(column) does not hold \(Value.byteCount) bytes")
        }
        return value
    }

    /// An id, key or hash, or nil for null.
    /// - Throws: `corrupt` if the column has another length.
    package func optionalFixed<Value: FixedBytes>(
        _ column: Int, as type: Value.Type = Value.self
    ) throws(StoreError) -> Value? {
        isNull(column) ? nil : try fixed(column, as: type)
    }

    /// Lends a column's bytes until the closure returns; none for null.
    package func withBytes<R, E>(
        _ column: Int, _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        requireRow()
        let base = unsafe sqlite3_column_blob(handle, Int32(column))
        let count = unsafe base == nil ? 0 : Int(sqlite3_column_bytes(handle, Int32(column)))
        return try unsafe body(UnsafeRawBufferPointer(start: base, count: count))
    }

    private static func value<Value: FixedBytes>(_ bytes: UnsafeRawBufferPointer, as type: Value.Type) -> Value? {
        guard bytes.count == Value.byteCount, let base = bytes.baseAddress else { return nil }
        var value = Value()
        unsafe value.fill { target in
            unsafe UnsafeMutableRawPointer(target).copyMemory(from: base, byteCount: Value.byteCount)
        }
        return value
    }

    private func requireRow() {
        precondition(isRunning, "a column was read without a row")
    }

    /// Frees the statement; called by the connection when it closes.
    func finalize() {
        unsafe sqlite3_finalize(handle)
        unsafe handle = nil
        isRunning = false
    }
}
