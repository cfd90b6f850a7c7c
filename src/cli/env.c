/* SPDX-License-Identifier: MIT
 *
 * HOPS_FIRST_TTL and its like. A variable whose option is on the command line is not looked at.
 */
#include "cli/env.h"

#include "cli/args.h"

#include <string.h>

const char *cli_env_get(char *const *envp, const char *name) {
    size_t len = strlen(name);

    for (; envp != NULL && *envp != NULL; envp++) {
        if (strncmp(*envp, name, len) == 0 && (*envp)[len] == '=') {
            return *envp + len + 1;
        }
    }
    return NULL;
}

static bool read_one(size_t row, const char *text, struct cli_arena *arena, struct cli_layer *out,
                     struct cli_text *why) {
    const struct cli_option *option = cli_option(row);
    struct cli_value *value = &out->values[row];

    if (cli_option_is_switch(option)) {
        if (strcmp(text, "false") == 0) {
            return true; /* as good as not set */
        }
        if (strcmp(text, "true") == 0) {
            *value = (struct cli_value){.set = true, .number = 1};
            return true;
        }
        if (option->type == CLI_SWITCH) {
            cli_text_add(why, "possible values: true, false");
            return false;
        }
    }
    if (option->layering == CLI_LAYER_LIST) {
        return cli_value_parse_list(row, text, out, why);
    }
    return cli_value_parse(option, text, arena, value, why);
}

bool cli_env_read(char *const *envp, const struct cli_layer *args, struct cli_arena *arena,
                  struct cli_layer *out, struct cli_text *why) {
    char name[64];

    for (size_t i = 0; i < cli_option_count(); i++) {
        if (args->values[i].set) {
            continue;
        }
        const char *text = cli_env_get(envp, cli_option_upper("HOPS_", cli_option(i)->name, name));
        struct cli_text reason = {0};

        if (text != NULL && !read_one(i, text, arena, out, &reason)) {
            cli_args_add_invalid(text, name, why);
            cli_text_add(why, cli_text_str(&reason));
            cli_text_done(&reason);
            return false;
        }
        cli_text_done(&reason);
    }
    const char *target = cli_env_get(envp, "HOPS_TARGETS");
    if (target != NULL && args->target_count == 0) {
        const char **targets = cli_arena_alloc(arena, sizeof(*targets));

        targets[0] = target;
        out->targets = targets;
        out->target_count = 1;
    }
    return true;
}
