/* SPDX-License-Identifier: MIT */
#include "cli/log.h"

#include <hops/addr.h>

#include "cli/log_events.h"
#include "cli/text.h"

#include "check.h"
#include "cli_case.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* 2026-03-04T05:06:07.089123456Z */
#define WALL (INT64_C(1772600767) * HOPS_SEC + INT64_C(89123456))

struct book {
    struct cli_log log;
    struct cli_text text;
    struct cli_text refused;
    int64_t wall;
    int writes;
};

static int64_t book_clock(void *user) {
    return ((struct book *)user)->wall;
}

static void book_sink(void *user, const char *text, size_t len) {
    struct book *book = user;

    cli_text_add_bytes(&book->text, text, len);
    book->writes++;
}

static void book_refused(void *user, const char *directive) {
    struct book *book = user;

    cli_text_addf(&book->refused, "%s|", directive);
}

static void open_book(struct book *book, enum cli_log_format format, enum cli_span_events spans,
                      const char *filter) {
    *book = (struct book){.wall = WALL};
    const struct cli_log_config config = {.format = format,
                                          .spans = spans,
                                          .filter = filter,
                                          .clock = book_clock,
                                          .sink = book_sink,
                                          .refused = book_refused,
                                          .user = book,
                                          .pid = 42};
    cli_log_open(&book->log, &config);
}

static void close_book(struct book *book) {
    cli_log_done(&book->log);
    cli_text_done(&book->text);
    cli_text_done(&book->refused);
}

static struct hops_addr addr_of(const char *text) {
    struct hops_addr addr;

    assert_true(hops_addr_parse(text, &addr));
    return addr;
}

/* One line outside and one inside a trace and a round. */
static void write_two(struct book *book) {
    struct hops_addr addr = addr_of("2001:db8::1");
    struct cli_log_line line = {.level = CLI_LOG_INFO,
                                .target = CLI_LOG_CLI,
                                .message = "hops begins",
                                .file = "../src/cli/start.c",
                                .number = 7,
                                .wall = CLI_LOG_NOW,
                                .trace = CLI_LOG_NO_TRACE};

    cli_log_add_text(&line, "version", "1.2.3");
    cli_log_add_text(&line, "file", NULL);
    cli_log_write(&book->log, &line);
    cli_log_trace_begin(&book->log, "a \"b\"\033[2J", &addr, WALL);
    cli_log_round_begin(&book->log, 0, 4, WALL + HOPS_MS);
    line = (struct cli_log_line){.level = CLI_LOG_DEBUG,
                                 .target = CLI_LOG_TRACER,
                                 .message = "probe sent",
                                 .file = "../src/cli/log_events.c",
                                 .number = 123,
                                 .wall = WALL + 2 * HOPS_MS};
    cli_log_add_number(&line, "ttl", -3);
    cli_log_add_bool(&line, "late", true);
    cli_log_add_text(&line, "name", "back\\slash=");
    cli_log_write(&book->log, &line);
    cli_log_round_end(&book->log, 0, WALL + 3 * HOPS_MS);
    cli_log_trace_end(&book->log, 0, WALL + 5 * HOPS_SEC);
}

