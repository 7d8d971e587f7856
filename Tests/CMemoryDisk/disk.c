#include "disk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// Hashing, so that what is lost follows from the seed and the place alone

uint64_t disk_hash(uint64_t a, uint64_t b, uint64_t c) {
    uint64_t value = a;
    const uint64_t words[2] = {b, c};
    for (int round = 0; round < 3; round++) {
        value += 0x9E3779B97F4A7C15u;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
        value ^= value >> 31;
        if (round < 2) value ^= words[round] * 0xD6E8FEB86659FD93u;
    }
    return value;
}

// Files

void retain_file(struct file *file) {
    if (file != NULL) file->references++;
}

void release_file(struct file *file) {
    if (file == NULL || --file->references > 0) return;
    release_content(&file->current);
    release_content(&file->durable);
    free(file->pending);
    free(file->data);
    free(file);
}

void read_file(const struct file *file, uint8_t *bytes, int64_t count, int64_t offset) {
    memset(bytes, 0, (size_t)count);
    if (offset >= file->size) return;
    if (count > file->size - offset) count = file->size - offset;
    while (count > 0) {
        int64_t index = offset / PAGE_BYTES, inside = offset % PAGE_BYTES;
        int64_t part = PAGE_BYTES - inside < count ? PAGE_BYTES - inside : count;
        if (index < file->current.count && file->current.pages[index] != NULL)
            memcpy(bytes, file->current.pages[index]->bytes + inside, (size_t)part);
        bytes += part;
        offset += part;
        count -= part;
    }
}

static struct operation *note(struct file *file) {
    file->pending = grown(
        file->pending, &file->pending_capacity, file->pending_count + 1, sizeof(struct operation));
    return &file->pending[file->pending_count++];
}

int64_t memory_disk_used(const struct memory_disk *disk) {
    int64_t used = 0;
    for (int64_t index = 0; index < disk->name_count; index++) {
        const struct name *name = &disk->names[index];
        const struct file *file = name->count > 0 ? name->versions[name->count - 1] : name->durable;
        if (file != NULL) used += file->size;
    }
    return used;
}

int64_t write_file(
    struct memory_disk *disk, struct file *file, const uint8_t *bytes, int64_t count, int64_t offset
) {
    if (disk->capacity >= 0 && offset + count > file->size) {
        int64_t left = disk->capacity - memory_disk_used(disk);
        int64_t growth = offset + count - file->size;
        if (growth > left) {
            count = file->size + (left > 0 ? left : 0) - offset;
            disk->injected.full++;
            if (count <= 0) return 0;
        }
    }
    put_content(&file->current, bytes, count, offset);
    if (offset + count > file->size) file->size = offset + count;
    file->data = grown(file->data, &file->data_capacity, file->data_count + count, 1);
    memcpy(file->data + file->data_count, bytes, (size_t)count);
    *note(file) = (struct operation){offset, count, file->data_count, file->size};
    file->data_count += count;
    return count;
}

void cut_file(struct file *file, int64_t size) {
    if (size < file->size) cut_content(&file->current, size);
    file->size = size;
    *note(file) = (struct operation){size, -1, file->data_count, size};
}

void forget_pending(struct file *file) {
    file->pending_count = 0;
    file->data_count = 0;
    // A long time without fsync should not be remembered by the memory of hundreds of disks.
    if (file->data_capacity > 1 << 20) {
        free(file->data);
        file->data = NULL;
        file->data_capacity = 0;
    }
}

static void apply(struct file *file, const struct operation *operation) {
    if (operation->length < 0) cut_content(&file->durable, operation->offset);
    else put_content(&file->durable, file->data + operation->data, operation->length, operation->offset);
}

void sync_file(struct memory_disk *disk, struct file *file) {
    if (disk->is_lying) {
        disk->injected.ignored_syncs++;
        return;
    }
    for (int64_t index = 0; index < file->pending_count; index++) {
        const struct operation *operation = &file->pending[index];
        if (file->has_diverged) {
            apply(file, operation);
            continue;
        }
        int64_t length = operation->length < 0 ? 1 : operation->length;
        int64_t last = (operation->offset + length - 1) / PAGE_BYTES;
        for (int64_t page = operation->offset / PAGE_BYTES; page <= last && page < file->current.count; page++)
            set_page(&file->durable, page, file->current.pages[page]);
    }
    if (file->pending_count > 0) {
        file->durable_size = file->size;
        cut_content(&file->durable, file->size);
    }
    forget_pending(file);
}

