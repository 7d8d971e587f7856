#include "disk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// How the pending operations of one file fare.
struct fate {
    uint64_t seed, inode;
    int64_t count;
    // 0 everything is lost, 1 everything is kept, 2 all that came after one moment is lost, else each sector by itself.
    int mode;
    int64_t moment;
    // Changes of length before this one are kept.
    int64_t lengths;
};

static struct fate make_fate(uint64_t seed, const struct file *file) {
    struct fate fate = {.seed = seed, .inode = file->inode, .count = file->pending_count};
    uint64_t drawn = disk_hash(seed, file->inode, 11);
    fate.mode = (int)(drawn % 8);
    fate.moment = (int64_t)((drawn >> 8) % (uint64_t)(fate.count + 1));
    int64_t any = (int64_t)((drawn >> 32) % (uint64_t)(fate.count + 1));
    switch (fate.mode) {
    case 0: fate.lengths = 0; break;
    case 1: fate.lengths = fate.count; break;
    case 2: fate.lengths = fate.moment; break;
    default: fate.lengths = (drawn >> 60) % 3 == 0 ? 0 : (drawn >> 60) % 3 == 1 ? fate.count : any;
    }
    return fate;
}

// The operations before this one have reached the sector.
static int64_t kept_until(const struct fate *fate, int64_t sector) {
    if (fate->mode == 0) return 0;
    if (fate->mode == 1) return fate->count;
    if (fate->mode == 2) return fate->moment;
    uint64_t drawn = disk_hash(fate->seed, fate->inode * 3 + 1, (uint64_t)sector);
    if (drawn % 8 < 3) return 0;
    if (drawn % 8 < 6) return fate->count;
    return (int64_t)((drawn >> 8) % (uint64_t)(fate->count + 1));
}

// Writes what reaches the disk of one write, sector by sector.
static void lose_write(
    struct memory_disk *disk, struct file *file, const struct fate *fate, int64_t index,
    const struct operation *operation
) {
    int64_t offset = operation->offset, end = operation->offset + operation->length;
    const uint8_t *bytes = file->data + operation->data;
    while (offset < end) {
        int64_t sector = offset / SECTOR_BYTES;
        int64_t part = (sector + 1) * SECTOR_BYTES - offset;
        if (part > end - offset) part = end - offset;
        if (index < kept_until(fate, sector)) {
            disk->injected.kept_sectors++;
            put_content(&file->durable, bytes, part, offset);
        } else {
            uint64_t drawn = disk_hash(fate->seed ^ (uint64_t)index << 32, fate->inode * 3 + 2, (uint64_t)sector);
            if (fate->mode != 0 && part > 1 && drawn % 8 == 0) {
                // The sector was being written: a part is new, the rest is as it was.
                disk->injected.torn_sectors++;
                int64_t length = 1 + (int64_t)((drawn >> 16) % (uint64_t)(part - 1));
                int64_t skipped = (drawn >> 8) % 2 == 0 ? 0 : part - length;
                put_content(&file->durable, bytes + skipped, length, offset + skipped);
            } else {
                disk->injected.lost_sectors++;
            }
        }
        bytes += part;
        offset += part;
    }
}

static void lose_power(struct memory_disk *disk, struct file *file, uint64_t seed) {
    if (file->pending_count > 0) {
        struct fate fate = make_fate(seed, file);
        int64_t size = file->durable_size;
        for (int64_t index = 0; index < file->pending_count; index++) {
            const struct operation *operation = &file->pending[index];
            if (operation->length >= 0) {
                lose_write(disk, file, &fate, index, operation);
            } else if (index < fate.lengths) {
                cut_content(&file->durable, operation->offset);
            }
            if (index < fate.lengths) size = operation->size_after;
        }
        if (size != file->size) disk->injected.lost_lengths++;
        cut_content(&file->durable, size);
        file->durable_size = size;
        forget_pending(file);
    }
    // What a failed fsync has dropped is gone from memory as well.
    share_content(&file->current, &file->durable);
    file->size = file->durable_size;
    file->has_diverged = 0;
}