static const struct {
    const char *name;
    enum cli_log_format format;
    const char *want;
} forms[] = {
    {"compact", CLI_LOG_COMPACT,
     "2026-03-04T05:06:07.089123Z  INFO hops::cli: hops begins version=1.2.3 file=null\n"
     "2026-03-04T05:06:07.091123Z DEBUG trace{target=\"a \\\"b\\\"\\\\027[2J\" "
     "address=2001:db8::1}:round{number=4}: hops::tracer: probe sent ttl=-3 late=true "
     "name=\"back\\\\slash=\"\n"},
    {"pretty", CLI_LOG_PRETTY,
     "  2026-03-04T05:06:07.089123Z  INFO hops::cli: hops begins, version: 1.2.3, file: null\n"
     "    at src/cli/start.c:7\n"
     "\n"
     "  2026-03-04T05:06:07.091123Z DEBUG hops::tracer: probe sent, ttl: -3, late: true, name: "
     "\"back\\\\slash=\"\n"
     "    at src/cli/log_events.c:123\n"
     "    in round with number: 4\n"
     "    in trace with target: \"a \\\"b\\\"\\\\027[2J\", address: 2001:db8::1\n"
     "\n"},
    {"json", CLI_LOG_JSON,
     "{\"timestamp\":\"2026-03-04T05:06:07.089123Z\",\"level\":\"INFO\",\"fields\":{\"message\":"
     "\"hops begins\",\"version\":\"1.2.3\",\"file\":null},\"target\":\"hops::cli\"}\n"
     "{\"timestamp\":\"2026-03-04T05:06:07.091123Z\",\"level\":\"DEBUG\",\"fields\":{\"message\":"
     "\"probe sent\",\"ttl\":-3,\"late\":true,\"name\":\"back\\\\slash=\"},\"target\":"
     "\"hops::tracer\",\"span\":{\"number\":4,\"name\":\"round\"},\"spans\":[{\"target\":"
     "\"a \\\"b\\\"\\\\027[2J\",\"address\":\"2001:db8::1\",\"name\":\"trace\"},{\"number\":4,"
     "\"name\":\"round\"}]}\n"},
    {"chrome", CLI_LOG_CHROME,
     "[\n"
     "{\"ph\":\"M\",\"pid\":42,\"tid\":0,\"ts\":0,\"name\":\"process_name\",\"args\":{\"name\":"
     "\"hops\"}},\n"
     "{\"ph\":\"i\",\"pid\":42,\"tid\":0,\"ts\":0.000,\"name\":\"hops begins\",\"cat\":"
     "\"hops::cli\",\"s\":\"t\",\"args\":{\"level\":\"INFO\",\"version\":\"1.2.3\",\"file\":null}},"
     "\n"
     "{\"ph\":\"B\",\"pid\":42,\"tid\":1,\"ts\":0.000,\"name\":\"trace\",\"cat\":\"hops::tracer\","
     "\"args\":{\"target\":\"a \\\"b\\\"\\\\027[2J\",\"address\":\"2001:db8::1\"}},\n"
     "{\"ph\":\"B\",\"pid\":42,\"tid\":1,\"ts\":1000.000,\"name\":\"round\",\"cat\":"
     "\"hops::tracer\",\"args\":{\"number\":4}},\n"
     "{\"ph\":\"i\",\"pid\":42,\"tid\":1,\"ts\":2000.000,\"name\":\"probe sent\",\"cat\":"
     "\"hops::tracer\",\"s\":\"t\",\"args\":{\"level\":\"DEBUG\",\"ttl\":-3,\"late\":true,"
     "\"name\":\"back\\\\slash=\"}},\n"
     "{\"ph\":\"E\",\"pid\":42,\"tid\":1,\"ts\":3000.000,\"name\":\"round\",\"cat\":"
     "\"hops::tracer\",\"args\":{\"number\":4}},\n"
     "{\"ph\":\"E\",\"pid\":42,\"tid\":1,\"ts\":5000000.000,\"name\":\"trace\",\"cat\":"
     "\"hops::tracer\",\"args\":{\"target\":\"a \\\"b\\\"\\\\027[2J\",\"address\":"
     "\"2001:db8::1\"}}\n"
     "]\n"},
};

static void log_forms_are_exact(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct book book;

        open_book(&book, forms[i].format, CLI_SPAN_OFF, "hops=debug");
        write_two(&book);
        cli_log_done(&book.log);
        check_str(forms[i].name, cli_text_str(&book.text), forms[i].want);
        close_book(&book);
    }
}

static void log_chrome_takes_neither_filter_nor_span_events(void **state) {
    struct book plain;
    struct book silent;

    (void)state;
    open_book(&plain, CLI_LOG_CHROME, CLI_SPAN_OFF, "hops=debug");
    open_book(&silent, CLI_LOG_CHROME, CLI_SPAN_FULL, "off");
    write_two(&plain);
    write_two(&silent);
    check_str("chrome", cli_text_str(&silent.text), cli_text_str(&plain.text));
    close_book(&plain);
    close_book(&silent);
}

