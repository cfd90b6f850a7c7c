/* SPDX-License-Identifier: MIT
 *
 * Single values as people write them: durations, colours, keys, addresses, and the value of each
 * option. What is accepted is written out again, and read back it must be the same.
 */
#include "fuzz.h"
#include "text_check.h"

#include <hops/addr.h>
#include <hops/err.h>
#include <hops/net.h>

#include <string.h>

#include "cli/color.h"
#include "cli/duration.h"
#include "cli/key.h"
#include "cli/value.h"

static void duration(const char *text) {
    hops_ns value = 0;
    hops_ns again = 0;
    char out[48];
    enum cli_duration_status status = cli_duration_parse(text, &value);

    if (status != CLI_DURATION_OK) {
        FUZZ_CHECK(value == 0 && cli_duration_status_text(status) != NULL);
        return;
    }
    FUZZ_CHECK(value >= 0);
    FUZZ_CHECK(cli_duration_parse(cli_duration_format(value, out), &again) == CLI_DURATION_OK);
    FUZZ_CHECK(again == value);
}

static void color(const char *text) {
    struct cli_color value;
    struct cli_color again;
    char out[16];

    if (cli_color_parse(text, &value)) {
        FUZZ_CHECK(cli_color_parse(cli_color_format(&value, out), &again));
        FUZZ_CHECK(cli_color_equal(&value, &again));
    }
}

static void key(const char *text) {
    struct cli_text why = {0};
    struct cli_key value;
    struct cli_key again;
    char out[64];

    if (cli_key_parse(text, strlen(text), &value, &why)) {
        cli_key_format(&value, out);
        FUZZ_CHECK(cli_key_parse(out, strlen(out), &again, &why));
        FUZZ_CHECK(cli_key_equal(&value, &again));
    }
    fuzz_check_clean(cli_text_str(&why), why.len + 1);
    cli_text_done(&why);
}

static void address(const char *text) {
    struct hops_addr value;
    struct hops_addr again;
    struct cli_addr zoned;
    char out[HOPS_ADDR_TEXT_MAX];

    if (hops_addr_parse(text, &value)) {
        FUZZ_CHECK(hops_addr_parse(hops_addr_format(&value, out), &again));
        FUZZ_CHECK(hops_addr_equal(&value, &again));
    }
    if (cli_addr_parse(text, &zoned)) {
        FUZZ_CHECK(memchr(zoned.zone, '\0', sizeof(zoned.zone)) != NULL);
        FUZZ_CHECK(zoned.zone[0] == '\0' || hops_addr_is_link_local(&zoned.addr));
    }
}

static void option(size_t row, const char *text) {
    const struct cli_option *o = cli_option(row);
    struct cli_arena arena = {0};
    struct cli_text why = {0};
    struct cli_value value = {0};
    struct cli_layer *layer = calloc(1, sizeof(*layer));
    bool list = o->type == CLI_COLORS || o->type == CLI_KEYS;

    if (layer == NULL) {
        abort();
    }
    bool ok = list ? cli_value_parse_list(row, text, layer, &why)
                   : cli_option_is_switch(o) || cli_value_parse(o, text, &arena, &value, &why);
    FUZZ_CHECK(ok == (why.len == 0));
    fuzz_check_clean(cli_text_str(&why), why.len + 1);
    cli_text_done(&why);
    cli_arena_done(&arena);
    free(layer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    char *text = fuzz_string(data + 1, size - 1);

    duration(text);
    color(text);
    key(text);
    address(text);
    option(data[0] % cli_option_count(), text);
    (void)hops_errno_from_name(text);
    free(text);
    return 0;
}
