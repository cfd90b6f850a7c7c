/* SPDX-License-Identifier: MIT
 *
 * Whether the target answered a round is known when the round is settled, not when it is complete:
 * a late answer is no loss. Rounds that are neither are kept as bits in a ring as long as the
 * tracer's ring of probes, so no two of them ever share a bit.
 *
 * Load balancing changes the route with every round. So the first return to a router seen shortly
 * before is noted, further changes at that TTL are only counted, and when they have stopped for a
 * while a last note gives their number: a noisy hop costs two notes, not thousands.
 */
#include "tui/journal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPEN_ROUNDS = 4096, /* probes that a tracer can still match; each round has at least one */
    RECENT = 8          /* responders remembered of a TTL that changes */
};

/* Bits of rounds. */

struct marks {
    uint8_t bits[OPEN_ROUNDS / 8];
};

static void mark(struct marks *marks, uint32_t round) {
    marks->bits[round % OPEN_ROUNDS / 8] |= (uint8_t)(1U << round % 8);
}

/* Whether it is marked; it no longer is then. */
static bool take_mark(struct marks *marks, uint32_t round) {
    uint8_t *bits = &marks->bits[round % OPEN_ROUNDS / 8];
    uint8_t bit = (uint8_t)(1U << round % 8);
    bool marked = (*bits & bit) != 0;

    *bits &= (uint8_t)~bit;
    return marked;
}

/* What changes: the responder at a TTL, or (ttl 0) the length of the path. */

struct recent {
    struct hops_addr value;
    hops_ns seen; /* when it was last left */
};

struct track {
    uint8_t ttl;
    bool flapping;
    uint64_t changes; /* since it flaps */
    hops_ns changed;
    size_t recent_count;
    struct recent recent[RECENT];
};

struct trace {
    struct marks answered; /* by the target */
    struct marks unjudged; /* a probe did not leave this host, or the round was cut short */
    uint64_t lost;         /* rounds in a row */
    uint8_t length;        /* TTL of the target, 0: not known */
    bool failing;
    uint32_t failed_round;
    struct track *tracks;
    size_t track_count;
};

struct tui_journal {
    struct tui_note *notes; /* ring */
    uint64_t last;
    size_t trace_count;
    struct trace *traces;
    bool ticked;
    hops_ns now;
    int64_t wall_ns;
};

struct tui_journal *tui_journal_new(size_t traces) {
    struct tui_journal *journal = calloc(1, sizeof(*journal));

    if (journal == NULL) {
        return NULL;
    }
    journal->notes = calloc(TUI_JOURNAL_NOTES, sizeof(*journal->notes));
    journal->traces = calloc(traces, sizeof(*journal->traces));
    journal->trace_count = traces;
    if (journal->notes == NULL || journal->traces == NULL) {
        tui_journal_free(journal);
        return NULL;
    }
    return journal;
}

void tui_journal_free(struct tui_journal *journal) {
    if (journal == NULL) {
        return;
    }
    for (size_t i = 0; journal->traces != NULL && i < journal->trace_count; i++) {
        free(journal->traces[i].tracks);
    }
    free(journal->traces);
    free(journal->notes);
    free(journal);
}

uint64_t tui_journal_first(const struct tui_journal *journal) {
    return journal->last > TUI_JOURNAL_NOTES ? journal->last - TUI_JOURNAL_NOTES + 1 : 1;
}

uint64_t tui_journal_last(const struct tui_journal *journal) {
    return journal->last;
}

const struct tui_note *tui_journal_note(const struct tui_journal *journal, uint64_t number) {
    assert(number >= tui_journal_first(journal) && number <= journal->last);
    return &journal->notes[number % TUI_JOURNAL_NOTES];
}

static struct tui_note *add(struct tui_journal *journal, enum tui_note_kind kind, uint32_t trace,
                            int64_t wall_ns) {
    struct tui_note *note = &journal->notes[++journal->last % TUI_JOURNAL_NOTES];

    *note = (struct tui_note){
        .number = journal->last, .wall_ns = wall_ns, .kind = kind, .trace = trace};
    return note;
}

/* Changes of the route. */

static struct track *track_of(struct trace *trace, uint8_t ttl) {
    for (size_t i = 0; i < trace->track_count; i++) {
        if (trace->tracks[i].ttl == ttl) {
            return &trace->tracks[i];
        }
    }
    struct track *tracks =
        realloc(trace->tracks, (trace->track_count + 1) * sizeof(*trace->tracks));
    if (tracks == NULL) {
        return NULL;
    }
    trace->tracks = tracks;
    tracks[trace->track_count] = (struct track){.ttl = ttl};
    return &tracks[trace->track_count++];
}

