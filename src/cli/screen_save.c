/* SPDX-License-Identifier: MIT */
#include "cli/screen_save.h"

#include "base/diag.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    TARGET_MOST = 64, /* octets of the target in a name */
    NAMES_TRIED = 99  /* of the same second */
};

enum hops_err cli_screen_save_open(struct cli_screen_save *save, const char *directory,
                                   struct hops_diag *diag) {
    const char *path = directory == NULL ? "." : directory;
    int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

    /* A file as large as it may be is told like a full disk: the signal would end the program and
     * leave the terminal as the screen has it. */
    (void)signal(SIGXFSZ, SIG_IGN);

    *save =
        (struct cli_screen_save){.opened = fd >= 0, .directory = fd, .failure = fd < 0 ? errno : 0};
    if (!save->opened && directory != NULL) {
        return hops_diag_set(diag, HOPS_ERR_SYSTEM, "save-dir %s: %s", directory,
                             strerror(save->failure));
    }
    return HOPS_OK;
}

void cli_screen_save_close(struct cli_screen_save *save) {
    if (save->opened) {
        (void)close(save->directory);
    }
    *save = (struct cli_screen_save){0};
}

/* Names. */

static const char *extension_of(const char *format) {
    static const struct {
        const char *format, *extension;
    } extensions[] = {{"pretty", "txt"}, {"markdown", "md"}, {"flows", "flows.txt"}};

    for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++) {
        if (strcmp(format, extensions[i].format) == 0) {
            return extensions[i].extension;
        }
    }
    return format;
}

/* What people type may hold anything, slashes and escapes too. */
static void clean_target(const char *target, char out[TARGET_MOST + 1]) {
    static const char kept[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-";
    size_t n = 0;

    for (; n < TARGET_MOST && target[n] != '\0'; n++) {
        out[n] = strchr(kept, target[n]) != NULL ? target[n] : '_';
    }
    out[n] = '\0';
}

static void make_name(const struct cli_report_file *file, int number, char out[CLI_REPORT_NAME]) {
    time_t seconds = (time_t)file->seconds;
    char target[TARGET_MOST + 1];
    char stamp[32] = "";
    char again[16] = "";
    struct tm tm;

    clean_target(file->target, target);
    if (gmtime_r(&seconds, &tm) != NULL) {
        (void)strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm);
    }
    if (number > 1) {
        (void)snprintf(again, sizeof(again), "-%d", number);
    }
    (void)snprintf(out, CLI_REPORT_NAME, "hops-%s-%s%s.%s", target, stamp, again,
                   extension_of(file->format));
}

/* Files. */

static int create(const struct cli_screen_save *save, const struct cli_report_file *file,
                  char out_name[CLI_REPORT_NAME]) {
    int fd = -1;

    for (int number = 1; fd < 0 && number <= NAMES_TRIED; number++) {
        make_name(file, number, out_name);
        fd = openat(save->directory, out_name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                    0644);
        if (fd < 0 && errno != EEXIST) {
            return -1;
        }
    }
    return fd;
}

/* Takes the descriptor. */
static bool write_report(int fd, const struct report_format *format,
                         const struct report_input *report) {
    FILE *out = fdopen(fd, "w");

    if (out == NULL) {
        int why = errno;
        (void)close(fd);
        errno = why;
        return false;
    }
    bool written = format->write(out, report);
    int why = errno;
    bool closed = fclose(out) == 0;
    if (!written) {
        errno = why;
    }
    return written && closed;
}

bool cli_screen_save(const struct cli_screen_save *save, const struct cli_report_file *file,
                     char out_name[CLI_REPORT_NAME]) {
    const struct report_format *format = report_format_find(file->format);

    assert(format != NULL);
    if (!save->opened) {
        errno = save->failure;
        return false;
    }
    int fd = create(save, file, out_name);
    if (fd < 0) {
        return false;
    }
    if (!write_report(fd, format, file->report)) {
        int why = errno;
        (void)unlinkat(save->directory, out_name, 0);
        errno = why;
        return false;
    }
    return true;
}

char *cli_report_text(const char *format, const struct report_input *report) {
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    if (out == NULL) {
        return NULL;
    }
    bool written = report_format_find(format)->write(out, report);
    if (fclose(out) != 0 || !written) {
        free(text);
        return NULL;
    }
    return text;
}
