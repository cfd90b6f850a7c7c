/* SPDX-License-Identifier: MIT
 *
 * What cmocka lacks: buffers that end at an unmapped page, memory hooks that fail on the n-th call,
 * rows of table tests with their name in the failure text.
 */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hops/types.h>

/* A copy of data whose last octet is the last of its page: reading one octet more crashes. The same
 * area is used by each call (single-threaded, at most 60 KiB). */
uint8_t *check_guarded(const void *data, size_t len);

/* Memory hooks that count what is alive and can fail. */
struct check_mem {
    struct hops_mem mem; /* pass &x.mem to the code under test */
    long fail_at;        /* calls that allocate: fail this one (1: the first), 0: none */
    long fail_after;     /* fail all from this one on, 0: none */
    long calls;          /* allocating calls so far */
    long live;           /* blocks not freed yet */
};

void check_mem_init(struct check_mem *m);

/* Runs body(m, user) with the first, second, third ... allocation failing until it returns true
 * with no allocation left to fail. After each run nothing may be alive. */
void check_every_allocation(int (*body)(struct check_mem *m, void *user), void *user);

/* "ROW: got 3, want 4" as a cmocka failure. */
#define check_int(row, got, want)                                                                  \
    check_int_at((row), #got, (long long)(got), (long long)(want), __FILE__, __LINE__)
void check_int_at(const char *row, const char *what, long long got, long long want,
                  const char *file, int line);
#define check_str(row, got, want) check_str_at((row), #got, (got), (want), __FILE__, __LINE__)
void check_str_at(const char *row, const char *what, const char *got, const char *want,
                  const char *file, int line);
#define check_bytes(row, got, got_len, want, want_len)                                             \
    check_bytes_at((row), (got), (got_len), (want), (want_len), __FILE__, __LINE__)
void check_bytes_at(const char *row, const void *got, size_t got_len, const void *want,
                    size_t want_len, const char *file, int line);

/* "45 00 00 1c" into out; returns the number of octets. */
size_t check_hex(const char *text, uint8_t *out, size_t size);

#endif