static struct recent *find_recent(struct track *track, const struct hops_addr *value) {
    for (size_t i = 0; i < track->recent_count; i++) {
        if (hops_addr_equal(&track->recent[i].value, value)) {
            return &track->recent[i];
        }
    }
    return NULL;
}

/* Remembers that value was left just now, in place of what was left longest ago. */
static void leave(struct track *track, const struct hops_addr *value, hops_ns now) {
    struct recent *at = find_recent(track, value);

    if (at == NULL && track->recent_count < RECENT) {
        at = &track->recent[track->recent_count++];
    }
    if (at == NULL) {
        at = &track->recent[0];
        for (size_t i = 1; i < RECENT; i++) {
            at = track->recent[i].seen < at->seen ? &track->recent[i] : at;
        }
    }
    *at = (struct recent){*value, now};
}

/* True if time has gone by since then; times of a recording may be anything. */
static bool long_ago(hops_ns then, hops_ns now) {
    hops_ns since;

    return __builtin_sub_overflow(now, then, &since) ? now > then : since > TUI_FLAP_TIME;
}

/* The kinds of notes about one sort of change. */
struct kinds {
    enum tui_note_kind changed, flaps, steady;
};

static const struct kinds route_kinds = {TUI_NOTE_ROUTE, TUI_NOTE_ROUTE_FLAPS,
                                         TUI_NOTE_ROUTE_STEADY};
static const struct kinds length_kinds = {TUI_NOTE_LENGTH, TUI_NOTE_LENGTH_FLAPS,
                                          TUI_NOTE_LENGTH_STEADY};

static const struct kinds *kinds_of(const struct track *track) {
    return track->ttl == 0 ? &length_kinds : &route_kinds;
}

/* Whether this change is worth a note, and of which kind. */
static bool judge_change(struct trace *trace, uint8_t ttl, const struct hops_addr *before,
                         const struct hops_addr *after, hops_ns now, enum tui_note_kind *out) {
    struct track *track = track_of(trace, ttl);

    if (track == NULL) {
        *out = ttl == 0 ? TUI_NOTE_LENGTH : TUI_NOTE_ROUTE;
        return true;
    }
    const struct recent *known = find_recent(track, after);
    bool back = known != NULL && !long_ago(known->seen, now);
    leave(track, before, now);
    track->changed = now;
    if (track->flapping) {
        track->changes++;
        return false;
    }
    track->flapping = back;
    track->changes = 1;
    *out = back ? kinds_of(track)->flaps : kinds_of(track)->changed;
    return true;
}

static bool find_steady(struct tui_journal *journal, const struct hops_event *event,
                        int64_t wall_ns) {
    struct trace *trace = &journal->traces[event->trace];
    bool any = false;

    for (size_t i = 0; i < trace->track_count; i++) {
        struct track *track = &trace->tracks[i];
        if (track->flapping && long_ago(track->changed, event->time)) {
            struct tui_note *note = add(journal, kinds_of(track)->steady, event->trace, wall_ns);
            note->ttl = track->ttl == 0 ? trace->length : track->ttl;
            note->count = track->changes;
            track->flapping = false;
            any = true;
        }
    }
    return any;
}

static bool take_path(struct tui_journal *journal, const struct hops_event *event,
                      int64_t wall_ns) {
    const struct hops_event_path *path = &event->u.path;
    enum tui_note_kind kind;

    if (!judge_change(&journal->traces[event->trace], path->ttl, &path->before, &path->after,
                      event->time, &kind)) {
        return false;
    }
    struct tui_note *note = add(journal, kind, event->trace, wall_ns);
    note->ttl = path->ttl;
    note->before = path->before;
    note->after = path->after;
    return true;
}

/* Lengths are told apart like addresses: 0.0.0.5. */
static struct hops_addr as_address(uint8_t length) {
    return (struct hops_addr){.family = HOPS_IPV4, .octets = {0, 0, 0, length}};
}

static bool take_round(struct tui_journal *journal, const struct hops_event *event,
                       int64_t wall_ns) {
    struct trace *trace = &journal->traces[event->trace];
    const struct hops_event_round *round = &event->u.round;
    struct hops_addr before = as_address(trace->length);
    struct hops_addr after = as_address(round->target_ttl);
    uint8_t length_before = trace->length;
    enum tui_note_kind kind;
    bool any = false;

    if (round->reason == HOPS_ROUND_STOPPED) {
        mark(&trace->unjudged, round->round);
    }
    if (round->target_ttl != 0) {
        trace->length = round->target_ttl;
    }
    if (round->target_ttl != 0 && length_before != 0 && round->target_ttl != length_before &&
        judge_change(trace, 0, &before, &after, event->time, &kind)) {
        struct tui_note *note = add(journal, kind, event->trace, wall_ns);
        note->ttl = round->target_ttl;
        note->length_before = length_before;
        any = true;
    }
    return find_steady(journal, event, wall_ns) || any;
}

