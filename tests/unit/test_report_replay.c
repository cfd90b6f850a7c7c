/* SPDX-License-Identifier: MIT */
#include "report/replay.h"

#include "check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A recording of two traces with a line of every kind, in memory. */

enum { LINES_MAX = 32 };

struct recording {
    char *text;
    size_t size;
    size_t begins[LINES_MAX + 1]; /* where line i + 1 begins; after the last one: size */
    size_t count;
};

static struct hops_addr ipv4(uint8_t last) {
    const uint8_t octets[4] = {192, 0, 2, last};

    return hops_addr_ipv4(octets);
}

static void write_events(struct report_events_writer *writer) {
    static const enum hops_event_kind kinds[] = {
        HOPS_EVENT_SENT, HOPS_EVENT_SKIPPED, HOPS_EVENT_FAILED,  HOPS_EVENT_REPLY,
        HOPS_EVENT_PATH, HOPS_EVENT_ROUND,   HOPS_EVENT_SETTLED, HOPS_EVENT_ERROR,
    };

    for (uint32_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct hops_event event = {.kind = kinds[i],
                                   .trace = i % 2,
                                   .time = (hops_ns)i * HOPS_MS,
                                   .probe = {.id = i, .ttl = 3}};
        if (kinds[i] == HOPS_EVENT_REPLY) {
            event.u.reply = (struct hops_event_reply){
                .responder = ipv4(9), .ttl = 61, .quoted_ttl = -1, .tos = -1};
        } else if (kinds[i] == HOPS_EVENT_PATH) {
            event.u.path = (struct hops_event_path){.ttl = 3, .after = ipv4(8)};
        } else if (kinds[i] == HOPS_EVENT_ROUND) {
            event.u.round = (struct hops_event_round){.largest_ttl = 3};
        }
        assert_true(report_events_write(writer, &event));
    }
}

static void write_end(struct report_events_writer *writer, uint32_t trace) {
    const struct hops_event end = {
        .kind = HOPS_EVENT_END, .trace = trace, .u.end = HOPS_END_ROUNDS_DONE};

    assert_true(report_events_write(writer, &end));
}

static void make(struct recording *r) {
    struct report_events_trace traces[2] = {{.target = "one.example"}, {.target = "two \"x\"\n"}};
    struct report_events_start start = {
        .program_version = "1", .wall_ns = 5, .count = 2, .traces = traces};
    const char *names[] = {"a.example", "b.example"};
    struct report_events_name name = {
        .addr = ipv4(9), .shown = "a.example", .names = names, .count = 2};
    struct report_events_writer writer;
    FILE *out = open_memstream(&r->text, &r->size);

    assert_non_null(out);
    for (size_t i = 0; i < 2; i++) {
        hops_config_init(&traces[i].config);
        traces[i].config.target = ipv4((uint8_t)(i + 1));
        traces[i].config.trace_id = (uint16_t)(i + 1);
    }
    report_events_writer_init(&writer, out);
    assert_true(report_events_write_start(&writer, &start));
    write_events(&writer);
    assert_true(report_events_write_name(&writer, &name));
    write_end(&writer, 1);
    write_end(&writer, 0);
    report_events_writer_done(&writer);
    assert_int_equal(fclose(out), 0);
    r->count = 0;
    for (size_t at = 0; at < r->size;) {
        assert_true(r->count < LINES_MAX);
        r->begins[r->count++] = at;
        at = (size_t)((char *)memchr(r->text + at, '\n', r->size - at) - r->text) + 1;
    }
    r->begins[r->count] = r->size;
}

/* What reading gave. */
struct seen {
    enum hops_err start;
    enum report_replay_result result;
    size_t lines; /* accepted after the start */
    char why[512];
};

static void read_all(const void *data, size_t len, struct seen *out) {
    struct report_events_line line;
    struct report_replay replay;
    struct hops_diag diag = {.text = "nothing was said"};
    /* fmemopen() takes what it only reads as void *. NOLINTNEXTLINE(performance-no-int-to-ptr) */
    FILE *in = len == 0 ? fopen("/dev/null", "rb") : fmemopen((void *)(uintptr_t)data, len, "rb");

    assert_non_null(in);
    *out = (struct seen){.result = REPORT_REPLAY_DAMAGED};
    report_replay_init(&replay, in);
    out->start = report_replay_start(&replay, &line, &diag);
    if (out->start == HOPS_OK) {
        report_events_line_done(&line);
        while ((out->result = report_replay_next(&replay, &line, &diag)) == REPORT_REPLAY_LINE) {
            assert_true(line.kind == REPORT_EVENTS_EVENT || line.kind == REPORT_EVENTS_NAME);
            out->lines++;
            report_events_line_done(&line);
        }
    }
    memcpy(out->why, diag.text, sizeof(out->why));
    report_replay_done(&replay);
    assert_int_equal(fclose(in), 0);
}

