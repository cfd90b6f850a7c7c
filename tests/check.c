/* SPDX-License-Identifier: MIT */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { GUARDED_MAX = 15 * 4096 };

uint8_t *check_guarded(const void *data, size_t len) {
    static uint8_t *area;

    if (area == NULL) {
        size_t page = (size_t)sysconf(_SC_PAGESIZE);
        void *p = mmap(NULL, GUARDED_MAX + page, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        assert_true(p != MAP_FAILED);
        area = (uint8_t *)p;
        assert_int_equal(mprotect(area + GUARDED_MAX, page, PROT_NONE), 0);
    }
    assert_true(len <= GUARDED_MAX);
    uint8_t *at = area + GUARDED_MAX - len;
    if (len > 0) {
        memcpy(at, data, len);
    }
    return at;
}

static int must_fail(struct check_mem *m) {
    m->calls++;
    return m->calls == m->fail_at || (m->fail_after != 0 && m->calls >= m->fail_after);
}

static void *mem_calloc(size_t count, size_t size, void *user) {
    struct check_mem *m = user;

    if (must_fail(m)) {
        return NULL;
    }
    void *p = calloc(count, size);
    assert_non_null(p);
    m->live++;
    return p;
}

static void *mem_realloc(void *ptr, size_t size, void *user) {
    struct check_mem *m = user;

    if (must_fail(m)) {
        return NULL;
    }
    void *p = realloc(ptr, size);
    assert_non_null(p);
    if (ptr == NULL) {
        m->live++;
    }
    return p;
}

static void mem_free(void *ptr, void *user) {
    struct check_mem *m = user;

    if (ptr != NULL) {
        m->live--;
    }
    free(ptr);
}

void check_mem_init(struct check_mem *m) {
    *m = (struct check_mem){
        .mem = {.calloc = mem_calloc, .realloc = mem_realloc, .free = mem_free, .user = m}};
}

void check_every_allocation(int (*body)(struct check_mem *m, void *user), void *user) {
    for (long n = 1; n < 100000; n++) {
        struct check_mem m;

        check_mem_init(&m);
        m.fail_at = n;
        int complete = body(&m, user);
        assert_int_equal(m.live, 0);
        if (m.calls < n) {
            assert_true(complete);
            return;
        }
    }
    fail_msg("never ran out of allocations to fail");
}

void check_int_at(const char *row, const char *what, long long got, long long want,
                  const char *file, int line) {
    if (got != want) {
        print_error("%s: %s is %lld, want %lld\n", row, what, got, want);
        _fail(file, line);
    }
}

void check_str_at(const char *row, const char *what, const char *got, const char *want,
                  const char *file, int line) {
    if (got == NULL || strcmp(got, want) != 0) {
        print_error("%s: %s is\n%s\nwant\n%s\n", row, what, got == NULL ? "(null)" : got, want);
        _fail(file, line);
    }
}

void check_bytes_at(const char *row, const void *got, size_t got_len, const void *want,
                    size_t want_len, const char *file, int line) {
    const uint8_t *g = got;
    const uint8_t *w = want;

    if (got_len == want_len && memcmp(got, want, got_len) == 0) {
        return;
    }
    print_error("%s: octets differ\n got", row);
    for (size_t i = 0; i < got_len; i++) {
        print_error(" %02x", g[i]);
    }
    print_error("\nwant");
    for (size_t i = 0; i < want_len; i++) {
        print_error(" %02x", w[i]);
    }
    print_error("\n");
    _fail(file, line);
}

size_t check_hex(const char *text, uint8_t *out, size_t size) {
    size_t n = 0;

    while (*text != '\0') {
        char digits[3] = {0};
        char *end;
        if (*text == ' ' || *text == '\n') {
            text++;
            continue;
        }
        memcpy(digits, text, strnlen(text, 2));
        assert_true(n < size);
        out[n++] = (uint8_t)strtoul(digits, &end, 16);
        assert_true(end == digits + 2);
        text += 2;
    }
    return n;
}
