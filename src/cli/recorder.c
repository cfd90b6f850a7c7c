/* SPDX-License-Identifier: MIT */
#include "cli/recorder.h"

#include "base/diag.h"
#include "cli/message.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum hops_err refuse(const char *path, int fd, const char *why, struct hops_diag *diag) {
    (void)hops_diag_set(diag, HOPS_ERR_SYSTEM, "record %s: %s", path, why);
    if (fd >= 0) {
        (void)close(fd);
    }
    return HOPS_ERR_SYSTEM;
}

enum hops_err cli_recorder_open(struct cli_recorder *recorder, const char *path, bool late,
                                struct hops_diag *diag) {
    struct stat info;

    *recorder = (struct cli_recorder){.path = path, .late = late};
    if (path == NULL) {
        return HOPS_OK;
    }
    /* Who talked to whom is nobody else's business. */
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, S_IRUSR | S_IWUSR);
    if (fd < 0 || fstat(fd, &info) != 0) {
        return refuse(path, fd, strerror(errno), diag);
    }
    if (S_ISREG(info.st_mode) && info.st_size > 0) {
        return refuse(path, fd, "the file exists and is not empty: remove it or name another one",
                      diag);
    }
    recorder->file = fdopen(fd, "a");
    if (recorder->file == NULL) {
        return refuse(path, fd, strerror(errno), diag);
    }
    /* A file as large as it may be is told like a full disk, instead of killing the program. */
    (void)signal(SIGXFSZ, SIG_IGN);
    report_events_writer_init(&recorder->writer, recorder->file);
    return HOPS_OK;
}

static void tell(const struct cli_recorder *recorder) {
    cli_message_error("record %s: %s: the recording ends here", recorder->path,
                      strerror(recorder->failure));
}

static void check(struct cli_recorder *recorder, bool written) {
    if (written) {
        return;
    }
    recorder->failure = errno;
    if (!recorder->late) {
        tell(recorder);
    }
    (void)fclose(recorder->file);
    recorder->file = NULL;
}

void cli_recorder_start(struct cli_recorder *recorder, const struct report_events_start *start) {
    if (recorder->file != NULL) {
        check(recorder, report_events_write_start(&recorder->writer, start) &&
                            report_events_flush(&recorder->writer));
    }
}

void cli_recorder_event(struct cli_recorder *recorder, const struct hops_event *event) {
    if (recorder->file != NULL) {
        check(recorder, report_events_write(&recorder->writer, event));
    }
}

void cli_recorder_name(struct cli_recorder *recorder, const struct report_events_name *name) {
    if (recorder->file != NULL) {
        check(recorder, report_events_write_name(&recorder->writer, name));
    }
}

void cli_recorder_idle(struct cli_recorder *recorder) {
    if (recorder->file != NULL) {
        check(recorder, report_events_flush(&recorder->writer));
    }
}

bool cli_recorder_close(struct cli_recorder *recorder) {
    cli_recorder_idle(recorder);
    if (recorder->file != NULL) {
        FILE *file = recorder->file;
        recorder->file = NULL;
        if (fclose(file) != 0) {
            cli_message_error("record %s: %s", recorder->path, strerror(errno));
            recorder->failure = errno;
        }
    } else if (recorder->failure != 0 && recorder->late) {
        tell(recorder);
    }
    report_events_writer_done(&recorder->writer);
    return recorder->failure == 0;
}