/* The place of a line as messages say it. */
static void place(const struct recording *r, size_t index, char out[64]) {
    (void)snprintf(out, 64, "line %zu (octet %zu of the file): ", index + 1, r->begins[index]);
}

static void replay_whole_recording_is_read(void **state) {
    struct recording r = {0};
    struct seen seen;

    (void)state;
    make(&r);
    read_all(r.text, r.size, &seen);
    check_int("start", seen.start, HOPS_OK);
    check_int("result", seen.result, REPORT_REPLAY_DONE);
    check_int("lines", seen.lines, r.count - 1);
    check_int("kinds", r.count, 12);
    free(r.text);
}

static void replay_cut_at_every_octet_gives_what_is_whole(void **state) {
    struct recording r = {0};

    (void)state;
    make(&r);
    for (size_t size = 0; size < r.size; size++) {
        struct seen seen;
        char row[32];
        char want[64];
        size_t whole = 0; /* lines that are there, with or without their newline */
        bool within = true;

        while (whole < r.count && r.begins[whole + 1] - 1 <= size) {
            whole++;
        }
        if (whole > 0) {
            within = size > r.begins[whole];
        }
        (void)snprintf(row, sizeof(row), "%zu", size);
        read_all(r.text, size, &seen);
        if (whole == 0) {
            check_int(row, seen.start, HOPS_ERR_FORMAT);
            check_int(row, seen.lines, 0);
            check_int(row, strncmp(seen.why, "line 1 (octet 0 of the file): ", 30), 0);
            continue;
        }
        check_int(row, seen.start, HOPS_OK);
        check_int(row, seen.lines, whole - 1);
        if (whole == r.count) { /* only the last newline is missing */
            check_int(row, seen.result, REPORT_REPLAY_DONE);
            continue;
        }
        check_int(row, seen.result, within ? REPORT_REPLAY_DAMAGED : REPORT_REPLAY_CUT);
        if (within) {
            place(&r, whole, want);
            check_int(row, strncmp(seen.why, want, strlen(want)), 0);
        } else if (strstr(seen.why, "the file ends before") == NULL) {
            check_str(row, seen.why, "the file ends before");
        }
    }
    free(r.text);
}

/* Ways to damage a line, as what it becomes. */
static const struct {
    const char *name, *text, *want;
} damages[] = {
    {"empty", "", "not JSON"},
    {"blank", " ", "not JSON"},
    {"text", "hello", "not JSON"},
    {"number", "7", ""},
    {"array", "[]", ""},
    {"no event", "{\"v\":1}", "event"},
    {"later version", "{\"v\":2,\"event\":\"end\"}", "version 2"},
    {"no members", "{\"v\":1,\"event\":\"reply\"}", ""},
    {"unknown trace", "{\"v\":1,\"event\":\"settled\",\"trace\":2,\"t\":0,\"round\":0}",
     "there is no trace of that number"},
    {"name without address",
     "{\"v\":1,\"event\":\"name\",\"t\":0,\"shown\":null,\"names\":[],\"as\":null}", "address"},
    {"name with null",
     "{\"v\":1,\"event\":\"name\",\"t\":0,\"address\":null,\"shown\":null,"
     "\"names\":[],\"as\":null}",
     "address"},
    {"ttl 0",
     "{\"v\":1,\"event\":\"path\",\"trace\":0,\"t\":0,\"round\":0,\"ttl\":0,\"before\":"
     "null,\"after\":null}",
     "ttl"},
    {"escape", "\033[2J", "not JSON"},
};

