// A disk in memory for SQLite: it loses, tears and reorders what was not synced when the power fails, and fails calls
// as it is told. A disk serves one thread at a time; disks are independent of each other.
#ifndef CMEMORYDISK_H
#define CMEMORYDISK_H

#include <stdint.h>

struct memory_disk;

// What an ordinary call may suffer.
enum memory_disk_fault {
    MEMORY_DISK_SOUND = 0,
    MEMORY_DISK_IO = 1,          // EIO of any call but fsync
    MEMORY_DISK_FULL = 2,        // ENOSPC of a write or a creation
    MEMORY_DISK_SHORT_WRITE = 3, // a part is written, then the disk is full
    MEMORY_DISK_FSYNC = 4,       // EIO of fsync; what it should have kept may be gone, and the next one succeeds
};

// What was done to a disk so far.
struct memory_disk_injected {
    int64_t io, full, short_writes, fsync, crashes, power_losses;
    int64_t kept_sectors, lost_sectors, torn_sectors, lost_lengths, lost_names, flipped_bits, ignored_syncs;
};

struct memory_disk_flip {
    char name[64]; // empty where there was nothing to flip
    int64_t offset;
    int32_t bit;
};

// A new, empty disk. The identity tells its files from those of other disks.
struct memory_disk *memory_disk_create(uint64_t identity);
// Takes the file system away; the memory goes when the last file is closed.
void memory_disk_release(struct memory_disk *disk);
// The name under which SQLite knows the file system.
const char *memory_disk_name(const struct memory_disk *disk);
uint64_t memory_disk_identity(const struct memory_disk *disk);
void memory_disk_set_identity(struct memory_disk *disk, uint64_t identity);

// Calls so far, those of a crashed disk not counted; and the number of the call that failed last, or -1.
int64_t memory_disk_calls(const struct memory_disk *disk);
int64_t memory_disk_last_fault(const struct memory_disk *disk);
int memory_disk_is_crashed(const struct memory_disk *disk);
struct memory_disk_injected memory_disk_injected(const struct memory_disk *disk);
// All files have their size summed up here.
int64_t memory_disk_used(const struct memory_disk *disk);

// The first call from this number on to which the fault can happen suffers it, and all later ones where for_ever.
void memory_disk_fail_at(struct memory_disk *disk, int64_t call, int fault, int for_ever);
void memory_disk_fail_at_random(struct memory_disk *disk, uint64_t seed, uint32_t per_million);
// This call does what it can, and it and all later ones fail until the power was lost or the process started again.
void memory_disk_crash_at(struct memory_disk *disk, int64_t call);
void memory_disk_clear_faults(struct memory_disk *disk);
void memory_disk_set_capacity(struct memory_disk *disk, int64_t bytes);
void memory_disk_set_lying(struct memory_disk *disk, int is_lying);

// The power fails and comes back; files that are open are of no more use.
void memory_disk_power_loss(struct memory_disk *disk, uint64_t seed);
// The process is killed, and the system lives on: nothing is lost.
void memory_disk_restart(struct memory_disk *disk);
// All files of another disk, as a program would read them, in place of the own ones; durable.
void memory_disk_restore(struct memory_disk *disk, const struct memory_disk *other);
// Flips one bit of a file, of any where the name is null.
struct memory_disk_flip memory_disk_flip_bit(struct memory_disk *disk, uint64_t seed, const char *name);

// Calls of a program beside SQLite. Each gives 0 or more, or minus the error number.
int64_t memory_disk_inode(struct memory_disk *disk, const char *name);
int64_t memory_disk_read(struct memory_disk *disk, const char *name, void *bytes, int64_t count, int64_t offset);
int64_t memory_disk_write(
    struct memory_disk *disk, const char *name, const void *bytes, int64_t count, int64_t offset);
int64_t memory_disk_sync(struct memory_disk *disk, const char *name);
int64_t memory_disk_create_file(struct memory_disk *disk, const char *name);
int64_t memory_disk_remove(struct memory_disk *disk, const char *name);
int64_t memory_disk_sync_folder(struct memory_disk *disk);
// The size without a call being counted; -1 where there is no such file.
int64_t memory_disk_size(const struct memory_disk *disk, const char *name);

#endif
