/* SPDX-License-Identifier: MIT
 *
 * The configuration file as a place where settings can be saved while the program runs. It is read
 * and its directory opened before the sandbox is entered; later, files can only be made, written
 * and renamed in that directory.
 */
#ifndef CLI_CONFIG_SAVE_H
#define CLI_CONFIG_SAVE_H

#include "cli/text.h"

#include <sys/stat.h>

/* One setting: the long name of an option with a key in the file, and its value as on the command
 * line; NULL: it is no longer set. */
struct cli_change {
    const char *name;
    const char *value;
};

enum cli_save_result {
    CLI_SAVE_DONE,
    CLI_SAVE_NOWHERE, /* there is no place to save in */
    CLI_SAVE_FOREIGN, /* the file belongs to somebody else */
    CLI_SAVE_UNKNOWN, /* the way it is written is not understood */
    CLI_SAVE_ERROR,   /* os_errno */
    /* Saved, but into another file, since the one it was read from ... */
    CLI_SAVE_BESIDE_ENCODING, /* ... is not UTF-8 */
    CLI_SAVE_BESIDE_CHANGED   /* ... has been changed by somebody else since */
};

struct cli_config_store {
    char *path;       /* NULL: nowhere */
    const char *name; /* last part of path */
    int directory;    /* a descriptor */
    bool exists;      /* there is a file; then: */
    bool foreign;     /* it is not ours */
    bool utf16;
    struct stat seen;     /* as it was when text was read */
    struct cli_text text; /* UTF-8 */
    bool marked;          /* a byte order mark stood before it */
    int os_errno;         /* it could not be opened or read; 0: it could */
};

/* path: absolute and without links in it (cli_settings.config_save_path); NULL: nowhere. */
void cli_config_store_open(struct cli_config_store *store, const char *path);
void cli_config_store_done(struct cli_config_store *store);

/* Makes the changes in the file: a whole new one takes its place, or none. out_path: the file that
 * was (or should have been) written; the caller frees it, NULL if there is none. *os_errno is set
 * with CLI_SAVE_ERROR. */
enum cli_save_result cli_config_save(struct cli_config_store *store,
                                     const struct cli_change *changes, size_t count,
                                     char **out_path, int *os_errno);

#endif
