/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "tracer/loss.h"

/* "a1 c2": slots; n (not sent) is no slot at all. */
static size_t parse_slots(const char *text, struct slot *out) {
    size_t count = 0;

    for (; *text != '\0'; text++) {
        if (*text >= '0' && *text <= '9') {
            uint8_t ttl = (uint8_t)(*text - '0');
            char status = text[-1];
            if (status != 'n') {
                out[count] = (struct slot){.ttl = ttl,
                                           .status = status == 'a'   ? SLOT_AWAITED
                                                     : status == 'c' ? SLOT_COMPLETE
                                                     : status == 'f' ? SLOT_FAILED
                                                                     : SLOT_SKIPPED};
                count++;
            }
        }
    }
    return count;
}

static void loss_of_one_slot_is_forward_if_only_silence_follows(void **state) {
    static const struct {
        const char *slots;
        uint8_t ttl;
        bool forward;
    } rows[] = {
        {"", 1, false},
        {"a1 a2", 1, true},
        {"a1 c2", 1, false},
        {"a1 f2", 1, false},
        {"a1 n2", 1, false},
        {"a1 c2 a3 a4", 1, false},
        {"a1 c2 a3 a4", 3, true},
        {"a1 c2 a3 a4", 4, false},
        {"a1 f2 n3 a4", 4, false},
        {"a4 a5", 4, true},
        {"a4 c5", 4, false},
        {"a4 c5 a6 a7", 4, false},
        {"a4 c5 a6 a7", 6, true},
        {"a4 c5 a6 a7", 7, false},
        /* Failed slots say nothing of the path, so they are passed over like skipped ones. None of
         * the rows above has one between silent slots; in these two a rule that stops at a failed
         * slot would say no. */
        {"a1 f2 n3 a4", 1, true},
        {"a1 a2 f3", 1, true},
        {"a1 s2 a2", 1, true},
        {"a1 f2 c3", 1, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slot slots[8];
        size_t count = parse_slots(rows[i].slots, slots);
        struct loss_scan scan = hops_loss_scan(slots, count, HOPS_TTL_MAX);

        check_int(rows[i].slots, hops_loss_forward(&scan, rows[i].ttl), rows[i].forward);
    }
}

static void loss_of_a_silent_tail_is_forward_once_then_backward(void **state) {
    static const struct {
        const char *slots;
        uint8_t largest;
        const char *want; /* per awaited slot: F, B or - */
    } rows[] = {
        {"c1 a2 a3 a4", 4, "FBB"}, {"a1 c2 a3 a4", 4, "-FB"}, {"c1 a2", 2, "-"},
        {"c1 a2 a3 a4", 2, "-"}, /* rows beyond the largest TTL do not exist */
        {"a1 a2 c3", 3, "--"},     {"c1 a2 f3 a4", 4, "FB"},  {"c1 a2 a3 c4", 3, "FB"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slot slots[8];
        size_t count = parse_slots(rows[i].slots, slots);
        struct loss_scan scan = hops_loss_scan(slots, count, rows[i].largest);
        char got[8];
        size_t n = 0;

        for (size_t k = 0; k < count; k++) {
            if (slots[k].status == SLOT_AWAITED && slots[k].ttl <= rows[i].largest) {
                enum slot_loss loss = hops_loss_next(&scan, slots[k].ttl);
                got[n++] = loss == LOSS_FORWARD ? 'F' : loss == LOSS_BACKWARD ? 'B' : '-';
            }
        }
        got[n] = '\0';
        check_str(rows[i].slots, got, rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loss_of_one_slot_is_forward_if_only_silence_follows),
        cmocka_unit_test(loss_of_a_silent_tail_is_forward_once_then_backward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
