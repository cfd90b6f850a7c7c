/* SPDX-License-Identifier: MIT
 *
 * The order of events: arguments, environment, actions, file, layers, rules.
 */
#include "cli/cli.h"

#include "cli/actions.h"
#include "cli/args.h"
#include "cli/config_file.h"
#include "cli/env.h"
#include "cli/help.h"
#include "cli/layer.h"
#include "cli/validate.h"

#include <stdlib.h>

/* The layers are large: they live in the arena while the settings are made. */
struct layers {
    struct cli_layer args, env, file;
};

void cli_message_done(struct cli_message *message) {
    free(message->text);
    *message = (struct cli_message){0};
}

static enum cli_outcome leave(struct cli_message *message, struct cli_text *text, bool to_stderr,
                              int status) {
    *message =
        (struct cli_message){.text = cli_text_take(text), .to_stderr = to_stderr, .status = status};
    return CLI_EXIT;
}

static enum cli_outcome usage_error(struct cli_message *message, struct cli_text *why) {
    struct cli_text text = {0};

    cli_text_addf(&text, "error: %s\n\n%s\n\nTry 'hops --help' for all options.\n",
                  cli_text_str(why), CLI_USAGE);
    return leave(message, &text, true, 2);
}

static enum cli_outcome failure(struct cli_message *message, struct cli_text *why) {
    struct cli_text text = {0};

    cli_text_addf(&text, "Error: %s\n", cli_text_str(why));
    return leave(message, &text, true, 1);
}

static enum cli_outcome help(const struct cli_inputs *in, bool full, bool to_stderr, int status,
                             struct cli_message *message) {
    struct cli_text text = {0};

    cli_help(in, full, &text);
    return leave(message, &text, to_stderr, status);
}

static bool is_given(const struct layers *l, size_t row) {
    return l->args.values[row].set || l->env.values[row].set;
}

/* True if nothing at all was asked for. */
static bool nothing_given(const struct cli_inputs *in, const struct layers *l) {
    if (in->argc > 1 || l->env.target_count > 0) {
        return false;
    }
    for (size_t i = 0; i < cli_option_count(); i++) {
        if (l->env.values[i].set) {
            return false;
        }
    }
    return true;
}

static bool target_missing(const struct layers *l) {
    if (l->args.target_count > 0 || l->env.target_count > 0) {
        return false;
    }
    for (size_t i = 0; i < cli_option_count(); i++) {
        if ((cli_option(i)->action || cli_option(i)->no_target) && is_given(l, i)) {
            return false;
        }
    }
    return true;
}

/* Arguments and environment. CLI_RUN: go on. */
static enum cli_outcome read_usage(const struct cli_inputs *in, struct cli_arena *arena,
                                   struct layers *l, struct cli_text *why,
                                   struct cli_message *message) {
    switch (cli_args_parse(in->argc, in->argv, arena, &l->args, why)) {
    case CLI_ARGS_OK:
        break;
    case CLI_ARGS_HELP:
        return help(in, false, false, 0, message);
    case CLI_ARGS_LONG_HELP:
        return help(in, true, false, 0, message);
    case CLI_ARGS_VERSION: {
        struct cli_text text = {0};

        cli_text_addf(&text, "hops %s\n", in->version);
        return leave(message, &text, false, 0);
    }
    case CLI_ARGS_ERROR:
        return usage_error(message, why);
    }
    if (!cli_env_read(in->envp, &l->args, arena, &l->env, why) ||
        !cli_args_compatible(&l->args, &l->env, why)) {
        return usage_error(message, why);
    }
    if (nothing_given(in, l)) {
        return help(in, false, true, 2, message);
    }
    if (target_missing(l)) {
        cli_text_add(why, "no target was given: name a host or an address");
        return usage_error(message, why);
    }
    return CLI_RUN;
}

static bool read_file(const struct cli_inputs *in, struct layers *l, struct cli_settings *out,
                      struct cli_text *why) {
    size_t row = (size_t)cli_option_find("config-file", sizeof("config-file") - 1);
    const char *given =
        l->args.values[row].set ? l->args.values[row].text : l->env.values[row].text;

    return cli_config_find(in, given, out, &out->config_path, why) &&
           (out->config_path == NULL ||
            cli_config_load(out->config_path, &out->arena, &l->file, why));
}

static enum cli_outcome parse(const struct cli_inputs *in, struct cli_settings *out,
                              struct cli_text *why, struct cli_message *message) {
    struct layers *l = cli_arena_alloc(&out->arena, sizeof(*l));
    struct cli_text text = {0};

    if (read_usage(in, &out->arena, l, why, message) == CLI_EXIT) {
        return CLI_EXIT;
    }
    cli_layer_merge(&l->args, &l->env, &l->file, out);
    if (cli_action(in, out, &text)) {
        return leave(message, &text, false, 0);
    }
    if (!read_file(in, l, out, why)) {
        return failure(message, why);
    }
    cli_layer_merge(&l->args, &l->env, &l->file, out);
    cli_derive(in, out);
    return cli_validate(in, out, why) ? CLI_RUN : failure(message, why);
}

enum cli_outcome cli_parse(const struct cli_inputs *in, struct cli_settings *out,
                           struct cli_message *message) {
    struct cli_text why = {0};

    *out = (struct cli_settings){0};
    *message = (struct cli_message){0};
    enum cli_outcome outcome = parse(in, out, &why, message);
    cli_text_done(&why);
    if (outcome == CLI_EXIT) {
        cli_settings_done(out);
    }
    return outcome;
}