static void log_colors_are_for_people_only(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct book book;
        bool people = forms[i].format == CLI_LOG_COMPACT || forms[i].format == CLI_LOG_PRETTY;

        open_book(&book, forms[i].format, CLI_SPAN_OFF, "hops=debug");
        book.log.config.color = true;
        write_two(&book);
        check_int(forms[i].name, strstr(cli_text_str(&book.text), "\033[2m2026-") != NULL, people);
        check_int(forms[i].name, strstr(cli_text_str(&book.text), "\033[32m INFO\033[0m") != NULL,
                  people);
        check_int(forms[i].name, strstr(cli_text_str(&book.text), "\033[2J") != NULL, false);
        close_book(&book);
    }
}

#define TRACE  "trace{target=t address=192.0.2.1}: hops::tracer: "
#define ROUND  "trace{target=t address=192.0.2.1}:round{number=0}: hops::tracer: "
#define AT(ms) "1970-01-01T00:00:00." ms "Z  INFO "

static const struct {
    const char *name;
    enum cli_span_events spans;
    const char *want;
} spans[] = {
    {"off", CLI_SPAN_OFF, ""},
    {"active", CLI_SPAN_ACTIVE,
     AT("000000") TRACE "enter\n" AT("001000") ROUND "enter\n" AT("003000") ROUND
     "exit\n" AT("004000") TRACE "exit\n"},
    {"full", CLI_SPAN_FULL,
     AT("000000") TRACE "new\n" AT("000000") TRACE "enter\n" AT("001000") ROUND "new\n" AT("001000")
         ROUND "enter\n" AT("003000") ROUND "exit\n" AT("003000") ROUND
     "close time=2ms\n" AT("004000") TRACE "exit\n" AT("004000") TRACE "close time=4ms\n"},
};

static void log_spans_are_told_as_asked(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
        struct hops_addr addr = addr_of("192.0.2.1");
        struct book book;

        open_book(&book, CLI_LOG_COMPACT, spans[i].spans, "hops=info");
        cli_log_trace_begin(&book.log, "t", &addr, 0);
        cli_log_round_begin(&book.log, 0, 0, HOPS_MS);
        cli_log_round_begin(&book.log, 0, 0, 2 * HOPS_MS); /* it is open already */
        cli_log_round_end(&book.log, 0, 3 * HOPS_MS);
        cli_log_trace_end(&book.log, 0, 4 * HOPS_MS);
        cli_log_trace_end(&book.log, 0, 5 * HOPS_MS); /* it is closed already */
        cli_log_trace_end(&book.log, 1, 5 * HOPS_MS); /* there is none */
        check_str(spans[i].name, cli_text_str(&book.text), spans[i].want);
        close_book(&book);
    }
}

/* Levels of cli, net, tracer, lookup as one letter each. */
static const struct {
    const char *filter, *levels, *refused;
} filters[] = {
    {"", "EEEE", ""},
    {" , ", "EEEE", ""},
    {"hops=debug", "DDDD", ""},
    {"trippy=debug", "DDDD", ""},
    {"trippy_core=trace", "TTTT", ""},
    {"trippy::tracing::net=info", "IIII", ""},
    {"info", "IIII", ""},
    {"WARN", "WWWW", ""},
    {"Off", "----", ""},
    {"hops", "TTTT", ""},
    {"hops::net", "-T--", ""},
    {"hops::n=error", "-E--", ""},
    {"info,hops::net=trace", "ITII", ""},
    {"hops::net=trace,info", "ITII", ""},
    {"hops=off,hops::tracer=debug", "--D-", ""},
    {"hops=debug,hops=info", "IIII", ""},
    {"error, hops::lookup = trace", "EEET", ""},
    {"h2=debug", "----", ""},
    {"hops=loud", "EEEE", "hops=loud|"},
    {"hops[round{number=3}]=debug,info", "IIII", "hops[round{number=3}]=debug|"},
    {"=info", "EEEE", "=info|"},
    {"hops=", "EEEE", "hops=|"},
    {"hops=info=debug", "EEEE", "hops=info=debug|"},
    {"a b,\033[2J", "EEEE", "a b|\033[2J|"},
};

