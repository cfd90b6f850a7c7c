/* SPDX-License-Identifier: MIT */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>

enum hops_err hops_diag_set(struct hops_diag *diag, enum hops_err err, const char *format, ...) {
    if (diag != NULL) {
        va_list args;
        va_start(args, format);
        (void)vsnprintf(diag->text, sizeof(diag->text), format, args);
        va_end(args);
    }
    return err;
}
