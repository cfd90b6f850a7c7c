/* SPDX-License-Identifier: MIT
 *
 * Small questions about settings.
 */
#include "cli/settings.h"

#include "cli/options.h"

#include <assert.h>
#include <string.h>

void cli_settings_done(struct cli_settings *settings) {
    cli_arena_done(&settings->arena);
    *settings = (struct cli_settings){0};
}

enum cli_source cli_settings_source(const struct cli_settings *settings, const char *option) {
    int row = cli_option_find(option, strlen(option));

    assert(row >= 0);
    return (enum cli_source)settings->source[row];
}

bool cli_settings_given(const struct cli_settings *settings, const char *option) {
    return cli_settings_source(settings, option) >= CLI_SOURCE_ENV;
}