static void filter_directives_give_levels(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
        enum cli_log_level levels[CLI_LOG_TARGETS];
        struct book book = {.wall = 0};
        char got[CLI_LOG_TARGETS + 1] = "";

        cli_log_filter_parse(filters[i].filter, levels, book_refused, &book);
        for (size_t k = 0; k < CLI_LOG_TARGETS; k++) {
            got[k] = "-EWIDT"[levels[k]];
        }
        check_str(filters[i].filter, got, filters[i].levels);
        check_str(filters[i].filter, cli_text_str(&book.refused), filters[i].refused);
        close_book(&book);
    }
}

static void filter_decides_what_is_written(void **state) {
    static const struct {
        const char *filter;
        int writes;
    } rows[] = {{"off", 0}, {"error", 1}, {"warn", 2}, {"info", 3}, {"debug", 4}, {"trace", 5}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct book book;

        open_book(&book, CLI_LOG_JSON, CLI_SPAN_OFF, rows[i].filter);
        for (int level = CLI_LOG_ERROR; level <= CLI_LOG_TRACE; level++) {
            struct cli_log_line line =
                CLI_LOG_LINE((enum cli_log_level)level, CLI_LOG_NET, "message");
            check_int(rows[i].filter,
                      cli_log_wants(&book.log, (enum cli_log_level)level, CLI_LOG_NET),
                      level <= (int)i);
            cli_log_write(&book.log, &line);
        }
        check_int(rows[i].filter, book.writes, rows[i].writes);
        close_book(&book);
    }
}

/* What is told. */

static const struct report_events_trace traces[] = {
    {.target = "one.example",
     .config = {.protocol = HOPS_PROTOCOL_UDP,
                .strategy = HOPS_STRATEGY_PARIS,
                .direction = HOPS_PORTS_FIXED_BOTH,
                .source_port = 4000,
                .target_port = 53,
                .first_ttl = 2,
                .max_ttl = 30,
                .packet_size = 84,
                .min_round = HOPS_SEC,
                .max_round = HOPS_SEC,
                .max_rounds = 3,
                .source = {.family = HOPS_IPV4, .octets = {192, 0, 2, 7}},
                .target = {.family = HOPS_IPV4, .octets = {198, 51, 100, 80}}}}};

static const struct report_events_start start = {
    .wall_ns = WALL, .time = 500 * HOPS_SEC, .count = 1, .traces = traces};

static void begin_traces(struct book *book, const char *filter, bool other_time) {
    open_book(book, CLI_LOG_COMPACT, CLI_SPAN_OFF, filter);
    cli_log_traces(&book->log, &start, other_time);
}

#define HEAD "trace{target=one.example address=198.51.100.80}"

