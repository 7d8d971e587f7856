// What disk.c and vfs.c share.
#ifndef DISK_H
#define DISK_H

#include "CMemoryDisk.h"

#include <sqlite3.h>
#include <stddef.h>

enum {
    PAGE_BYTES = 4096,
    SECTOR_BYTES = 512,
    NAME_BYTES = 64,
};

// Shared by the durable and the current content of a file, and by copies of disks; copied before it is changed.
struct page {
    int references;
    uint8_t bytes[PAGE_BYTES];
};

// The content of a file; a page that is null holds zeros.
struct content {
    struct page **pages;
    int64_t count, capacity;
};

// What was done to a file since its last fsync.
struct operation {
    int64_t offset;
    int64_t length;     // -1: the file was cut to offset
    int64_t data;       // where the bytes lie in the file's data
    int64_t size_after;
};

struct handle;

struct file {
    uint64_t inode;
    int references;
    struct content current, durable;
    int64_t size, durable_size;
    struct operation *pending;
    int64_t pending_count, pending_capacity;
    uint8_t *data;
    int64_t data_count, data_capacity;
    // An fsync failed, and current has bytes that no later one will keep.
    int has_diverged;
    struct handle *reserved;
    int shared;
};

// A name of the folder, and what it meant since the folder's last fsync.
struct name {
    char text[NAME_BYTES];
    struct file *durable;
    struct file **versions;
    int64_t count, capacity;
};

struct memory_disk {
    sqlite3_vfs vfs;
    char vfs_name[32];
    int references;
    uint64_t identity;
    // Handles of an older generation are of no use: the power was lost, or the files were replaced.
    uint64_t generation;
    uint64_t next_inode;
    struct name *names;
    int64_t name_count, name_capacity;
    int64_t calls, last_fault, crash_at, fail_at;
    int fail_with, fails_for_ever, is_crashed, is_lying;
    int last_errno;
    uint64_t random_faults, randomness;
    uint32_t per_million;
    int64_t capacity;
    int64_t time;
    struct memory_disk_injected injected;
};

struct handle {
    sqlite3_file base;
    struct memory_disk *disk;
    struct file *file;
    uint64_t generation;
    int level;
    int syncs_folder;
    int deletes;
    char name[NAME_BYTES];
};

enum call { CALL_LOOK, CALL_READ, CALL_WRITE, CALL_CREATE, CALL_CHANGE, CALL_SYNC };

// What becomes of a call.
enum outcome {
    CALL_DONE,       // does its work
    CALL_FAILS,      // fails with EIO, and nothing is done
    CALL_IS_FULL,    // fails with ENOSPC, and nothing is done
    CALL_IS_SHORT,   // does a part, and the disk is full
    CALL_CRASHES,    // does what it can, and fails
};

// The list, with room for as many members as are needed.
void *grown(void *list, int64_t *capacity, int64_t needed, size_t size);
// The page at an index, which nobody else shows.
struct page *own_page(struct content *content, int64_t index);
void set_page(struct content *content, int64_t index, struct page *page);
void put_content(struct content *content, const uint8_t *bytes, int64_t count, int64_t offset);
void cut_content(struct content *content, int64_t size);
// The target shows the same pages from now on, until one of both changes.
void share_content(struct content *target, const struct content *source);
void release_content(struct content *content);

enum outcome begin_call(struct memory_disk *disk, enum call call);
uint64_t disk_hash(uint64_t a, uint64_t b, uint64_t c);
struct file *meaning(const struct name *name);
struct name *add_name(struct memory_disk *disk, const char *text);
// From now on the name means this file, durably; the file may be null.
void settle(struct name *name, struct file *file);
void forget_pending(struct file *file);

struct file *find_file(const struct memory_disk *disk, const char *name);
// Null where the name is too long.
struct file *add_file(struct memory_disk *disk, const char *name);
int remove_name(struct memory_disk *disk, const char *name);
void sync_folder(struct memory_disk *disk);
void retain_file(struct file *file);
void release_file(struct file *file);
void release_disk(struct memory_disk *disk);
void read_file(const struct file *file, uint8_t *bytes, int64_t count, int64_t offset);
// Gives how many bytes were written: fewer than asked for where the disk is full.
int64_t write_file(
    struct memory_disk *disk, struct file *file, const uint8_t *bytes, int64_t count, int64_t offset);
void cut_file(struct file *file, int64_t size);
void sync_file(struct memory_disk *disk, struct file *file);
// What an fsync that fails leaves: some of it is durable, and none of it is tried again.
void fail_sync(struct memory_disk *disk, struct file *file);

void register_vfs(struct memory_disk *disk);

#endif
