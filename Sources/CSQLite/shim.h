#include <errno.h>
#include <linux/stat.h>
#include <sqlite3.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// SQLITE_TRANSIENT is a cast that Swift cannot import.
static inline sqlite3_destructor_type liaison_sqlite_transient(void) { return SQLITE_TRANSIENT; }

// Swift cannot call functions with a variable number of arguments: a file that somebody else wrote
// can neither run functions from its schema nor load code, and statements cannot break the file itself. Plans do not
// depend on what is bound: else each statement that a partial index could serve is prepared again for each new value.
static inline int liaison_sqlite_defend(sqlite3 *database) {
    int result = sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    if (result == SQLITE_OK)
        result = sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
    if (result == SQLITE_OK)
        result = sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, (int *)0);
    if (result == SQLITE_OK)
        result = sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_QPSG, 1, (int *)0);
    return result;
}

// Writes the log of a database over itself and syncs it. After an fsync that failed the system goes on showing what the
// disk does not have, and never writes it again: what was read as committed must be durable before
// anything stands on it.
static inline int liaison_sqlite_settle_log(sqlite3 *database) {
    sqlite3_file *log = 0;
    int result = sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (result != SQLITE_OK || log == 0 || log->pMethods == 0) return result;
    sqlite3_int64 size = 0;
    result = log->pMethods->xFileSize(log, &size);
    char bytes[16384];
    for (sqlite3_int64 offset = 0; result == SQLITE_OK && offset < size; offset += (sqlite3_int64)sizeof(bytes)) {
        int count = size - offset < (sqlite3_int64)sizeof(bytes) ? (int)(size - offset) : (int)sizeof(bytes);
        result = log->pMethods->xRead(log, bytes, count, offset);
        if (result == SQLITE_OK) result = log->pMethods->xWrite(log, bytes, count, offset);
    }
    if (result == SQLITE_OK && size > 0) result = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
    return result;
}

// What tells one file from a copy of it; the time of birth is zero where the file system keeps none.
struct liaison_birth {
    uint64_t inode;
    int64_t seconds;
    uint32_t nanoseconds;
};

// Swift's Glibc module has no statx. Returns 0, or the error number.
static inline int liaison_file_birth(int descriptor, struct liaison_birth *birth) {
    struct statx status = {0};
    const int emptyPath = 0x1000;
    if (syscall(SYS_statx, descriptor, "", emptyPath, STATX_INO | STATX_BTIME, &status) != 0)
        return errno;
    birth->inode = status.stx_ino;
    birth->seconds = (status.stx_mask & STATX_BTIME) ? status.stx_btime.tv_sec : 0;
    birth->nanoseconds = (status.stx_mask & STATX_BTIME) ? status.stx_btime.tv_nsec : 0;
    return 0;
}
