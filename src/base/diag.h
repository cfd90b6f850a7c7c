/* SPDX-License-Identifier: MIT
 *
 * Filling a struct hops_diag. NULL is accepted everywhere, so callers that want no text pass none.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <hops/err.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define HOPS_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define HOPS_PRINTF(fmt, args)
#endif

/* Writes the text, cut between characters of UTF-8 if it is too long, and returns err, so that a
 * failure is one statement: return hops_diag_set(diag, HOPS_ERR_INVALID, "first-ttl %u ...", n); */
enum hops_err hops_diag_set(struct hops_diag *diag, enum hops_err err, const char *format, ...)
    HOPS_PRINTF(3, 4);

#ifdef __cplusplus
}
#endif

#endif