static const struct {
    const char *name;
    struct hops_event event;
    const char *want;
} events[] = {
    {"sent",
     {.kind = HOPS_EVENT_SENT, .probe = {.round = 0, .ttl = 2, .sequence = 33434}},
     "DEBUG " HEAD ":round{number=0}: hops::tracer: probe sent round=0 ttl=2 sequence=33434\n"},
    {"sent with ports",
     {.kind = HOPS_EVENT_SENT,
      .probe = {.round = 0, .ttl = 2, .sequence = 9, .src_port = 4000, .dst_port = 53}},
     "DEBUG " HEAD ":round{number=0}: hops::tracer: probe sent round=0 ttl=2 sequence=9 "
     "src_port=4000 dst_port=53\n"},
    {"skipped",
     {.kind = HOPS_EVENT_SKIPPED,
      .probe = {.round = 0, .ttl = 2, .sequence = 9},
      .u.failure = {.call = HOPS_CALL_BIND, .os_errno = EADDRINUSE}},
     "DEBUG " HEAD ":round{number=0}: hops::tracer: probe skipped round=0 ttl=2 sequence=9 "
     "call=bind errno=EADDRINUSE\n"},
    {"failed",
     {.kind = HOPS_EVENT_FAILED,
      .probe = {.round = 0, .ttl = 2, .sequence = 9},
      .u.failure = {.call = HOPS_CALL_SENDTO, .os_errno = ENETUNREACH}},
     " WARN " HEAD ":round{number=0}: hops::tracer: probe failed round=0 ttl=2 sequence=9 "
     "call=sendto errno=ENETUNREACH\n"},
    {"failed without a name",
     {.kind = HOPS_EVENT_FAILED, .u.failure = {.call = HOPS_CALL_SENDTO, .os_errno = 9999}},
     " WARN " HEAD ":round{number=0}: hops::tracer: probe failed round=0 ttl=0 sequence=0 "
     "call=sendto errno=9999\n"},
    {"reply",
     {.kind = HOPS_EVENT_REPLY,
      .probe = {.round = 0, .ttl = 2, .sequence = 9},
      .u.reply = {.kind = HOPS_REPLY_TIME_EXCEEDED,
                  .responder = {.family = HOPS_IPV4, .octets = {203, 0, 113, 5}},
                  .rtt = 1234567}},
     "DEBUG " HEAD ": hops::tracer: reply responder=203.0.113.5 kind=time-exceeded rtt=1.234567ms "
     "round=0 ttl=2 sequence=9\n"},
    {"late coarse reply of the target",
     {.kind = HOPS_EVENT_REPLY,
      .u.reply = {.kind = HOPS_REPLY_ECHO,
                  .responder = {.family = HOPS_IPV4, .octets = {203, 0, 113, 5}},
                  .is_target = true,
                  .late = true,
                  .coarse = true}},
     "DEBUG " HEAD ": hops::tracer: reply responder=203.0.113.5 kind=echo-reply rtt=0ns round=0 "
     "ttl=0 sequence=0 target=true late=true coarse=true\n"},
    {"round",
     {.kind = HOPS_EVENT_ROUND,
      .u.round = {.round = 7, .reason = HOPS_ROUND_TIME_LIMIT, .largest_ttl = 5}},
     " INFO " HEAD ": hops::tracer: round complete round=7 reason=time-limit rows=5\n"},
    {"round with target",
     {.kind = HOPS_EVENT_ROUND,
      .u.round =
          {.round = 7, .reason = HOPS_ROUND_TARGET_FOUND, .largest_ttl = 5, .target_ttl = 5}},
     " INFO " HEAD ": hops::tracer: round complete round=7 reason=target-found rows=5 "
     "target_ttl=5\n"},
    {"settled",
     {.kind = HOPS_EVENT_SETTLED, .u.settled_round = 6},
     "TRACE " HEAD ": hops::tracer: round settled round=6\n"},
    {"path",
     {.kind = HOPS_EVENT_PATH,
      .u.path = {.round = 4, .ttl = 3, .after = {.family = HOPS_IPV4, .octets = {203, 0, 113, 9}}}},
     " INFO " HEAD ": hops::tracer: path changed ttl=3 before=null after=203.0.113.9\n"},
    {"error",
     {.kind = HOPS_EVENT_ERROR, .u.failure = {.call = HOPS_CALL_SOCKET, .os_errno = EINVAL}},
     "ERROR " HEAD ": hops::tracer: trace cannot go on call=socket errno=EINVAL\n"},
    {"end",
     {.kind = HOPS_EVENT_END, .u.end = HOPS_END_ROUNDS_DONE},
     " INFO " HEAD ": hops::tracer: trace ends reason=rounds-done\n"},
};

static void log_events_are_told_with_their_time(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        struct hops_event event = events[i].event;
        struct book book;
        char want[512];

        begin_traces(&book, "trace", false);
        book.text.len = 0; /* the line of the trace */
        event.time = 501 * HOPS_SEC;
        cli_log_event(&book.log, &event);
        (void)snprintf(want, sizeof(want), "2026-03-04T05:06:08.089123Z %s", events[i].want);
        check_str(events[i].name, cli_text_str(&book.text), want);
        close_book(&book);
    }
}

