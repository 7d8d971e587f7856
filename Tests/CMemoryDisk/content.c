#include "disk.h"

#include <stdlib.h>
#include <string.h>

void *grown(void *list, int64_t *capacity, int64_t needed, size_t size) {
    if (needed <= *capacity) return list;
    int64_t next = *capacity * 2 < 8 ? 8 : *capacity * 2;
    if (next < needed) next = needed;
    void *result = realloc(list, (size_t)next * size);
    if (result == NULL) abort();
    *capacity = next;
    return result;
}

static void release_page(struct page *page) {
    if (page != NULL && __atomic_sub_fetch(&page->references, 1, __ATOMIC_ACQ_REL) == 0) free(page);
}

static struct page *retain_page(struct page *page) {
    if (page != NULL) __atomic_add_fetch(&page->references, 1, __ATOMIC_RELAXED);
    return page;
}

// The page at an index, which nobody else shows.
struct page *own_page(struct content *content, int64_t index) {
    while (content->count <= index) {
        content->pages = grown(content->pages, &content->capacity, index + 1, sizeof(struct page *));
        content->pages[content->count++] = NULL;
    }
    struct page *page = content->pages[index];
    if (page != NULL && __atomic_load_n(&page->references, __ATOMIC_ACQUIRE) == 1) return page;
    struct page *copy = malloc(sizeof(struct page));
    if (copy == NULL) abort();
    copy->references = 1;
    if (page != NULL) memcpy(copy->bytes, page->bytes, PAGE_BYTES);
    else memset(copy->bytes, 0, PAGE_BYTES);
    release_page(page);
    content->pages[index] = copy;
    return copy;
}

void set_page(struct content *content, int64_t index, struct page *page) {
    while (content->count <= index) {
        content->pages = grown(content->pages, &content->capacity, index + 1, sizeof(struct page *));
        content->pages[content->count++] = NULL;
    }
    if (content->pages[index] == page) return;
    retain_page(page);
    release_page(content->pages[index]);
    content->pages[index] = page;
}

void put_content(struct content *content, const uint8_t *bytes, int64_t count, int64_t offset) {
    while (count > 0) {
        int64_t inside = offset % PAGE_BYTES;
        int64_t part = PAGE_BYTES - inside < count ? PAGE_BYTES - inside : count;
        memcpy(own_page(content, offset / PAGE_BYTES)->bytes + inside, bytes, (size_t)part);
        bytes += part;
        offset += part;
        count -= part;
    }
}

void cut_content(struct content *content, int64_t size) {
    int64_t pages = (size + PAGE_BYTES - 1) / PAGE_BYTES;
    while (content->count > pages) release_page(content->pages[--content->count]);
    int64_t inside = size % PAGE_BYTES;
    if (inside != 0 && content->count == pages && content->pages[pages - 1] != NULL)
        memset(own_page(content, pages - 1)->bytes + inside, 0, (size_t)(PAGE_BYTES - inside));
}

void share_content(struct content *target, const struct content *source) {
    for (int64_t index = 0; index < source->count; index++) set_page(target, index, source->pages[index]);
    while (target->count > source->count) release_page(target->pages[--target->count]);
}

void release_content(struct content *content) {
    for (int64_t index = 0; index < content->count; index++) release_page(content->pages[index]);
    free(content->pages);
    *content = (struct content){0};
}