static void replay_damage_in_any_line_is_told_with_its_place(void **state) {
    struct recording r = {0};

    (void)state;
    make(&r);
    for (size_t i = 0; i < r.count; i++) {
        for (size_t d = 0; d < sizeof(damages) / sizeof(damages[0]); d++) {
            size_t tail = r.size - (r.begins[i + 1] - 1);
            size_t middle = strlen(damages[d].text);
            char *text = malloc(r.size + middle);
            char row[64];
            char want[64];
            struct seen seen;

            assert_non_null(text);
            memcpy(text, r.text, r.begins[i]);
            memcpy(text + r.begins[i], damages[d].text, middle);
            memcpy(text + r.begins[i] + middle, r.text + r.begins[i + 1] - 1, tail);
            read_all(text, r.begins[i] + middle + tail, &seen);
            (void)snprintf(row, sizeof(row), "line %zu: %s", i + 1, damages[d].name);
            place(&r, i, want);
            check_int(row, seen.start, i == 0 ? HOPS_ERR_FORMAT : HOPS_OK);
            check_int(row, seen.result, REPORT_REPLAY_DAMAGED);
            check_int(row, seen.lines, i == 0 ? 0 : i - 1);
            check_int(row, strncmp(seen.why, want, strlen(want)), 0);
            if (i > 0 && strstr(seen.why, damages[d].want) == NULL) {
                check_str(row, seen.why, damages[d].want);
            }
            free(text);
        }
    }
    free(r.text);
}

/* Whatever one octet becomes, reading ends, and says where if it says anything. */
static void replay_any_octet_changed_is_survived(void **state) {
    static const char octets[] = {'\0', '\n', '"', '{', '}', '-', '0', '9', '\\', (char)0xff};
    struct recording r = {0};

    (void)state;
    make(&r);
    for (size_t at = 0; at < r.size; at++) {
        char before = r.text[at];

        for (size_t i = 0; i < sizeof(octets); i++) {
            struct seen seen;

            r.text[at] = octets[i];
            read_all(r.text, r.size, &seen);
            assert_true(seen.lines < r.count + 1);
            assert_true(seen.result != REPORT_REPLAY_LINE);
            if (seen.result == REPORT_REPLAY_DAMAGED) {
                assert_int_equal(strncmp(seen.why, "line ", 5), 0);
            }
        }
        r.text[at] = before;
    }
    free(r.text);
}

/* Recordings put together from lines of a good one; F is a line of a kind unknown here. */
static const struct {
    const char *name, *lines; /* letters: 0-based numbers of lines, as 'a' + n */
    enum report_replay_result result;
    size_t seen;
    const char *want;
} joins[] = {
    {"start only", "a", REPORT_REPLAY_CUT, 0, "before the event \"end\""},
    {"one end of two", "al", REPORT_REPLAY_CUT, 1, "before the event \"end\""},
    {"ends only", "akl", REPORT_REPLAY_DONE, 2, ""},
    {"unknown kinds", "aFFkFlF", REPORT_REPLAY_DONE, 2, ""},
    {"second start", "aba", REPORT_REPLAY_DAMAGED, 1, "a second event \"start\""},
    {"event after its end", "albk", REPORT_REPLAY_DAMAGED, 1, "an event of a trace that has ended"},
    {"two ends", "akk", REPORT_REPLAY_DAMAGED, 1, "an event of a trace that has ended"},
    {"name after all ends", "aklj", REPORT_REPLAY_DONE, 3, ""},
    {"event of the other trace", "alck", REPORT_REPLAY_DONE, 3, ""},
};

static void replay_lines_must_make_sense_in_their_order(void **state) {
    static const char other[] = "{\"v\":1,\"event\":\"weather\",\"rain\":true}\n";
    struct recording r = {0};

    (void)state;
    make(&r);
    for (size_t i = 0; i < sizeof(joins) / sizeof(joins[0]); i++) {
        char *text = malloc(strlen(joins[i].lines) * r.size);
        struct seen seen;
        size_t len = 0;

        assert_non_null(text);
        for (const char *p = joins[i].lines; *p != '\0'; p++) {
            size_t n = *p == 'F' ? 0 : (size_t)(*p - 'a');
            const char *line = *p == 'F' ? other : r.text + r.begins[n];
            size_t size = *p == 'F' ? sizeof(other) - 1 : r.begins[n + 1] - r.begins[n];
            memcpy(text + len, line, size);
            len += size;
        }
        read_all(text, len, &seen);
        check_int(joins[i].name, seen.start, HOPS_OK);
        check_int(joins[i].name, seen.result, joins[i].result);
        check_int(joins[i].name, seen.lines, joins[i].seen);
        if (strstr(seen.why, joins[i].want) == NULL) {
            check_str(joins[i].name, seen.why, joins[i].want);
        }
        free(text);
    }
    free(r.text);
}

