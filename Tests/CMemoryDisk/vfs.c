#include "disk.h"

#include <errno.h>
#include <string.h>

// The same result codes as SQLite's own file system of Unix gives, so that the same code above is tried.

static int is_void(const struct handle *handle) { return handle->generation != handle->disk->generation; }

// An outcome for a call that does nothing when it fails.
static enum outcome begin(struct handle *handle, enum call call) {
    if (is_void(handle)) {
        handle->disk->last_errno = EIO;
        return CALL_FAILS;
    }
    return begin_call(handle->disk, call);
}

static int unlock_file(sqlite3_file *base, int level) {
    struct handle *handle = (struct handle *)base;
    if (is_void(handle) || level >= handle->level) return SQLITE_OK;
    if (handle->level >= SQLITE_LOCK_RESERVED && handle->file->reserved == handle) handle->file->reserved = NULL;
    if (level == SQLITE_LOCK_NONE) handle->file->shared--;
    handle->level = level;
    return SQLITE_OK;
}

static int close_file(sqlite3_file *base) {
    struct handle *handle = (struct handle *)base;
    unlock_file(base, SQLITE_LOCK_NONE);
    if (handle->deletes && !is_void(handle)) remove_name(handle->disk, handle->name);
    release_file(handle->file);
    release_disk(handle->disk);
    return SQLITE_OK;
}

