/* SPDX-License-Identifier: MIT
 *
 * The option table. Arguments, environment variables, keys of the configuration file, bounds, help,
 * completions, the manual page and the configuration template all come from its rows: adding an
 * option is adding a row (option_table.c), and a field of struct cli_settings for its value.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/settings.h"

enum cli_type {
    CLI_SWITCH,      /* bool */
    CLI_SWITCH_FILE, /* bool, and const char * for the optional =FILE */
    CLI_U8,          /* int, -1: none */
    CLI_U16,         /* int, -1: none */
    CLI_SIZE,        /* uint64_t */
    CLI_DURATION,    /* hops_ns */
    CLI_ADDR,        /* struct cli_addr */
    CLI_SERVERS,     /* const struct cli_servers *, NULL: none; a list, and repeatable */
    CLI_STRING,      /* const char *, NULL: none */
    CLI_PATH,        /* const char *, NULL: none; completed as a file name */
    CLI_CHOICE,      /* an enum or int, -1: none */
    CLI_COLORS,      /* list into theme */
    CLI_KEYS         /* list into bindings */
};

/* How the layers combine. */
enum cli_layering {
    CLI_LAYER_A,  /* arguments, then environment, then file, then built-in */
    CLI_LAYER_ON, /* on if anybody turns it on: a file's true cannot be undone */
    CLI_LAYER_LIST
};

/* Options of the same group exclude each other on the command line and in the environment. */
enum cli_group { CLI_GROUP_NONE, CLI_GROUP_PROTOCOL, CLI_GROUP_FAMILY, CLI_GROUP_SOURCE };

struct cli_choice {
    const char *name; /* NULL ends the set */
    const char *help;
};

struct cli_option {
    const char *name; /* without dashes */
    char letter;      /* '\0': none */
    enum cli_type type;
    enum cli_layering layering;
    enum cli_group group;
    const char *table;  /* of the configuration file, where the key is the name; NULL: not there */
    size_t offset;      /* of the value in struct cli_settings */
    size_t file_offset; /* of the FILE of a CLI_SWITCH_FILE */
    const struct cli_choice *choices;
    const char *deflt;  /* as text; NULL: none */
    const char *shown;  /* the default in words, if deflt does not tell it */
    bool bounded;       /* min and max are checked on the final value */
    int64_t min, max;   /* nanoseconds for durations */
    bool action;        /* prints something and ends; needs no target */
    bool no_target;     /* targets become optional, though it is no action */
    const char *sample; /* for the template, if there is no default */
    const char *help;   /* one sentence */
    const char *more;   /* further sentences of the long help and the manual page; or NULL */
};

size_t cli_option_count(void);
const struct cli_option *cli_option(size_t index);
int cli_option_find(const char *name, size_t len); /* by long name; -1: unknown */
int cli_option_find_letter(char letter);           /* -1: unknown */

bool cli_option_takes_value(const struct cli_option *option); /* a value must follow */
bool cli_option_is_switch(const struct cli_option *option);
bool cli_option_is_repeatable(const struct cli_option *option);

/* "HOPS_FIRST_TTL" for "first-ttl"; "FIRST_TTL" with an empty prefix. Returns out. */
char *cli_option_upper(const char *prefix, const char *name, char out[64]);

/* Adds "--first-ttl <FIRST_TTL>". */
void cli_option_add_usage(const struct cli_option *option, struct cli_text *out);

/* The choice of that name, -1: none. */
int cli_choice_find(const struct cli_choice *choices, const char *name);

/* Adds "a, b, c". */
void cli_choice_add_list(const struct cli_choice *choices, struct cli_text *out);

/* A default as people read it, or NULL if there is none. */
const char *cli_option_default(const struct cli_option *option);

#endif