// Names

static struct name *find_name(const struct memory_disk *disk, const char *text) {
    for (int64_t index = 0; index < disk->name_count; index++)
        if (strcmp(disk->names[index].text, text) == 0) return &disk->names[index];
    return NULL;
}

struct file *meaning(const struct name *name) {
    return name->count > 0 ? name->versions[name->count - 1] : name->durable;
}

static void set_meaning(struct name *name, struct file *file) {
    name->versions = grown(name->versions, &name->capacity, name->count + 1, sizeof(struct file *));
    retain_file(file);
    name->versions[name->count++] = file;
}

struct file *find_file(const struct memory_disk *disk, const char *text) {
    const struct name *name = find_name(disk, text);
    return name == NULL ? NULL : meaning(name);
}

struct name *add_name(struct memory_disk *disk, const char *text) {
    struct name *known = find_name(disk, text);
    if (known != NULL) return known;
    disk->names = grown(disk->names, &disk->name_capacity, disk->name_count + 1, sizeof(struct name));
    struct name *name = &disk->names[disk->name_count++];
    *name = (struct name){0};
    strncpy(name->text, text, NAME_BYTES - 1);
    return name;
}

struct file *add_file(struct memory_disk *disk, const char *text) {
    if (strlen(text) >= NAME_BYTES) return NULL;
    struct file *file = calloc(1, sizeof(struct file));
    if (file == NULL) abort();
    file->inode = disk->next_inode++;
    set_meaning(add_name(disk, text), file);
    return file;
}

int remove_name(struct memory_disk *disk, const char *text) {
    struct name *name = find_name(disk, text);
    if (name == NULL || meaning(name) == NULL) return ENOENT;
    set_meaning(name, NULL);
    return 0;
}

void settle(struct name *name, struct file *file) {
    retain_file(file);
    release_file(name->durable);
    name->durable = file;
    for (int64_t index = 0; index < name->count; index++) release_file(name->versions[index]);
    name->count = 0;
}

void sync_folder(struct memory_disk *disk) {
    if (disk->is_lying) {
        disk->injected.ignored_syncs++;
        return;
    }
    for (int64_t index = 0; index < disk->name_count; index++)
        settle(&disk->names[index], meaning(&disk->names[index]));
}

// Disks

static int next_number = 1;

struct memory_disk *memory_disk_create(uint64_t identity) {
    struct memory_disk *disk = calloc(1, sizeof(struct memory_disk));
    if (disk == NULL) abort();
    disk->references = 1;
    disk->identity = identity;
    disk->randomness = identity;
    disk->next_inode = 2;
    disk->last_fault = disk->crash_at = disk->fail_at = disk->capacity = -1;
    int number = __atomic_fetch_add(&next_number, 1, __ATOMIC_RELAXED);
    sqlite3_snprintf(sizeof(disk->vfs_name), disk->vfs_name, "memory-disk-%d", number);
    register_vfs(disk);
    return disk;
}

static void remove_all(struct memory_disk *disk) {
    for (int64_t index = 0; index < disk->name_count; index++) {
        settle(&disk->names[index], NULL);
        free(disk->names[index].versions);
    }
    disk->name_count = 0;
}

void release_disk(struct memory_disk *disk) {
    if (--disk->references > 0) return;
    remove_all(disk);
    free(disk->names);
    free(disk);
}

void memory_disk_release(struct memory_disk *disk) {
    sqlite3_vfs_unregister(&disk->vfs);
    release_disk(disk);
}

