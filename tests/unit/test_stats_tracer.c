/* SPDX-License-Identifier: MIT
 *
 * The real tracer's events in the fold: rounds of one second, answers that take longer.
 */
#include "tracer_drive.h"

#include "script.h"

enum { PATH_LEN = 5, SILENT = 3, ROUNDS = 6, PENDING_MAX = 600 };

struct pending {
    struct hops_probe probe;
    hops_ns due;
};

static struct drive d;

/* Router or target of a probe; hop SILENT never answers. */
static void answer(const struct hops_probe *probe) {
    char from[HOPS_ADDR_TEXT_MAX];

    if (probe->ttl >= PATH_LEN) {
        drive_answer(&d, probe, HOPS_REPLY_ECHO, "198.51.100.20");
    } else if (probe->ttl != SILENT) {
        snprintf(from, sizeof(from), "203.0.113.%u", probe->ttl);
        drive_answer(&d, probe, HOPS_REPLY_TIME_EXCEEDED, from);
    }
}

static void run_trace(hops_ns rtt) {
    struct pending pending[PENDING_MAX];
    size_t first = 0;
    size_t count = 0;
    struct hops_config c = drive_config();

    c.max_rounds = ROUNDS;
    c.max_ttl = 12;
    drive_start(&d, &c);
    for (hops_ns now = 0; now < 20 * HOPS_SEC && !hops_tracer_ended(d.t); now += 50 * HOPS_MS) {
        drive_to(&d, now);
        for (; first < count && pending[first].due <= now; first++) {
            answer(&pending[first].probe);
        }
        drive_send(&d);
        for (size_t i = 0; i < d.sent_count; i++) {
            assert_true(count < PENDING_MAX);
            pending[count++] = (struct pending){.probe = d.sent[i], .due = now + rtt};
        }
    }
    assert_true(hops_tracer_ended(d.t));
}

static void stats_of_a_trace_count_every_answer_however_late(void **state) {
    static const hops_ns rtts[] = {50 * HOPS_MS, 950 * HOPS_MS, 1500 * HOPS_MS, 2800 * HOPS_MS};

    (void)state;
    for (size_t r = 0; r < sizeof(rtts) / sizeof(rtts[0]); r++) {
        char name[32];
        uint8_t first;
        uint8_t last;

        snprintf(name, sizeof(name), "%lld ms", (long long)(rtts[r] / HOPS_MS));
        run_trace(rtts[r]);
        struct hops_stats *stats = script_stats(256, 64, 1, NULL);
        for (size_t i = 0; i < d.event_count; i++) {
            hops_stats_apply(stats, &d.events[i]);
        }
        hops_stats_ttls(stats, 0, &first, &last);
        check_int(name, first, 1);
        check_int(name, last, PATH_LEN);
        check_int(name, hops_stats_rounds(stats), ROUNDS);
        check_int(name, hops_stats_flow_count(stats), 1);
        for (unsigned ttl = 1; ttl <= PATH_LEN; ttl++) {
            struct hops_hop hop = script_hop(stats, 0, (uint8_t)ttl);
            check_int(name, hop.sent, ROUNDS);
            check_int(name, hop.received, ttl == SILENT ? 0 : ROUNDS);
            check_int(name, hop.forward_lost + hop.backward_lost, 0);
            if (ttl != SILENT) {
                check_int(name, hop.best, rtts[r]);
                check_int(name, hop.worst, rtts[r]);
            }
        }
        hops_stats_free(stats);
        drive_end(&d);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stats_of_a_trace_count_every_answer_however_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