static int read_bytes(sqlite3_file *base, void *bytes, int count, sqlite3_int64 offset) {
    struct handle *handle = (struct handle *)base;
    if (begin(handle, CALL_READ) != CALL_DONE) return SQLITE_IOERR_READ;
    read_file(handle->file, bytes, count, offset);
    return offset + count <= handle->file->size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int write_bytes(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
    struct handle *handle = (struct handle *)base;
    switch (begin(handle, CALL_WRITE)) {
    case CALL_DONE:
        if (write_file(handle->disk, handle->file, bytes, count, offset) == count) return SQLITE_OK;
        handle->disk->last_errno = ENOSPC;
        return SQLITE_FULL;
    case CALL_CRASHES:
        write_file(handle->disk, handle->file, bytes, count, offset);
        return SQLITE_IOERR_WRITE;
    case CALL_IS_SHORT:
        write_file(handle->disk, handle->file, bytes, (count + 1) / 2, offset);
        return SQLITE_FULL;
    case CALL_IS_FULL:
        return SQLITE_FULL;
    default:
        return SQLITE_IOERR_WRITE;
    }
}

static int truncate_file(sqlite3_file *base, sqlite3_int64 size) {
    struct handle *handle = (struct handle *)base;
    enum outcome outcome = begin(handle, CALL_CHANGE);
    if (outcome == CALL_DONE || outcome == CALL_CRASHES) cut_file(handle->file, size);
    return outcome == CALL_DONE ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

static int sync_bytes(sqlite3_file *base, int flags) {
    (void)flags;
    struct handle *handle = (struct handle *)base;
    if (is_void(handle)) return SQLITE_IOERR_FSYNC;
    int was_crashed = handle->disk->is_crashed;
    enum outcome outcome = begin_call(handle->disk, CALL_SYNC);
    if (outcome == CALL_FAILS && !was_crashed) fail_sync(handle->disk, handle->file);
    if (outcome != CALL_DONE) return SQLITE_IOERR_FSYNC;
    sync_file(handle->disk, handle->file);
    if (!handle->syncs_folder) return SQLITE_OK;
    // As on Unix: the first fsync of a new journal or log syncs the folder too, and nobody hears whether it failed.
    handle->syncs_folder = 0;
    if (begin_call(handle->disk, CALL_SYNC) == CALL_DONE) sync_folder(handle->disk);
    return SQLITE_OK;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size) {
    struct handle *handle = (struct handle *)base;
    if (begin(handle, CALL_LOOK) != CALL_DONE) return SQLITE_IOERR_FSTAT;
    *size = handle->file->size;
    return SQLITE_OK;
}

static int lock_file(sqlite3_file *base, int level) {
    struct handle *handle = (struct handle *)base;
    struct file *file = handle->file;
    if (is_void(handle)) return SQLITE_IOERR_LOCK;
    if (level <= handle->level) return SQLITE_OK;
    if (file->reserved != NULL && file->reserved != handle &&
        (level >= SQLITE_LOCK_RESERVED || file->reserved->level >= SQLITE_LOCK_PENDING))
        return SQLITE_BUSY;
    if (handle->level == SQLITE_LOCK_NONE) {
        file->shared++;
        handle->level = SQLITE_LOCK_SHARED;
    }
    if (level >= SQLITE_LOCK_RESERVED) file->reserved = handle;
    if (level == SQLITE_LOCK_EXCLUSIVE && file->shared > 1) {
        handle->level = SQLITE_LOCK_PENDING;
        return SQLITE_BUSY;
    }
    handle->level = level;
    return SQLITE_OK;
}

static int check_reserved_lock(sqlite3_file *base, int *result) {
    struct handle *handle = (struct handle *)base;
    *result = !is_void(handle) && handle->file->reserved != NULL;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int operation, void *argument) {
    (void)base;
    (void)operation;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int sector_size(sqlite3_file *base) {
    (void)base;
    return PAGE_BYTES;
}

// What SQLite assumes of a file system of Unix: bytes beside those that are written are never harmed.
static int device_characteristics(sqlite3_file *base) {
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = close_file,
    .xRead = read_bytes,
    .xWrite = write_bytes,
    .xTruncate = truncate_file,
    .xSync = sync_bytes,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device_characteristics,
};

// The file system

static struct memory_disk *disk_of(sqlite3_vfs *vfs) { return vfs->pAppData; }

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags) {
    struct memory_disk *disk = disk_of(vfs);
    struct handle *handle = (struct handle *)base;
    memset(handle, 0, sizeof(*handle));
    // Temporary files lie in memory, as the connections of this program say: none is asked for here.
    if (name == NULL) return SQLITE_CANTOPEN;
    struct file *file = find_file(disk, name);
    int creates = file == NULL && (flags & SQLITE_OPEN_CREATE) != 0;
    switch (begin_call(disk, creates ? CALL_CREATE : CALL_LOOK)) {
    case CALL_DONE: break;
    case CALL_CRASHES:
        if (creates) add_file(disk, name);
        return SQLITE_CANTOPEN;
    default: return SQLITE_CANTOPEN;
    }
    if (creates) file = add_file(disk, name);
    if (file == NULL) {
        disk->last_errno = ENOENT;
        return SQLITE_CANTOPEN;
    }
    const int journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
    retain_file(file);
    disk->references++;
    handle->disk = disk;
    handle->file = file;
    handle->generation = disk->generation;
    handle->syncs_folder = creates && (flags & journals) != 0;
    handle->deletes = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    strncpy(handle->name, name, NAME_BYTES - 1);
    handle->base.pMethods = &methods;
    if (out_flags != NULL) *out_flags = flags;
    return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int syncs_folder) {
    struct memory_disk *disk = disk_of(vfs);
    if (!disk->is_crashed && find_file(disk, name) == NULL) return SQLITE_IOERR_DELETE_NOENT;
    enum outcome outcome = begin_call(disk, CALL_CHANGE);
    if (outcome == CALL_DONE || outcome == CALL_CRASHES) remove_name(disk, name);
    if (outcome != CALL_DONE) return SQLITE_IOERR_DELETE;
    if (!syncs_folder) return SQLITE_OK;
    if (begin_call(disk, CALL_SYNC) != CALL_DONE) return SQLITE_IOERR_DIR_FSYNC;
    sync_folder(disk);
    return SQLITE_OK;
}

static int access_file(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
    struct memory_disk *disk = disk_of(vfs);
    if (begin_call(disk, CALL_LOOK) != CALL_DONE) return SQLITE_IOERR_ACCESS;
    const struct file *file = find_file(disk, name);
    // As on Unix: an empty file counts as none where SQLite asks whether it exists.
    *result = flags == SQLITE_ACCESS_EXISTS ? file != NULL && file->size > 0 : file != NULL;
    return SQLITE_OK;
}

static int full_name(sqlite3_vfs *vfs, const char *name, int count, char *result) {
    (void)vfs;
    if ((int)strlen(name) >= count || strlen(name) >= NAME_BYTES) return SQLITE_CANTOPEN;
    strcpy(result, name);
    return SQLITE_OK;
}

static int randomness(sqlite3_vfs *vfs, int count, char *bytes) {
    struct memory_disk *disk = disk_of(vfs);
    for (int index = 0; index < count; index++) {
        disk->randomness = disk_hash(disk->randomness, 3, 3);
        bytes[index] = (char)(disk->randomness >> 32);
    }
    return count;
}

static int no_sleep(sqlite3_vfs *vfs, int microseconds) {
    (void)vfs;
    return microseconds;
}

// Milliseconds of the Julian calendar, one more with each question.
static int current_time(sqlite3_vfs *vfs, sqlite3_int64 *time) {
    *time = 212446800000000 + disk_of(vfs)->time++;
    return SQLITE_OK;
}

static int current_day(sqlite3_vfs *vfs, double *day) {
    sqlite3_int64 time = 0;
    current_time(vfs, &time);
    *day = (double)time / 86400000.0;
    return SQLITE_OK;
}

static int last_error(sqlite3_vfs *vfs, int count, char *text) {
    (void)count;
    (void)text;
    return disk_of(vfs)->last_errno;
}

void register_vfs(struct memory_disk *disk) {
    disk->vfs = (sqlite3_vfs){
        .iVersion = 2,
        .szOsFile = sizeof(struct handle),
        .mxPathname = NAME_BYTES - 1,
        .zName = disk->vfs_name,
        .pAppData = disk,
        .xOpen = open_file,
        .xDelete = delete_file,
        .xAccess = access_file,
        .xFullPathname = full_name,
        .xRandomness = randomness,
        .xSleep = no_sleep,
        .xCurrentTime = current_day,
        .xCurrentTimeInt64 = current_time,
        .xGetLastError = last_error,
    };
    if (sqlite3_vfs_register(&disk->vfs, 0) != SQLITE_OK) __builtin_trap();
}

// A program beside SQLite

int64_t memory_disk_inode(struct memory_disk *disk, const char *name) {
    if (begin_call(disk, CALL_LOOK) != CALL_DONE) return -disk->last_errno;
    const struct file *file = find_file(disk, name);
    return file == NULL ? -ENOENT : (int64_t)file->inode;
}

int64_t memory_disk_read(struct memory_disk *disk, const char *name, void *bytes, int64_t count, int64_t offset) {
    if (begin_call(disk, CALL_READ) != CALL_DONE) return -disk->last_errno;
    const struct file *file = find_file(disk, name);
    if (file == NULL) return -ENOENT;
    int64_t left = file->size > offset ? file->size - offset : 0;
    if (count > left) count = left;
    read_file(file, bytes, count, offset);
    return count;
}

int64_t memory_disk_write(
    struct memory_disk *disk, const char *name, const void *bytes, int64_t count, int64_t offset
) {
    struct file *file = find_file(disk, name);
    enum outcome outcome = begin_call(disk, CALL_WRITE);
    if (file == NULL) return outcome == CALL_DONE ? -ENOENT : -disk->last_errno;
    switch (outcome) {
    case CALL_DONE: return write_file(disk, file, bytes, count, offset);
    case CALL_CRASHES: write_file(disk, file, bytes, count, offset); return -EIO;
    case CALL_IS_SHORT: return write_file(disk, file, bytes, (count + 1) / 2, offset);
    default: return -disk->last_errno;
    }
}

int64_t memory_disk_sync(struct memory_disk *disk, const char *name) {
    struct file *file = find_file(disk, name);
    int was_crashed = disk->is_crashed;
    enum outcome outcome = begin_call(disk, CALL_SYNC);
    if (file == NULL) return outcome == CALL_DONE ? -ENOENT : -disk->last_errno;
    if (outcome == CALL_FAILS && !was_crashed) fail_sync(disk, file);
    if (outcome != CALL_DONE) return -disk->last_errno;
    sync_file(disk, file);
    return 0;
}

int64_t memory_disk_create_file(struct memory_disk *disk, const char *name) {
    enum outcome outcome = begin_call(disk, CALL_CREATE);
    if (find_file(disk, name) != NULL) return -EEXIST;
    int is_added = (outcome == CALL_DONE || outcome == CALL_CRASHES) && add_file(disk, name) != NULL;
    if (outcome == CALL_DONE) return is_added ? 0 : -ENAMETOOLONG;
    return -disk->last_errno;
}

int64_t memory_disk_remove(struct memory_disk *disk, const char *name) {
    enum outcome outcome = begin_call(disk, CALL_CHANGE);
    int error = outcome == CALL_DONE || outcome == CALL_CRASHES ? remove_name(disk, name) : 0;
    if (outcome != CALL_DONE) return -disk->last_errno;
    return -error;
}

int64_t memory_disk_sync_folder(struct memory_disk *disk) {
    if (begin_call(disk, CALL_SYNC) != CALL_DONE) return -disk->last_errno;
    sync_folder(disk);
    return 0;
}
