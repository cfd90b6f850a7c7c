/* SPDX-License-Identifier: MIT
 *
 * Which codes there are. What the columns show is the business of reports and screen.
 */
#include "cli/columns.h"

#include <string.h>

static const char known[] = "holsravbwdtjgxiSPQTCNfFBDKMAmnp";

const char *cli_columns_unknown(const char *codes) {
    for (; *codes != '\0'; codes++) {
        if (strchr(known, *codes) == NULL) {
            return codes;
        }
    }
    return NULL;
}

bool cli_columns_repeated(const char *codes, struct cli_text *out) {
    bool any = false;

    for (size_t i = 1; codes[i] != '\0'; i++) {
        if (memchr(codes, codes[i], i) != NULL) {
            cli_text_addf(out, "%s%c", any ? ", " : "", codes[i]);
            any = true;
        }
    }
    return any;
}