/* Loss, and probes that fail. */

static bool take_settled(struct tui_journal *journal, const struct hops_event *event,
                         int64_t wall_ns) {
    struct trace *trace = &journal->traces[event->trace];
    uint32_t round = event->u.settled_round;
    bool answered = take_mark(&trace->answered, round);
    bool unjudged = take_mark(&trace->unjudged, round);
    bool any = false;

    if (trace->failing && round > trace->failed_round) {
        trace->failing = false;
        (void)add(journal, TUI_NOTE_SEND_WORKS, event->trace, wall_ns);
        any = true;
    }
    if (answered) {
        if (trace->lost >= TUI_BURST_ROUNDS) {
            struct tui_note *note = add(journal, TUI_NOTE_LOSS_ENDS, event->trace, wall_ns);
            note->count = trace->lost;
            note->ttl = trace->length;
            any = true;
        }
        trace->lost = 0;
    } else if (!unjudged && ++trace->lost == TUI_BURST_ROUNDS) {
        struct tui_note *note = add(journal, TUI_NOTE_LOSS, event->trace, wall_ns);
        note->count = trace->lost;
        note->ttl = trace->length;
        any = true;
    }
    return any;
}

static bool take_failure(struct tui_journal *journal, const struct hops_event *event,
                         int64_t wall_ns) {
    struct trace *trace = &journal->traces[event->trace];
    bool fatal = event->kind == HOPS_EVENT_ERROR;

    if (!fatal) {
        mark(&trace->unjudged, event->probe.round);
        trace->failed_round = event->probe.round;
        if (trace->failing) {
            return false;
        }
        trace->failing = true;
    }
    struct tui_note *note =
        add(journal, fatal ? TUI_NOTE_ERROR : TUI_NOTE_SEND_FAILS, event->trace, wall_ns);
    note->call = event->u.failure.call;
    note->os_errno = event->u.failure.os_errno;
    return true;
}

bool tui_journal_event(struct tui_journal *journal, const struct hops_event *event,
                       int64_t wall_ns) {
    if (event->trace >= journal->trace_count) {
        return false;
    }
    switch (event->kind) {
    case HOPS_EVENT_SENT:
    case HOPS_EVENT_SKIPPED:
        return false;
    case HOPS_EVENT_REPLY:
        if (event->u.reply.is_target) {
            mark(&journal->traces[event->trace].answered, event->probe.round);
        }
        return false;
    case HOPS_EVENT_FAILED:
    case HOPS_EVENT_ERROR:
        return take_failure(journal, event, wall_ns);
    case HOPS_EVENT_ROUND:
        return take_round(journal, event, wall_ns);
    case HOPS_EVENT_SETTLED:
        return take_settled(journal, event, wall_ns);
    case HOPS_EVENT_PATH:
        return take_path(journal, event, wall_ns);
    case HOPS_EVENT_END:
        if (event->u.end == HOPS_END_ERROR) {
            return false; /* told already */
        }
        (void)add(journal, TUI_NOTE_ENDED, event->trace, wall_ns);
        return true;
    }
    return false;
}

/* Time. */

bool tui_journal_tick(struct tui_journal *journal, hops_ns now, int64_t wall_ns) {
    hops_ns passed = now - journal->now;
    uint64_t before = journal->last;
    hops_ns jump = 0;

    if (__builtin_sub_overflow(wall_ns, journal->wall_ns, &jump) ||
        __builtin_sub_overflow(jump, passed, &jump)) {
        jump = 0; /* a recording without a sensible time */
    }

    for (uint64_t n = 1; !journal->ticked && n <= journal->last; n++) {
        journal->notes[n % TUI_JOURNAL_NOTES].wall_ns = wall_ns; /* nobody knew the time yet */
    }
    if (journal->ticked && passed >= TUI_STALL_TIME) {
        add(journal, TUI_NOTE_STALL, TUI_NOTE_ALL, wall_ns)->duration = passed;
    }
    if (journal->ticked && (jump >= TUI_CLOCK_JUMP || jump <= -TUI_CLOCK_JUMP)) {
        add(journal, TUI_NOTE_CLOCK, TUI_NOTE_ALL, wall_ns)->duration = jump;
    }
    journal->ticked = true;
    journal->now = now;
    journal->wall_ns = wall_ns;
    return journal->last != before;
}

bool tui_journal_pause(struct tui_journal *journal, bool paused, int64_t wall_ns) {
    (void)add(journal, paused ? TUI_NOTE_PAUSED : TUI_NOTE_RESUMED, TUI_NOTE_ALL, wall_ns);
    return true;
}
