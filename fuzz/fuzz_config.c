/* SPDX-License-Identifier: MIT
 *
 * Configuration files: UTF-8 or UTF-16, TOML, keys, types, values. A message about a bad one is
 * text that may be shown.
 */
#include "fuzz.h"
#include "text_check.h"

#include <string.h>

#include "cli/config_file.h"

/* Messages have lines. */
static void check_message(const char *text) {
    char *copy = strdup(text);
    char *save = NULL;

    if (copy == NULL) {
        abort();
    }
    for (char *line = strtok_r(copy, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save)) {
        fuzz_check_clean(line, strlen(line) + 1);
    }
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct cli_arena arena = {0};
    struct cli_text why = {0};
    struct cli_layer *layer = calloc(1, sizeof(*layer));

    if (layer == NULL) {
        abort();
    }
    bool ok = cli_config_read((const char *)data, size, "hops.toml", &arena, layer, &why);
    FUZZ_CHECK(ok == (why.len == 0));
    check_message(cli_text_str(&why));
    cli_text_done(&why);
    cli_arena_done(&arena);
    free(layer);
    return 0;
}