static void log_traces_begin_with_their_configuration(void **state) {
    struct book book;

    (void)state;
    begin_traces(&book, "info", false);
    check_str("trace", cli_text_str(&book.text),
              "2026-03-04T05:06:07.089123Z  INFO " HEAD ": hops::tracer: trace begins protocol=udp "
              "strategy=paris source=192.0.2.7 source_port=4000 target_port=53 first_ttl=2 "
              "max_ttl=30 packet_size=84 min_round=1s max_round=1s rounds=3\n");
    close_book(&book);
}

/* A line without a time of its own: by the clock, or by the latest event of a replay. */
static void log_time_is_that_of_the_events_in_a_replay(void **state) {
    static const char *const want[] = {"1970-01-01T00:00:00.000005Z DEBUG hops::cli: sandbox "
                                       "entered=true\n",
                                       "2026-03-04T05:06:09.089123Z DEBUG hops::cli: sandbox "
                                       "entered=true\n"};
    const struct hops_event settled = {.kind = HOPS_EVENT_SETTLED, .time = 502 * HOPS_SEC};

    (void)state;
    for (int other = 0; other <= 1; other++) {
        struct book book;

        begin_traces(&book, "debug", other != 0);
        cli_log_event(&book.log, &settled);
        book.text.len = 0;
        book.wall = 5 * HOPS_US;
        cli_log_sandbox(&book.log, true);
        check_str("sandbox", cli_text_str(&book.text), want[other]);
        close_book(&book);
    }
}

/* Recordings hold any number. */
static void log_times_out_of_range_are_the_ends_of_it(void **state) {
    static const hops_ns times[] = {INT64_MAX, INT64_MIN, INT64_MIN + 1, -1, 0};

    (void)state;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        const struct report_events_start odd = {
            .wall_ns = INT64_MIN, .time = times[i], .count = 1, .traces = traces};
        struct book book;

        for (size_t k = 0; k < 2 * sizeof(times) / sizeof(times[0]); k++) {
            const hops_ns at = times[k / 2];
            const struct hops_event sent = {.kind = HOPS_EVENT_SENT, .time = at};
            const struct hops_event end = {.kind = HOPS_EVENT_END, .time = times[4 - k / 2]};
            open_book(&book, k % 2 == 0 ? CLI_LOG_JSON : CLI_LOG_CHROME, CLI_SPAN_FULL, "trace");
            cli_log_traces(&book.log, &odd, true);
            cli_log_event(&book.log, &sent);
            cli_log_event(&book.log, &end);
            check_int("written", book.writes > 5, true);
            close_book(&book);
        }
    }
}

static void log_names_are_made_printable(void **state) {
    const struct report_events_as as = {.number = "64500"};
    const struct report_events_name name = {
        .time = 500 * HOPS_SEC,
        .addr = {.family = HOPS_IPV4, .octets = {203, 0, 113, 5}},
        .shown = "evil\n\033]0;x\007",
        .as = &as};
    struct book book;

    (void)state;
    begin_traces(&book, "hops::lookup=debug", false);
    cli_log_name(&book.log, &name);
    check_str("name", cli_text_str(&book.text),
              "2026-03-04T05:06:07.089123Z DEBUG hops::lookup: name address=203.0.113.5 "
              "shown=evil\\010\\027]0;x\\007 as=64500\n");
    close_book(&book);
}

static void log_refusals_are_told_when_they_grow(void **state) {
    struct hops_run_counters counters = {.link.malformed = 2, .foreign = 5};
    struct book book;

    (void)state;
    open_book(&book, CLI_LOG_COMPACT, CLI_SPAN_OFF, "hops=debug");
    cli_log_refused(&book.log, &counters);
    cli_log_refused(&book.log, &counters);
    counters.foreign = 6;
    counters.duplicates = 1;
    counters.accepted = 40;
    counters.link.received = 50;
    cli_log_refused(&book.log, &counters);
    cli_log_counters(&book.log, &counters);
    cli_log_end(&book.log, 130);
    check_str("refused", cli_text_str(&book.text),
              "2026-03-04T05:06:07.089123Z DEBUG hops::net: packets refused malformed=2 foreign=5\n"
              "2026-03-04T05:06:07.089123Z DEBUG hops::net: packets refused foreign=1 "
              "duplicates=1\n"
              "2026-03-04T05:06:07.089123Z  INFO hops::net: packets received all=50 accepted=40 "
              "late=0 coarse=0 malformed=2 ignored=0 overflow=0 foreign=6 unexpected=0 "
              "duplicates=1\n"
              "2026-03-04T05:06:07.089123Z  INFO hops::cli: hops ends status=130\n");
    close_book(&book);
}

