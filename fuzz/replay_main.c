/* SPDX-License-Identifier: MIT
 *
 * Feeds files to a fuzz target, so that every build runs the corpora as tests and a finding can be
 * replayed without libFuzzer: replay_ipv4 FILE|DIRECTORY... Exit 1 if something could not be read
 * or nothing was there.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

static bool fail(const char *path) {
    (void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return false;
}

/* The buffer is exactly as long as the file: sanitizers see every octet read too many. */
static bool replay_stream(const char *path, FILE *file, size_t size) {
    uint8_t *data = malloc(size > 0 ? size : 1);
    bool ok = data != NULL && fread(data, 1, size, file) == size;

    if (ok) {
        (void)LLVMFuzzerTestOneInput(data, size);
    } else {
        (void)fail(path);
    }
    free(data);
    return ok;
}

static bool replay_file(const char *path, size_t size) {
    FILE *file = fopen(path, "rb");
    bool ok;

    if (file == NULL) {
        return fail(path);
    }
    ok = replay_stream(path, file, size);
    (void)fclose(file);
    return ok;
}

static bool replay(const char *path, bool in_directory, unsigned *count);

static bool replay_directory(const char *path, unsigned *count) {
    DIR *directory = opendir(path);
    const struct dirent *entry;
    bool ok = true;

    if (directory == NULL) {
        return fail(path);
    }
    while ((entry = readdir(directory)) != NULL) {
        char file[4096];
        int len = snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);

        if (entry->d_name[0] == '.') {
            continue;
        }
        ok = len > 0 && (size_t)len < sizeof(file) && replay(file, true, count) && ok;
    }
    (void)closedir(directory);
    return ok;
}

static bool replay(const char *path, bool in_directory, unsigned *count) {
    struct stat info;

    if (stat(path, &info) != 0) {
        return fail(path);
    }
    if (S_ISDIR(info.st_mode)) {
        return in_directory || replay_directory(path, count);
    }
    (*count)++;
    return replay_file(path, (size_t)info.st_size);
}

int main(int argc, char **argv) {
    unsigned count = 0;
    bool ok = true;

    for (int i = 1; i < argc; i++) {
        ok = replay(argv[i], false, &count) && ok;
    }
    (void)printf("%u inputs\n", count);
    return ok && count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
