/* SPDX-License-Identifier: MIT
 *
 * The file is replaced by rename(), so whoever reads it sees the old text or the new one, and a
 * link in its place is replaced, not followed. Nothing is written that does not mean the old text
 * plus the changes to the same reader that will read it.
 */
#include "cli/config_save.h"

#include "cli/config_edit.h"
#include "cli/config_file.h"
#include "cli/encoding.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20 };

static const char mark[] = "\xef\xbb\xbf";

/* Reading. */

static bool read_all(int fd, struct cli_text *out) {
    char buffer[4096];
    ssize_t n;

    while ((n = read(fd, buffer, sizeof(buffer))) != 0) {
        if (n < 0 && errno != EINTR) {
            return false;
        }
        cli_text_add_bytes(out, buffer, n < 0 ? 0 : (size_t)n);
        if (out->len > FILE_MAX) {
            errno = EFBIG;
            return false;
        }
    }
    return true;
}

static bool is_utf16(const struct cli_text *data) {
    const char *p = cli_text_str(data);

    return data->len >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0);
}

static bool read_file(struct cli_config_store *store, int fd) {
    struct cli_text data = {0};
    bool ok = fstat(fd, &store->seen) == 0;

    if (ok && !S_ISREG(store->seen.st_mode)) {
        errno = ENOTSUP; /* a file in the place of a device or a pipe would end what it is for */
        ok = false;
    }
    ok = ok && read_all(fd, &data);
    if (ok) {
        store->exists = true;
        store->foreign = store->seen.st_uid != geteuid();
        store->utf16 = is_utf16(&data);
        store->marked = data.len >= 3 && memcmp(cli_text_str(&data), mark, 3) == 0;
        (void)cli_encoding_to_utf8(cli_text_str(&data), data.len, &store->text);
    }
    cli_text_done(&data);
    return ok;
}