static void log_settings_are_told_with_their_origin(void **state) {
    const struct cli_case c = {.args = "h -m csv -i 50ms -A ::1 -s 18446744073709551615 -G x\033y "
                                       "--dns-server 192.0.2.53",
                               .env = "HOPS_FIRST_TTL=3|HOPS_ICMP_EXTENSIONS=true",
                               .file = "[strategy]\nmax-ttl = 9\n"};
    static const char *const want[] = {
        " INFO hops::cli: hops begins version=1.2.3\n",
        "DEBUG hops::cli: privileges given up\n",
        "DEBUG hops::net: raw sockets available=true used=true\n",
        "DEBUG hops::cli: configuration file path=/",
        "/hops.toml\n",
        "DEBUG hops::cli: setting name=mode value=csv from=arguments\n",
        "DEBUG hops::cli: setting name=min-round-duration value=50ms from=arguments\n",
        "DEBUG hops::cli: setting name=source-address value=::1 from=arguments\n",
        "DEBUG hops::cli: setting name=max-samples value=9223372036854775807 from=arguments\n",
        "DEBUG hops::cli: setting name=geoip-mmdb-file value=x\\027y from=arguments\n",
        "DEBUG hops::cli: setting name=first-ttl value=3 from=environment\n",
        "DEBUG hops::cli: setting name=icmp-extensions value=true from=environment\n",
        "DEBUG hops::cli: setting name=dns-server value=192.0.2.53:53 from=arguments\n",
        "DEBUG hops::cli: setting name=max-ttl value=9 from=file\n",
    };
    struct cli_run run;
    struct book book;

    (void)state;
    cli_case_run(&c, &run);
    check_int("run", run.outcome, CLI_RUN);
    open_book(&book, CLI_LOG_COMPACT, CLI_SPAN_OFF, "hops=debug");
    cli_log_settings(&book.log, &run.settings, "1.2.3", true);
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
        if (strstr(cli_text_str(&book.text), want[i]) == NULL) {
            check_str("line", cli_text_str(&book.text), want[i]);
        }
    }
    close_book(&book);
    cli_case_done(&run);
}

static void log_off_writes_nothing(void **state) {
    const struct hops_run_counters counters = {.foreign = 1};
    const struct hops_event event = {.kind = HOPS_EVENT_ERROR};
    const struct report_events_name name = {.shown = "x"};
    struct cli_settings settings = {0};
    struct cli_log log = {0}; /* without a sink: a line would crash */

    (void)state;
    cli_log_settings(&log, &settings, "1.2.3", true);
    cli_log_traces(&log, &start, false);
    cli_log_sandbox(&log, true);
    cli_log_event(&log, &event);
    cli_log_name(&log, &name);
    cli_log_refused(&log, &counters);
    cli_log_counters(&log, &counters);
    cli_log_end(&log, 1);
    assert_int_equal(log.span_count, 0);
    cli_log_done(&log);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(log_forms_are_exact),
        cmocka_unit_test(log_chrome_takes_neither_filter_nor_span_events),
        cmocka_unit_test(log_colors_are_for_people_only),
        cmocka_unit_test(log_spans_are_told_as_asked),
        cmocka_unit_test(filter_directives_give_levels),
        cmocka_unit_test(filter_decides_what_is_written),
        cmocka_unit_test(log_events_are_told_with_their_time),
        cmocka_unit_test(log_traces_begin_with_their_configuration),
        cmocka_unit_test(log_time_is_that_of_the_events_in_a_replay),
        cmocka_unit_test(log_times_out_of_range_are_the_ends_of_it),
        cmocka_unit_test(log_names_are_made_printable),
        cmocka_unit_test(log_refusals_are_told_when_they_grow),
        cmocka_unit_test(log_settings_are_told_with_their_origin),
        cmocka_unit_test(log_off_writes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
