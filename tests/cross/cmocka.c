/* SPDX-License-Identifier: MIT
 *
 * Runs the cases of a program one after the other. A failed assertion leaves its case by longjmp; a
 * crash ends the program before its plan is fulfilled, which counts as a failure, too.
 */
#include "cmocka.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf *running;

static void print_lines(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/* As TAP comments, whatever is printed. */
static void print_lines(const char *format, va_list args) {
    char text[4096];
    char *line = text;

    (void)vsnprintf(text, sizeof(text), format, args);
    for (char *end = strchr(line, '\n'); end != NULL; end = strchr(line, '\n')) {
        printf("# %.*s\n", (int)(end - line), line);
        line = end + 1;
    }
    if (*line != '\0') {
        printf("# %s\n", line);
    }
}

void cross_print(const char *format, ...) {
    va_list args;

    va_start(args, format);
    print_lines(format, args);
    va_end(args);
}

void cross_fail(const char *file, int line, const char *format, ...) {
    va_list args;

    va_start(args, format);
    print_lines(format, args);
    va_end(args);
    printf("# at %s:%d\n", file, line);
    if (running == NULL) {
        abort(); /* outside of any case */
    }
    longjmp(*running, 1);
}

/* False if it was left by longjmp. */
static bool run_case(const struct CMUnitTest *test) {
    void *state = test->initial_state;
    jmp_buf here;

    if (setjmp(here) != 0) {
        running = NULL;
        return false;
    }
    running = &here;
    test->test_func(&state);
    running = NULL;
    return true;
}

int cross_run(const struct CMUnitTest *tests, size_t count, const void *setup,
              const void *teardown) {
    int failed = 0;

    if (setup != NULL || teardown != NULL) {
        abort();
    }
    printf("1..%zu\n", count);
    for (size_t i = 0; i < count; i++) {
        bool fine = run_case(&tests[i]);

        failed += fine ? 0 : 1;
        printf("%s %zu - %s\n", fine ? "ok" : "not ok", i + 1, tests[i].name);
        (void)fflush(stdout);
    }
    return failed;
}

void cross_true(bool holds, const char *text, const char *file, int line) {
    if (!holds) {
        cross_fail(file, line, "%s", text);
    }
}

void cross_int(long long a, long long b, bool want_equal, const char *file, int line) {
    if ((a == b) != want_equal) {
        cross_fail(file, line, "%lld %s %lld", a, want_equal ? "!=" : "==", b);
    }
}

void cross_range(long long value, long long lo, long long hi, const char *file, int line) {
    if (value < lo || value > hi) {
        cross_fail(file, line, "%lld is not in %lld..%lld", value, lo, hi);
    }
}

void cross_float(double a, double b, double epsilon, const char *file, int line) {
    double apart = a > b ? a - b : b - a;

    if (!(apart <= epsilon)) {
        cross_fail(file, line, "%.17g != %.17g", a, b);
    }
}

void cross_string(const char *a, const char *b, bool want_equal, const char *file, int line) {
    if ((strcmp(a, b) == 0) != want_equal) {
        cross_fail(file, line, "\"%s\" %s \"%s\"", a, want_equal ? "!=" : "==", b);
    }
}

void cross_memory(const void *a, const void *b, size_t len, const char *file, int line) {
    const uint8_t *left = a;
    const uint8_t *right = b;

    for (size_t i = 0; i < len; i++) {
        if (left[i] != right[i]) {
            cross_fail(file, line, "octet %zu: %02x != %02x", i, left[i], right[i]);
        }
    }
}
