/* SPDX-License-Identifier: MIT
 *
 * A word is a target, a long option or a bundle of short ones. Values of options are read at once,
 * so that the first mistake from the left is the one that is told.
 */
#include "cli/args.h"

#include <stdlib.h>
#include <string.h>

struct parser {
    int argc;
    char *const *argv;
    int next; /* the next word */
    struct cli_arena *arena;
    struct cli_layer *out;
    struct cli_text *why;
    const char **targets;
};

/* Damerau-Levenshtein distance of neighbouring swaps, for words below 64 octets; else large. */
static size_t distance(const char *a, size_t a_len, const char *b) {
    size_t b_len = strlen(b);
    size_t rows[3][64] = {{0}};

    if (a_len >= 64 || b_len >= 64) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= b_len; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *higher = rows[(i + 1) % 3];

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);

            if (above[j] + 1 < best) {
                best = above[j] + 1;
            }
            if (row[j - 1] + 1 < best) {
                best = row[j - 1] + 1;
            }
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                higher[j - 2] + 1 < best) {
                best = higher[j - 2] + 1;
            }
            row[j] = best;
        }
    }
    return rows[a_len % 3][b_len];
}

const char *cli_args_similar(const char *name, size_t len) {
    const char *best = NULL;
    size_t best_distance = len > 5 ? 3 : len > 2 ? 2 : 0; /* below this */

    for (size_t i = 0; i < cli_option_count() + 2; i++) {
        const char *known = i < cli_option_count()    ? cli_option(i)->name
                            : i == cli_option_count() ? "help"
                                                      : "version";
        size_t d = distance(name, len, known);

        if (d < best_distance) {
            best_distance = d;
            best = known;
        }
    }
    for (size_t i = 0; best == NULL && len >= 3 && i < cli_option_count(); i++) {
        if (strncmp(cli_option(i)->name, name, len) == 0) {
            best = cli_option(i)->name;
        }
    }
    return best;
}

void cli_args_add_invalid(const char *value, const char *what, struct cli_text *why) {
    cli_text_add(why, "invalid value '");
    cli_text_add_clean(why, value);
    cli_text_addf(why, "' for '%s': ", what);
}

static void add_clean_part(struct cli_text *why, const char *text, size_t len) {
    struct cli_text part = {0};

    cli_text_add_bytes(&part, text, len);
    cli_text_add_clean(why, part.data);
    cli_text_done(&part);
}

static void add_quoted(struct cli_text *why, const char *before, const char *text, size_t len,
                       const char *after) {
    cli_text_addf(why, "%s'", before);
    add_clean_part(why, text, len);
    cli_text_addf(why, "'%s", after);
}

static enum cli_args_result unknown_option(struct parser *p, const char *word, size_t len) {
    add_quoted(p->why, "unknown option ", word, len, "");
    if (strncmp(word, "--", 2) == 0) {
        const char *similar = cli_args_similar(word + 2, len - 2);

        if (similar != NULL) {
            cli_text_addf(p->why, "\n\n  A similar option exists: '--%s'.", similar);
        }
    }
    cli_text_add(p->why, "\n\n  A target of that name is written after two dashes: '-- ");
    add_clean_part(p->why, word, len);
    cli_text_add(p->why, "'.");
    return CLI_ARGS_ERROR;
}

/* The name of an option in messages. The result is freed by the caller. */
static char *usage_of(const struct cli_option *option) {
    struct cli_text usage = {0};

    cli_option_add_usage(option, &usage);
    return cli_text_take(&usage);
}

static enum cli_args_result fail_about(struct parser *p, const struct cli_option *option,
                                       const char *what) {
    char *usage = usage_of(option);

    cli_text_addf(p->why, "'%s' %s", usage, what);
    free(usage);
    return CLI_ARGS_ERROR;
}

static enum cli_args_result set_switch(struct parser *p, size_t row, const char *attached) {
    const struct cli_option *option = cli_option(row);
    struct cli_value *value = &p->out->values[row];

    if (value->set) {
        return fail_about(p, option, "cannot be used multiple times");
    }
    if (attached == NULL) {
        *value = (struct cli_value){.set = true, .number = 1};
        return CLI_ARGS_OK;
    }
    if (option->type == CLI_SWITCH) {
        add_quoted(p->why, "unexpected value ", attached, strlen(attached), "");
        cli_text_addf(p->why, " for '--%s': it takes none", option->name);
        return CLI_ARGS_ERROR;
    }
    if (!cli_value_parse(option, attached, p->arena, value, p->why)) {
        struct cli_text reason = *p->why;

        *p->why = (struct cli_text){0};
        char *usage = usage_of(option);
        cli_args_add_invalid(attached, usage, p->why);
        free(usage);
        cli_text_add(p->why, cli_text_str(&reason));
        cli_text_done(&reason);
        return CLI_ARGS_ERROR;
    }
    return CLI_ARGS_OK;
}

static enum cli_args_result set_value(struct parser *p, size_t row, const char *text) {
    const struct cli_option *option = cli_option(row);
    struct cli_value *value = &p->out->values[row];
    struct cli_text reason = {0};
    bool list = option->layering == CLI_LAYER_LIST;