const char *memory_disk_name(const struct memory_disk *disk) { return disk->vfs_name; }
uint64_t memory_disk_identity(const struct memory_disk *disk) { return disk->identity; }
void memory_disk_set_identity(struct memory_disk *disk, uint64_t identity) { disk->identity = identity; }
int64_t memory_disk_calls(const struct memory_disk *disk) { return disk->calls; }
int64_t memory_disk_last_fault(const struct memory_disk *disk) { return disk->last_fault; }
int memory_disk_is_crashed(const struct memory_disk *disk) { return disk->is_crashed; }
void memory_disk_set_capacity(struct memory_disk *disk, int64_t bytes) { disk->capacity = bytes; }
void memory_disk_set_lying(struct memory_disk *disk, int is_lying) { disk->is_lying = is_lying; }

struct memory_disk_injected memory_disk_injected(const struct memory_disk *disk) { return disk->injected; }

int64_t memory_disk_size(const struct memory_disk *disk, const char *name) {
    const struct file *file = find_file(disk, name);
    return file == NULL ? -1 : file->size;
}

// Faults

void memory_disk_fail_at(struct memory_disk *disk, int64_t call, int fault, int for_ever) {
    disk->fail_at = call;
    disk->fail_with = fault;
    disk->fails_for_ever = for_ever;
}

void memory_disk_fail_at_random(struct memory_disk *disk, uint64_t seed, uint32_t per_million) {
    disk->random_faults = seed;
    disk->per_million = per_million;
}

void memory_disk_crash_at(struct memory_disk *disk, int64_t call) { disk->crash_at = call; }

void memory_disk_clear_faults(struct memory_disk *disk) {
    disk->fail_at = disk->crash_at = -1;
    disk->per_million = 0;
}

static int can_happen(int fault, enum call call) {
    switch (fault) {
    case MEMORY_DISK_IO: return call != CALL_SYNC;
    case MEMORY_DISK_FULL: return call == CALL_WRITE || call == CALL_CREATE;
    case MEMORY_DISK_SHORT_WRITE: return call == CALL_WRITE;
    case MEMORY_DISK_FSYNC: return call == CALL_SYNC;
    default: return 0;
    }
}

static int chosen_fault(struct memory_disk *disk, enum call call, int64_t number) {
    if (disk->fail_at >= 0 && number >= disk->fail_at && can_happen(disk->fail_with, call)) {
        if (!disk->fails_for_ever) disk->fail_at = -1;
        return disk->fail_with;
    }
    if (disk->per_million == 0) return MEMORY_DISK_SOUND;
    uint64_t drawn = disk_hash(disk->random_faults, (uint64_t)number, 1);
    if (drawn % 1000000 >= disk->per_million) return MEMORY_DISK_SOUND;
    static const int kinds[4] = {
        MEMORY_DISK_IO, MEMORY_DISK_FULL, MEMORY_DISK_SHORT_WRITE, MEMORY_DISK_FSYNC};
    for (int turn = 0; turn < 4; turn++) {
        int fault = kinds[((drawn >> 40) + (uint64_t)turn) % 4];
        if (can_happen(fault, call)) return fault;
    }
    return MEMORY_DISK_SOUND;
}

enum outcome begin_call(struct memory_disk *disk, enum call call) {
    if (disk->is_crashed) {
        disk->last_errno = EIO;
        return CALL_FAILS;
    }
    int64_t number = disk->calls++;
    if (disk->crash_at >= 0 && number >= disk->crash_at) {
        disk->is_crashed = 1;
        disk->crash_at = -1;
        disk->last_errno = EIO;
        disk->last_fault = number;
        disk->injected.crashes++;
        return CALL_CRASHES;
    }
    int fault = chosen_fault(disk, call, number);
    if (fault == MEMORY_DISK_SOUND) return CALL_DONE;
    disk->last_fault = number;
    disk->last_errno = fault == MEMORY_DISK_FULL || fault == MEMORY_DISK_SHORT_WRITE ? ENOSPC : EIO;
    switch (fault) {
    case MEMORY_DISK_FULL: disk->injected.full++; return CALL_IS_FULL;
    case MEMORY_DISK_SHORT_WRITE: disk->injected.short_writes++; return CALL_IS_SHORT;
    case MEMORY_DISK_FSYNC: disk->injected.fsync++; return CALL_FAILS;
    default: disk->injected.io++; return CALL_FAILS;
    }
}