void fail_sync(struct memory_disk *disk, struct file *file) {
    // Nothing is asked for again: what did not reach the disk is shown from memory, until the power fails.
    struct content current = {0};
    int64_t size = file->size;
    share_content(&current, &file->current);
    struct memory_disk_injected before = disk->injected;
    lose_power(disk, file, disk_hash(disk->identity, (uint64_t)disk->calls, file->inode));
    disk->injected = before;
    share_content(&file->current, &current);
    release_content(&current);
    file->size = size;
    file->has_diverged = 1;
}

// Nobody holds a file any longer.
static void begin_generation(struct memory_disk *disk) {
    disk->generation++;
    disk->is_crashed = 0;
    disk->crash_at = -1;
    for (int64_t index = 0; index < disk->name_count; index++) {
        struct file *file = meaning(&disk->names[index]);
        if (file == NULL) continue;
        file->reserved = NULL;
        file->shared = 0;
    }
}

void memory_disk_power_loss(struct memory_disk *disk, uint64_t seed) {
    disk->injected.power_losses++;
    uint64_t drawn = disk_hash(seed, 5, 5);
    for (int64_t index = 0; index < disk->name_count; index++) {
        struct name *name = &disk->names[index];
        if (name->count == 0) continue;
        // Each name by itself: nothing, everything, or what it meant at some moment.
        uint64_t own = disk_hash(seed, (uint64_t)index, 7);
        int64_t kept = (int64_t)((own >> 8) % (uint64_t)(name->count + 1));
        if (drawn % 4 == 0) kept = 0;
        if (drawn % 4 == 1) kept = name->count;
        if (kept < name->count) disk->injected.lost_names++;
        settle(name, kept == 0 ? name->durable : name->versions[kept - 1]);
    }
    for (int64_t index = 0; index < disk->name_count; index++)
        if (disk->names[index].durable != NULL) lose_power(disk, disk->names[index].durable, seed);
    begin_generation(disk);
}

void memory_disk_restart(struct memory_disk *disk) { begin_generation(disk); }

void memory_disk_restore(struct memory_disk *disk, const struct memory_disk *other) {
    for (int64_t index = 0; index < disk->name_count; index++) settle(&disk->names[index], NULL);
    for (int64_t index = 0; index < other->name_count; index++) {
        const struct file *source = meaning(&other->names[index]);
        if (source == NULL) continue;
        struct file *file = add_file(disk, other->names[index].text);
        file->inode = source->inode;
        share_content(&file->current, &source->current);
        share_content(&file->durable, &source->current);
        file->size = file->durable_size = source->size;
        settle(add_name(disk, other->names[index].text), file);
    }
    if (disk->next_inode < other->next_inode) disk->next_inode = other->next_inode;
    begin_generation(disk);
}

struct memory_disk_flip memory_disk_flip_bit(struct memory_disk *disk, uint64_t seed, const char *name) {
    struct memory_disk_flip flip = {0};
    int64_t total = 0;
    for (int pass = 0; pass < 2; pass++) {
        int64_t chosen = total == 0 ? 0 : (int64_t)(disk_hash(seed, 13, 1) % (uint64_t)total);
        for (int64_t index = 0; index < disk->name_count; index++) {
            struct file *file = meaning(&disk->names[index]);
            if (file == NULL || (name != NULL && strcmp(name, disk->names[index].text) != 0)) continue;
            if (pass == 0) {
                total += file->size;
                continue;
            }
            if (chosen >= file->size) {
                chosen -= file->size;
                continue;
            }
            int64_t page = chosen / PAGE_BYTES;
            int is_shared = page < file->current.count && page < file->durable.count &&
                file->current.pages[page] == file->durable.pages[page];
            strcpy(flip.name, disk->names[index].text);
            flip.offset = chosen;
            flip.bit = (int32_t)(disk_hash(seed, 13, 2) % 8);
            own_page(&file->current, page)->bytes[chosen % PAGE_BYTES] ^= (uint8_t)(1 << flip.bit);
            if (is_shared) set_page(&file->durable, page, file->current.pages[page]);
            else if (page < file->durable.count)
                own_page(&file->durable, page)->bytes[chosen % PAGE_BYTES] ^= (uint8_t)(1 << flip.bit);
            disk->injected.flipped_bits++;
            return flip;
        }
        if (total == 0) return flip;
    }
    return flip;
}