    if (value->set && !cli_option_is_repeatable(option)) {
        return fail_about(p, option, "cannot be used multiple times");
    }
    bool ok = list ? cli_value_parse_list(row, text, p->out, &reason)
                   : cli_value_parse(option, text, p->arena, value, &reason);
    if (!ok) {
        char *usage = usage_of(option);

        cli_args_add_invalid(text, usage, p->why);
        cli_text_add(p->why, cli_text_str(&reason));
        free(usage);
    }
    cli_text_done(&reason);
    return ok ? CLI_ARGS_OK : CLI_ARGS_ERROR;
}

/* attached: the text after = or after the letter, NULL if there is none. */
static enum cli_args_result set_option(struct parser *p, size_t row, const char *attached) {
    const struct cli_option *option = cli_option(row);

    if (cli_option_is_switch(option)) {
        return set_switch(p, row, attached);
    }
    if (attached == NULL) {
        const char *word = p->next < p->argc ? p->argv[p->next] : NULL;

        if (word == NULL || (word[0] == '-' && word[1] != '\0')) {
            return fail_about(p, option, "needs a value");
        }
        p->next++;
        attached = word;
    }
    return set_value(p, row, attached);
}

static enum cli_args_result long_option(struct parser *p, const char *word) {
    const char *name = word + 2;
    size_t len = strcspn(name, "=");
    const char *attached = name[len] == '=' ? name + len + 1 : NULL;
    bool help = len == 4 && memcmp(name, "help", 4) == 0;
    bool version = len == 7 && memcmp(name, "version", 7) == 0;

    if (help || version) {
        if (attached != NULL) {
            add_quoted(p->why, "unexpected value ", attached, strlen(attached), "");
            cli_text_addf(p->why, " for '--%s': it takes none", help ? "help" : "version");
            return CLI_ARGS_ERROR;
        }
        return help ? CLI_ARGS_LONG_HELP : CLI_ARGS_VERSION;
    }
    int row = cli_option_find(name, len);
    if (row < 0) {
        return unknown_option(p, word, len + 2);
    }
    return set_option(p, (size_t)row, attached);
}

static enum cli_args_result bundle(struct parser *p, const char *word) {
    for (const char *at = word + 1; *at != '\0'; at++) {
        if (*at == 'h' || *at == 'V') {
            return *at == 'h' ? CLI_ARGS_HELP : CLI_ARGS_VERSION;
        }
        int row = cli_option_find_letter(*at);
        if (row < 0) {
            if (at == word + 1) {
                return unknown_option(p, word, strlen(word));
            }
            add_quoted(p->why, "unknown option ", at, 1, "");
            add_quoted(p->why, " in ", word, strlen(word), "");
            return CLI_ARGS_ERROR;
        }
        const char *attached = at[1] == '=' ? at + 2 : NULL;
        if (attached == NULL && cli_option_takes_value(cli_option((size_t)row)) && at[1] != '\0') {
            attached = at + 1;
        }
        enum cli_args_result result = set_option(p, (size_t)row, attached);
        if (result != CLI_ARGS_OK || attached != NULL) {
            return result;
        }
    }
    return CLI_ARGS_OK;
}

enum cli_args_result cli_args_parse(int argc, char *const *argv, struct cli_arena *arena,
                                    struct cli_layer *out, struct cli_text *why) {
    struct parser p = {
        .argc = argc, .argv = argv, .next = 1, .arena = arena, .out = out, .why = why};
    bool only_targets = false;
    size_t words = argc > 0 ? (size_t)argc : 0;

    p.targets = cli_arena_alloc(arena, (words + 1) * sizeof(*p.targets));
    out->targets = p.targets;
    while (p.next < argc) {
        const char *word = argv[p.next++];
        enum cli_args_result result = CLI_ARGS_OK;

        if (only_targets || word[0] != '-' || word[1] == '\0') {
            p.targets[out->target_count++] = word;
        } else if (strcmp(word, "--") == 0) {
            only_targets = true;
        } else if (word[1] == '-') {
            result = long_option(&p, word);
        } else {
            result = bundle(&p, word);
        }
        if (result != CLI_ARGS_OK) {
            return result;
        }
    }
    return CLI_ARGS_OK;
}

/* "'--udp'" or "HOPS_UDP". */
static void add_origin(size_t row, const struct cli_layer *args, struct cli_text *why) {
    char upper[64];

    if (args->values[row].set) {
        cli_text_addf(why, "'--%s'", cli_option(row)->name);
    } else {
        cli_text_add(why, cli_option_upper("HOPS_", cli_option(row)->name, upper));
    }
}

bool cli_args_compatible(const struct cli_layer *args, const struct cli_layer *env,
                         struct cli_text *why) {
    for (size_t i = 0; i < cli_option_count(); i++) {
        for (size_t j = i + 1; j < cli_option_count(); j++) {
            bool clash = cli_option(i)->group != CLI_GROUP_NONE &&
                         cli_option(i)->group == cli_option(j)->group;

            if (clash && (args->values[i].set || env->values[i].set) &&
                (args->values[j].set || env->values[j].set)) {
                add_origin(i, args, why);
                cli_text_add(why, " and ");
                add_origin(j, args, why);
                cli_text_add(why, " exclude each other");
                return false;
            }
        }
    }
    return true;
}