void cli_config_store_open(struct cli_config_store *store, const char *path) {
    *store = (struct cli_config_store){.directory = -1};
    const char *slash = path == NULL ? NULL : strrchr(path, '/');

    if (slash == NULL) {
        return;
    }
    struct cli_text copy = {0};
    cli_text_add_bytes(&copy, path, slash == path ? 1 : (size_t)(slash - path));
    store->directory = open(cli_text_str(&copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    store->os_errno = store->directory < 0 ? errno : 0;
    cli_text_done(&copy);
    cli_text_add(&copy, path);
    store->path = cli_text_take(&copy);
    store->name = store->path + (slash - path) + 1;
    if (store->directory < 0) {
        return;
    }
    int fd = openat(store->directory, store->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        store->os_errno = errno == ENOENT ? 0 : errno;
        return;
    }
    store->os_errno = read_file(store, fd) ? 0 : errno;
    (void)close(fd);
}

void cli_config_store_done(struct cli_config_store *store) {
    if (store->path != NULL && store->directory >= 0) {
        (void)close(store->directory);
    }
    free(store->path);
    cli_text_done(&store->text);
    *store = (struct cli_config_store){.directory = -1};
}

/* Is there what was there when it was read? */
static bool is_as_seen(const struct cli_config_store *store) {
    struct stat now;

    if (fstatat(store->directory, store->name, &now, AT_SYMLINK_NOFOLLOW) != 0) {
        return !store->exists && errno == ENOENT;
    }
    return store->exists && now.st_dev == store->seen.st_dev && now.st_ino == store->seen.st_ino &&
           now.st_size == store->seen.st_size && now.st_mtim.tv_sec == store->seen.st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == store->seen.st_mtim.tv_nsec;
}

/* Meaning. */

static bool same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_servers(const struct cli_servers *a, const struct cli_servers *b) {
    struct cli_text one = {0};
    struct cli_text other = {0};

    cli_servers_add(a, &one);
    cli_servers_add(b, &other);
    bool same = strcmp(cli_text_str(&one), cli_text_str(&other)) == 0;
    cli_text_done(&one);
    cli_text_done(&other);
    return same;
}

static bool same_addr(const struct cli_addr *a, const struct cli_addr *b) {
    return hops_addr_equal(&a->addr, &b->addr) && strcmp(a->zone, b->zone) == 0;
}

static bool same_value(const struct cli_value *a, const struct cli_value *b) {
    return a->set == b->set &&
           (!a->set || (a->number == b->number && same_text(a->text, b->text) &&
                        same_servers(a->servers, b->servers) && same_addr(&a->addr, &b->addr)));
}

static bool same_layer(const struct cli_layer *a, const struct cli_layer *b) {
    for (size_t i = 0; i < CLI_OPTIONS_MAX; i++) {
        if (!same_value(&a->values[i], &b->values[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < CLI_THEME_ITEMS; i++) {
        if (a->theme_set[i] != b->theme_set[i] ||
            (a->theme_set[i] && !cli_color_equal(&a->theme[i], &b->theme[i]))) {
            return false;
        }
    }
    for (size_t i = 0; i < CLI_COMMANDS; i++) {
        if (a->binding_set[i] != b->binding_set[i] ||
            (a->binding_set[i] && !cli_key_equal(&a->bindings[i], &b->bindings[i]))) {
            return false;
        }
    }
    return true;
}

static bool apply(const struct cli_change *change, struct cli_arena *arena,
                  struct cli_layer *layer) {
    int row = cli_option_find(change->name, strlen(change->name));
    struct cli_text why = {0};
    bool ok = row >= 0;

    if (ok) {
        const struct cli_option *option = cli_option((size_t)row);
        struct cli_value *value = &layer->values[row];
        *value = (struct cli_value){.set = change->value != NULL};
        if (change->value != NULL && option->type == CLI_SWITCH) {
            value->number = strcmp(change->value, "true") == 0;
        } else if (change->value != NULL) {
            ok = cli_value_parse(option, change->value, arena, value, &why);
        }
    }
    cli_text_done(&why);
    return ok;
}

/* Does `after` say what `before` says, plus the changes? */
static bool means(const struct cli_text *before, const struct cli_text *after,
                  const struct cli_change *changes, size_t count) {
    struct cli_layer *layers = calloc(2, sizeof(*layers));
    struct cli_arena arena = {0};
    struct cli_text why = {0};
    bool ok = layers != NULL &&
              cli_config_read(cli_text_str(before), before->len, "", &arena, &layers[0], &why) &&
              cli_config_read(cli_text_str(after), after->len, "", &arena, &layers[1], &why);

    for (size_t i = 0; i < count && ok; i++) {
        ok = apply(&changes[i], &arena, &layers[0]);
    }
    ok = ok && same_layer(&layers[0], &layers[1]);
    free(layers);
    cli_text_done(&why);
    cli_arena_done(&arena);
    return ok;
}

static bool edit(const struct cli_text *before, const struct cli_change *changes, size_t count,
                 struct cli_text *out) {
    cli_text_add_bytes(out, cli_text_str(before), before->len);
    for (size_t i = 0; i < count; i++) {
        int row = cli_option_find(changes[i].name, strlen(changes[i].name));
        if (row < 0 || !cli_config_edit(out, cli_option((size_t)row), changes[i].value)) {
            return false;
        }
    }
    return means(before, out, changes, count);
}

/* Writing. */

static bool write_all(int fd, const char *data, size_t len) {
    while (len > 0) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        data += n < 0 ? 0 : n;
        len -= n < 0 ? 0 : (size_t)n;
    }
    return true;
}

/* A new file that nobody else has; its name is put into `name`. */
static int make_file(const struct cli_config_store *store, mode_t mode, char name[64]) {
    int fd = -1;

    for (int i = 0; i < 16 && fd < 0; i++) {
        (void)snprintf(name, 64, ".hops-%ld-%d.tmp", (long)getpid(), i);
        fd = openat(store->directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                    mode);
        if (fd < 0 && errno != EEXIST) {
            break; /* what is left of a crash is passed over */
        }
    }
    return fd;
}

/* All or nothing under the name; out_stat: the file. False with errno. */
static bool put(const struct cli_config_store *store, const char *name, const struct cli_text *text,
                struct stat *out_stat) {
    char temporary[64];
    mode_t mode = store->exists ? store->seen.st_mode & 0666 : 0644;
    int fd = make_file(store, mode, temporary);

    if (fd < 0) {
        return false;
    }
    bool ok = (!store->marked || write_all(fd, mark, 3)) &&
              write_all(fd, cli_text_str(text), text->len) && fsync(fd) == 0 &&
              fstat(fd, out_stat) == 0;
    int err = errno;
    if (close(fd) != 0 && ok) {
        ok = false;
        err = errno;
    }
    if (ok && renameat(store->directory, temporary, store->directory, name) != 0) {
        ok = false;
        err = errno;
    }
    if (!ok) {
        (void)unlinkat(store->directory, temporary, 0);
    }
    (void)fsync(store->directory); /* some file systems cannot; the file is there all the same */
    errno = err;
    return ok;
}

static enum cli_save_result write_result(struct cli_config_store *store, struct cli_text *text,
                                         enum cli_save_result wanted, char **out_path,
                                         int *os_errno) {
    struct cli_text name = {0};
    struct cli_text path = {0};
    struct stat st;
    const char *suffix = wanted == CLI_SAVE_DONE ? "" : ".new";

    cli_text_addf(&name, "%s%s", store->name, suffix);
    cli_text_addf(&path, "%s%s", store->path, suffix);
    *out_path = cli_text_take(&path);
    if (!put(store, cli_text_str(&name), text, &st)) {
        *os_errno = errno;
        wanted = CLI_SAVE_ERROR;
    } else if (wanted == CLI_SAVE_DONE) {
        store->exists = true;
        store->seen = st;
        cli_text_done(&store->text);
        store->text = *text;
        *text = (struct cli_text){0};
    }
    cli_text_done(&name);
    return wanted;
}

enum cli_save_result cli_config_save(struct cli_config_store *store,
                                     const struct cli_change *changes, size_t count,
                                     char **out_path, int *os_errno) {
    enum cli_save_result result = CLI_SAVE_UNKNOWN;
    struct cli_text text = {0};
    struct cli_text path = {0};

    *os_errno = store->os_errno;
    *out_path = NULL;
    if (store->path == NULL) {
        return CLI_SAVE_NOWHERE;
    }
    if (store->os_errno != 0) {
        result = CLI_SAVE_ERROR;
    } else if (store->foreign) {
        result = CLI_SAVE_FOREIGN;
    } else if (edit(&store->text, changes, count, &text)) {
        result = store->utf16        ? CLI_SAVE_BESIDE_ENCODING
                 : is_as_seen(store) ? CLI_SAVE_DONE
                                     : CLI_SAVE_BESIDE_CHANGED;
        result = write_result(store, &text, result, out_path, os_errno);
    }
    if (*out_path == NULL) {
        cli_text_add(&path, store->path);
        *out_path = cli_text_take(&path);
    }
    cli_text_done(&text);
    return result;
}
