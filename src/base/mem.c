/* SPDX-License-Identifier: MIT */
#include <hops/types.h>

#include <stdlib.h>

static void *mem_calloc(size_t count, size_t size, void *user) {
    (void)user;
    return calloc(count, size);
}

static void *mem_realloc(void *ptr, size_t size, void *user) {
    (void)user;
    return realloc(ptr, size);
}

static void mem_free(void *ptr, void *user) {
    (void)user;
    free(ptr);
}

const struct hops_mem *hops_mem_default(void) {
    static const struct hops_mem mem = {
        .calloc = mem_calloc, .realloc = mem_realloc, .free = mem_free, .user = NULL};
    return &mem;
}
