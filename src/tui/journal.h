/* SPDX-License-Identifier: MIT
 *
 * What happened, for people who were not looking: routes that changed, bursts of loss, errors,
 * pauses. A fold over events and time into a ring of notes; the newest are kept. docs/screen.md
 * says what each kind means.
 */
#ifndef TUI_JOURNAL_H
#define TUI_JOURNAL_H

#include <hops/addr.h>
#include <hops/event.h>

enum tui_note_kind {
    TUI_NOTE_ROUTE,         /* another router answers at ttl: before, after */
    TUI_NOTE_ROUTE_FLAPS,   /* ... which did so shortly before */
    TUI_NOTE_ROUTE_STEADY,  /* no change at ttl for a while, after count changes */
    TUI_NOTE_LENGTH,        /* the target answers at another TTL: length_before, ttl */
    TUI_NOTE_LENGTH_FLAPS,  /* ... and did so shortly before */
    TUI_NOTE_LENGTH_STEADY, /* no such change for a while, after count changes */
    TUI_NOTE_LOSS,          /* the target did not answer count rounds in a row */
    TUI_NOTE_LOSS_ENDS,     /* it answers again after count rounds */
    TUI_NOTE_SEND_FAILS,    /* probes do not leave this host: call, os_errno */
    TUI_NOTE_SEND_WORKS,    /* they do again */
    TUI_NOTE_ERROR,         /* the trace cannot go on: call, os_errno */
    TUI_NOTE_ENDED,         /* it is over */
    TUI_NOTE_PAUSED,        /* the user stopped probing */
    TUI_NOTE_RESUMED,
    TUI_NOTE_STALL, /* this program did not run for duration */
    TUI_NOTE_CLOCK  /* the clock of the system jumped by duration, or the machine slept */
};

enum {
    TUI_JOURNAL_NOTES = 1024, /* kept */
    TUI_BURST_ROUNDS = 3      /* lost in a row make a burst */
};

/* A router that comes back within this time flaps; without a change for so long all is steady. */
#define TUI_FLAP_TIME  (60 * HOPS_SEC)
#define TUI_STALL_TIME (5 * HOPS_SEC)
#define TUI_CLOCK_JUMP (2 * HOPS_SEC)

#define TUI_NOTE_ALL UINT32_MAX /* a note about all traces */

struct tui_note {
    uint64_t number; /* from 1, in order */
    int64_t wall_ns; /* UTC, since 1970 */
    enum tui_note_kind kind;
    uint32_t trace; /* or TUI_NOTE_ALL */
    uint8_t ttl;    /* 0: none */
    uint8_t length_before;
    struct hops_addr before, after;
    uint64_t count;
    hops_ns duration;
    enum hops_call call;
    int os_errno;
};

struct tui_journal;

struct tui_journal *tui_journal_new(size_t traces); /* NULL: no memory */
void tui_journal_free(struct tui_journal *journal); /* NULL is fine */

/* Each returns true if there is a new note. */
bool tui_journal_event(struct tui_journal *journal, const struct hops_event *event,
                       int64_t wall_ns);
bool tui_journal_tick(struct tui_journal *journal, hops_ns now, int64_t wall_ns);
bool tui_journal_pause(struct tui_journal *journal, bool paused, int64_t wall_ns);

/* Notes first..last are kept; last is 0 if there are none. */
uint64_t tui_journal_first(const struct tui_journal *journal);
uint64_t tui_journal_last(const struct tui_journal *journal);
const struct tui_note *tui_journal_note(const struct tui_journal *journal, uint64_t number);

#endif
