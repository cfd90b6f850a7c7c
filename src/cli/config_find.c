/* SPDX-License-Identifier: MIT
 *
 * Where the configuration file is looked for, and where settings are saved.
 */
#include "cli/config_file.h"
#include "cli/env.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* The directory of a file without links, and its name there: what is behind a link is changed, and
 * the link stays. Links that somebody else put there are not followed. A device is no place to save
 * in: to root, a file put there would take the place of /dev/null. */
static const char *real_path(struct cli_arena *arena, const char *path) {
    struct stat st;

    if (lstat(path, &st) != 0 || (S_ISLNK(st.st_mode) && st.st_uid != geteuid()) ||
        stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
        return NULL;
    }
    char *real = realpath(path, NULL);
    const char *copy = real == NULL ? NULL : cli_arena_copy(arena, real, strlen(real));
    free(real);
    return copy;
}

/* Without a file, one is made in the last of the places that is there. */
static const char *new_path(struct cli_arena *arena, const char *const places[3]) {
    for (size_t i = 3; i-- > 0;) {
        struct stat st;
        bool there = stat(places[i], &st) == 0 && S_ISDIR(st.st_mode);
        char *real = there ? realpath(places[i], NULL) : NULL;
        if (real != NULL) {
            const char *path = join(arena, real, i == 0 ? ".hops.toml" : "hops.toml");
            free(real);
            return path;
        }
    }
    return NULL;
}

bool cli_config_find(const struct cli_inputs *in, const char *given, struct cli_settings *settings,
                     const char **out, struct cli_text *why) {
    const char *home = cli_env_get(in->envp, "HOME");
    const char *xdg = cli_env_get(in->envp, "XDG_CONFIG_HOME");

    *out = given != NULL ? given : find_in(in->directory == NULL ? "" : in->directory, settings);
    if (*out != NULL) {
        settings->config_save_path = real_path(&settings->arena, *out);
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
    settings->config_save_path =
        *out != NULL ? real_path(&settings->arena, *out) : new_path(&settings->arena, places);
    return true;
}
