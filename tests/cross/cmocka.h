/* SPDX-License-Identifier: MIT
 *
 * The part of cmocka that the unit tests of the pure modules use, for architectures for which no
 * cmocka is packaged. Same names and meaning; cases are told in TAP, one program at a time.
 */
#ifndef TESTS_CROSS_CMOCKA_H
#define TESTS_CROSS_CMOCKA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct CMUnitTest {
    const char *name;
    void (*test_func)(void **state);
    void *initial_state;
};

#define cmocka_unit_test(f)                                                                        \
    { #f, f, NULL }

/* Fixtures are not supported: the last two arguments must be NULL. Returns the number of cases that
 * failed. */
#define cmocka_run_group_tests(tests, setup, teardown)                                             \
    cross_run((tests), sizeof(tests) / sizeof((tests)[0]), (setup), (teardown))
#define cmocka_run_group_tests_name(name, tests, setup, teardown)                                  \
    cmocka_run_group_tests(tests, setup, teardown)
int cross_run(const struct CMUnitTest *tests, size_t count, const void *setup,
              const void *teardown);

void cross_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define print_error   cross_print
#define print_message cross_print

/* Ends the running case; does not return. */
void cross_fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
#define fail_msg(...) cross_fail(__FILE__, __LINE__, __VA_ARGS__)
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): cmocka's own name */
#define _fail(file, line) cross_fail((file), (line), "failed")

/* 64 bits whatever the size of a pointer is. */
void cross_true(bool holds, const char *text, const char *file, int line);
void cross_int(long long a, long long b, bool want_equal, const char *file, int line);
void cross_range(long long value, long long lo, long long hi, const char *file, int line);
void cross_float(double a, double b, double epsilon, const char *file, int line);
void cross_string(const char *a, const char *b, bool want_equal, const char *file, int line);
void cross_memory(const void *a, const void *b, size_t len, const char *file, int line);

#define assert_true(x)         cross_true((x) ? true : false, #x, __FILE__, __LINE__)
#define assert_false(x)        cross_true((x) ? false : true, "!(" #x ")", __FILE__, __LINE__)
#define assert_null(x)         cross_true((x) == NULL, #x " is NULL", __FILE__, __LINE__)
#define assert_non_null(x)     cross_true((x) != NULL, #x " is not NULL", __FILE__, __LINE__)
#define assert_int_equal(a, b) cross_int((long long)(a), (long long)(b), true, __FILE__, __LINE__)
#define assert_int_not_equal(a, b)                                                                 \
    cross_int((long long)(a), (long long)(b), false, __FILE__, __LINE__)
#define assert_in_range(x, lo, hi)                                                                 \
    cross_range((long long)(x), (long long)(lo), (long long)(hi), __FILE__, __LINE__)
#define assert_float_equal(a, b, epsilon)                                                          \
    cross_float((double)(a), (double)(b), (double)(epsilon), __FILE__, __LINE__)
#define assert_string_equal(a, b)      cross_string((a), (b), true, __FILE__, __LINE__)
#define assert_string_not_equal(a, b)  cross_string((a), (b), false, __FILE__, __LINE__)
#define assert_memory_equal(a, b, len) cross_memory((a), (b), (len), __FILE__, __LINE__)

#endif
