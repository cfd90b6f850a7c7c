/* SPDX-License-Identifier: MIT
 *
 * What the fuzz targets share. A target is LLVMFuzzerTestOneInput(); libFuzzer or replay_main.c
 * calls it. Beyond "no crash" each target states what must hold for every input.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "packet/parse.h"

/* The name is libFuzzer's. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            (void)fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* Reads all objects of a list with the public readers. */
void fuzz_walk_extensions(const struct hops_extensions *extensions);

/* What holds for a result: complete and in bounds if accepted, untouched (all zero) if not. */
void fuzz_check_reply(enum hops_packet_status status, const struct hops_reply *reply);

#endif