/* Blanks are no part of JSON's meaning: lines can have any length, up to the bound. */
static void replay_lines_have_a_bound(void **state) {
    static const struct {
        const char *name;
        size_t index, size;
        bool fits;
    } rows[] = {{"start, longest", 0, REPORT_REPLAY_START_MAX, true},
                {"start, too long", 0, REPORT_REPLAY_START_MAX + 1, false},
                {"event, longest", 1, REPORT_REPLAY_LINE_MAX, true},
                {"event, too long", 1, REPORT_REPLAY_LINE_MAX + 1, false}};
    struct recording r = {0};

    (void)state;
    make(&r);
    for (size_t i = 0; i < 4; i++) {
        size_t at = r.begins[rows[i].index];
        size_t len = r.begins[rows[i].index + 1] - 1 - at;
        size_t blanks = rows[i].size - len;
        char *text = malloc(r.size + blanks);
        struct seen seen;

        assert_non_null(text);
        memcpy(text, r.text, at + 1);
        memset(text + at + 1, ' ', blanks);
        memcpy(text + at + 1 + blanks, r.text + at + 1, r.size - at - 1);
        read_all(text, r.size + blanks, &seen);
        check_int(rows[i].name, seen.start == HOPS_OK && seen.result == REPORT_REPLAY_DONE,
                  rows[i].fits);
        if (!rows[i].fits && strstr(seen.why, "longer than") == NULL) {
            check_str(rows[i].name, seen.why, "longer than");
        }
        free(text);
    }
    free(r.text);
}

static void replay_file_that_cannot_be_read_is_told(void **state) {
    struct report_events_line line;
    struct report_replay replay;
    struct hops_diag diag;
    FILE *in = fopen("/", "rb"); /* opens; reading is EISDIR */

    (void)state;
    assert_non_null(in);
    report_replay_init(&replay, in);
    check_int("err", report_replay_start(&replay, &line, &diag), HOPS_ERR_SYSTEM);
    check_str("why", diag.text, "line 1 (octet 0 of the file): Is a directory");
    report_replay_done(&replay);
    assert_int_equal(fclose(in), 0);
}

static void replay_start_must_be_one_that_can_be_run(void **state) {
    static const struct {
        const char *from, *to, *want;
    } rows[] = {
        {"\"first_ttl\":1", "\"first_ttl\":0", "first_ttl"},
        {"\"first_ttl\":1", "\"first_ttl\":99", "ttl"},
        {"\"packet_size\":84", "\"packet_size\":27", "packet"},
        {"\"event\":\"start\"", "\"event\":\"begin\"", "expected the event \"start\""},
        {"\"v\":1", "\"v\":7", "version 7"},
    };
    struct recording r = {0};

    (void)state;
    make(&r);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *at = strstr(r.text, rows[i].from);
        char text[8192];
        struct seen seen;

        assert_non_null(at);
        int len = snprintf(text, sizeof(text), "%.*s%s%.*s", (int)(at - r.text), r.text, rows[i].to,
                           (int)(r.begins[1] - (size_t)(at - r.text) - strlen(rows[i].from)),
                           at + strlen(rows[i].from));
        assert_true(len > 0 && (size_t)len < sizeof(text));
        read_all(text, (size_t)len, &seen);
        check_int(rows[i].to, seen.start, HOPS_ERR_FORMAT);
        if (strstr(seen.why, rows[i].want) == NULL) {
            check_str(rows[i].to, seen.why, rows[i].want);
        }
    }
    free(r.text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replay_whole_recording_is_read),
        cmocka_unit_test(replay_cut_at_every_octet_gives_what_is_whole),
        cmocka_unit_test(replay_damage_in_any_line_is_told_with_its_place),
        cmocka_unit_test(replay_any_octet_changed_is_survived),
        cmocka_unit_test(replay_lines_must_make_sense_in_their_order),
        cmocka_unit_test(replay_lines_have_a_bound),
        cmocka_unit_test(replay_file_that_cannot_be_read_is_told),
        cmocka_unit_test(replay_start_must_be_one_that_can_be_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
