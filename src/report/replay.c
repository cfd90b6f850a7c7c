/* SPDX-License-Identifier: MIT */
#include "report/replay.h"

#include "base/diag.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

void report_replay_init(struct report_replay *replay, FILE *in) {
    *replay = (struct report_replay){.in = in};
    json_object_seed(0); /* from the kernel's randomness, while it may still be opened */
}

void report_replay_done(struct report_replay *replay) {
    free(replay->line);
    free(replay->ended);
    *replay = (struct report_replay){0};
}

enum got { GOT_LINE, GOT_END, GOT_TOO_LONG, GOT_NO_MEMORY, GOT_ERROR };

/* Room for len octets; twice as much each time, so that most lines find it there. */
static bool reserve(struct report_replay *replay, size_t len) {
    if (len <= replay->room) {
        return true;
    }
    size_t room = replay->room == 0 ? 4096 : 2 * replay->room;
    char *line = realloc(replay->line, room);
    if (line == NULL) {
        return false;
    }
    replay->line = line;
    replay->room = room;
    return true;
}

/* Reads up to a newline or the end of the file; NUL is an octet like any other. */
static enum got get_line(struct report_replay *replay, size_t max, size_t *out_len) {
    size_t len = 0;
    int c;

    replay->octet = replay->next;
    replay->number++;
    errno = 0;
    while ((c = getc_unlocked(replay->in)) != EOF) {
        replay->next++;
        if (c == '\n') {
            *out_len = len;
            return GOT_LINE;
        }
        if (len == max) {
            return GOT_TOO_LONG;
        }
        if (!reserve(replay, len + 1)) {
            return GOT_NO_MEMORY;
        }
        replay->line[len++] = (char)c;
    }
    if (ferror(replay->in) != 0) {
        return GOT_ERROR;
    }
    *out_len = len;
    return len > 0 ? GOT_LINE : GOT_END;
}

/* "line 3 (octet 4711): WHY"; why may be the text of the diag itself. */
static enum hops_err say(const struct report_replay *replay, enum hops_err err, const char *why,
                         struct hops_diag *diag) {
    char text[sizeof(diag->text)];

    (void)snprintf(text, sizeof(text), "%s", why);
    return hops_diag_set(diag, err, "line %" PRIu64 " (octet %" PRIu64 " of the file): %.400s",
                         replay->number, replay->octet, text);
}

static enum hops_err say_got(const struct report_replay *replay, enum got got, size_t max,
                             struct hops_diag *diag) {
    char why[96];

    switch (got) {
    case GOT_TOO_LONG:
        (void)snprintf(why, sizeof(why), "the line is longer than %zu octets", max);
        return say(replay, HOPS_ERR_FORMAT, why, diag);
    case GOT_NO_MEMORY:
        return say(replay, HOPS_ERR_NOMEM, "out of memory", diag);
    case GOT_ERROR:
        return say(replay, HOPS_ERR_SYSTEM, strerror(errno), diag);
    case GOT_END:
    case GOT_LINE:
        break;
    }
    return say(replay, HOPS_ERR_FORMAT, "expected a line \"start\", but the file is empty", diag);
}

static enum hops_err check_start(struct report_replay *replay,
                                 const struct report_events_line *line, struct hops_diag *diag) {
    struct hops_diag why;

    if (line->kind != REPORT_EVENTS_START) {
        return say(replay, HOPS_ERR_FORMAT, "expected the event \"start\"", diag);
    }
    if (line->start.count == 0) {
        return say(replay, HOPS_ERR_FORMAT, "expected at least one trace", diag);
    }
    for (uint32_t i = 0; i < line->start.count; i++) {
        if (hops_config_check(&line->start.traces[i].config, &why) != HOPS_OK) {
            return say(replay, HOPS_ERR_FORMAT, why.text, diag);
        }
    }
    replay->ended = calloc(line->start.count, sizeof(*replay->ended));
    if (replay->ended == NULL) {
        return say(replay, HOPS_ERR_NOMEM, "out of memory", diag);
    }
    replay->traces = line->start.count;
    replay->running = line->start.count;
    return HOPS_OK;
}

enum hops_err report_replay_start(struct report_replay *replay, struct report_events_line *out,
                                  struct hops_diag *diag) {
    struct hops_diag why;
    size_t len = 0;
    enum got got = get_line(replay, REPORT_REPLAY_START_MAX, &len);

    if (got != GOT_LINE) {
        return say_got(replay, got, REPORT_REPLAY_START_MAX, diag);
    }
    enum hops_err err = report_events_read(replay->line, len, out, &why);
    if (err != HOPS_OK) {
        return say(replay, err, why.text, diag);
    }
    err = check_start(replay, out, diag);
    if (err != HOPS_OK) {
        report_events_line_done(out);
    }
    return err;
}

static enum report_replay_result at_end(const struct report_replay *replay,
                                        struct hops_diag *diag) {
    if (replay->running == 0) {
        return REPORT_REPLAY_DONE;
    }
    (void)say(replay, HOPS_ERR_FORMAT, "the file ends before the event \"end\" of each trace",
              diag);
    return REPORT_REPLAY_CUT;
}

/* False: the line is damaged. */
static bool check_line(struct report_replay *replay, const struct report_events_line *line,
                       struct hops_diag *diag) {
    if (line->kind == REPORT_EVENTS_START) {
        (void)say(replay, HOPS_ERR_FORMAT, "a second event \"start\"", diag);
        return false;
    }
    if (line->kind != REPORT_EVENTS_EVENT) {
        return true;
    }
    uint32_t trace = line->event.trace;
    if (trace >= replay->traces || replay->ended[trace] != 0) {
        (void)say(replay, HOPS_ERR_FORMAT,
                  trace >= replay->traces ? "there is no trace of that number"
                                          : "an event of a trace that has ended",
                  diag);
        return false;
    }
    if (line->event.kind == HOPS_EVENT_END) {
        replay->ended[trace] = 1;
        replay->running--;
    }
    return true;
}

enum report_replay_result report_replay_next(struct report_replay *replay,
                                             struct report_events_line *out,
                                             struct hops_diag *diag) {
    for (;;) {
        struct hops_diag why;
        size_t len = 0;
        enum got got = get_line(replay, REPORT_REPLAY_LINE_MAX, &len);

        if (got == GOT_END) {
            return at_end(replay, diag);
        }
        if (got != GOT_LINE) {
            (void)say_got(replay, got, REPORT_REPLAY_LINE_MAX, diag);
            return REPORT_REPLAY_DAMAGED;
        }
        enum hops_err err = report_events_read(replay->line, len, out, &why);
        if (err != HOPS_OK) {
            (void)say(replay, err, why.text, diag);
            return REPORT_REPLAY_DAMAGED;
        }
        if (!check_line(replay, out, diag)) {
            report_events_line_done(out);
            return REPORT_REPLAY_DAMAGED;
        }
        if (out->kind != REPORT_EVENTS_OTHER) {
            return REPORT_REPLAY_LINE;
        }
        report_events_line_done(out);
    }
}
