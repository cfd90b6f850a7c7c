/* SPDX-License-Identifier: MIT
 *
 * Where the configuration file is looked for.
 */
#include "cli/config_file.h"
#include "cli/env.h"

#include <string.h>
#include <sys/stat.h>

static const char *join(struct cli_arena *arena, const char *directory, const char *name) {
    struct cli_text path = {0};

    if (directory[0] != '\0') {
        cli_text_addf(&path, "%s/", directory);
    }
    cli_text_add(&path, name);
    const char *copy = cli_arena_copy(arena, path.data, path.len);
    cli_text_done(&path);
    return copy;
}

static void note(struct cli_settings *settings, const char *path, const char *what) {
    struct cli_text line = {0};
    const char **notes =
        cli_arena_alloc(&settings->arena, (settings->note_count + 1) * sizeof(*notes));

    for (size_t i = 0; i < settings->note_count; i++) {
        notes[i] = settings->notes[i];
    }
    cli_text_add_clean(&line, path);
    cli_text_addf(&line, " was passed over: %s", what);
    notes[settings->note_count] = cli_arena_copy(&settings->arena, line.data, line.len);
    settings->notes = notes;
    settings->note_count++;
    cli_text_done(&line);
}

/* The first of the two names that is a regular file, NULL: none is. */
static const char *find_in(const char *directory, struct cli_settings *settings) {
    static const char *const names[] = {"hops.toml", ".hops.toml"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *path = join(&settings->arena, directory, names[i]);
        struct stat st;

        if (stat(path, &st) == 0) {
            if (S_ISREG(st.st_mode)) {
                return path;
            }
            note(settings, path, "not a regular file");
        } else if (lstat(path, &st) == 0) {
            note(settings, path, "the link leads nowhere");
        }
    }
    return NULL;
}

bool cli_config_find(const struct cli_inputs *in, const char *given, struct cli_settings *settings,
                     const char **out, struct cli_text *why) {
    const char *home = cli_env_get(in->envp, "HOME");
    const char *xdg = cli_env_get(in->envp, "XDG_CONFIG_HOME");

    if (given != NULL) {
        *out = given;
        return true;
    }
    *out = find_in(in->directory == NULL ? "" : in->directory, settings);
    if (*out != NULL) {
        return true;
    }
    if (home == NULL || home[0] == '\0') {
        home = in->home;
    }
    if (home == NULL) {
        cli_text_add(why, "there is no home directory to look for a configuration file in: set "
                          "HOME, or name a file with --config-file");
        return false;
    }
    const char *config =
        xdg != NULL && xdg[0] == '/' ? xdg : join(&settings->arena, home, ".config");
    const char *const places[] = {home, config, join(&settings->arena, config, "hops")};
    for (size_t i = 0; *out == NULL && i < sizeof(places) / sizeof(places[0]); i++) {
        *out = find_in(places[i], settings);
    }
    return true;
}
