/* SPDX-License-Identifier: MIT */
#include "check.h"
#include "lookup/cache.h"

#include <string.h>

static const hops_ns ttl = 300 * HOPS_SEC;

static struct hops_addr addr_of(uint8_t last) {
    return hops_addr_ipv4((const uint8_t[4]){192, 0, 2, last});
}

static struct lookup_texts *texts_of(const char *text) {
    return lookup_texts_new(&text, 1);
}

static void cache_entry_is_due_by_state_and_age(void **state) {
    static const struct {
        const char *name;
        enum lookup_state state;
        hops_ns age;
        bool due;
    } rows[] = {
        {"found, at the ttl", LOOKUP_FOUND, 300 * HOPS_SEC, false},
        {"found, past the ttl", LOOKUP_FOUND, 300 * HOPS_SEC + 1, true},
        {"not found, past the ttl", LOOKUP_NOT_FOUND, 300 * HOPS_SEC + 1, true},
        {"failed, young", LOOKUP_FAILED, 1, false},
        {"failed, past the ttl", LOOKUP_FAILED, 300 * HOPS_SEC + 1, true},
        {"found, clock went back", LOOKUP_FOUND, -HOPS_SEC, false},
        {"timeout, at once", LOOKUP_TIMEOUT, 5 * HOPS_SEC - 1, false},
        {"timeout, after the pause", LOOKUP_TIMEOUT, 5 * HOPS_SEC, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct lookup_cache cache;
        struct hops_addr addr = addr_of(1);
        lookup_cache_init(&cache, 8, 1);
        lookup_cache_store(&cache, LOOKUP_KIND_NAME, &addr, rows[i].state, NULL, 7 * HOPS_SEC, ttl);
        struct lookup_entry *entry = lookup_cache_find(&cache, LOOKUP_KIND_NAME, &addr);
        assert_non_null(entry);
        check_int(rows[i].name, lookup_cache_due(entry, 7 * HOPS_SEC + rows[i].age, ttl),
                  rows[i].due);
        lookup_cache_clear(&cache);
    }
}

static void cache_timeouts_in_a_row_pause_longer_up_to_the_ttl(void **state) {
    static const hops_ns pauses[] = {5, 10, 20, 40, 80, 160, 300, 300};
    struct lookup_cache cache;
    struct hops_addr addr = addr_of(1);

    (void)state;
    lookup_cache_init(&cache, 8, 1);
    for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
        lookup_cache_store(&cache, LOOKUP_KIND_NAME, &addr, LOOKUP_TIMEOUT, NULL, 0, ttl);
        struct lookup_entry *entry = lookup_cache_find(&cache, LOOKUP_KIND_NAME, &addr);
        check_int("pause", entry->pause, pauses[i] * HOPS_SEC);
        lookup_cache_begun(entry, 0);
        assert_int_equal(entry->state, LOOKUP_PENDING);
    }
    lookup_cache_store(&cache, LOOKUP_KIND_NAME, &addr, LOOKUP_NOT_FOUND, NULL, 0, ttl);
    lookup_cache_store(&cache, LOOKUP_KIND_NAME, &addr, LOOKUP_TIMEOUT, NULL, 0, ttl);
    assert_int_equal(lookup_cache_find(&cache, LOOKUP_KIND_NAME, &addr)->pause, 5 * HOPS_SEC);
    lookup_cache_clear(&cache);
}

static void cache_old_name_stays_while_asked_again(void **state) {
    struct lookup_cache cache;
    struct hops_addr addr = addr_of(1);

    (void)state;
    lookup_cache_init(&cache, 8, 1);
    lookup_cache_store(&cache, LOOKUP_KIND_NAME, &addr, LOOKUP_FOUND, texts_of("old"), 0, ttl);
    struct lookup_entry *entry = lookup_cache_find(&cache, LOOKUP_KIND_NAME, &addr);
    assert_true(lookup_cache_due(entry, ttl + 1, ttl));
    lookup_cache_begun(entry, ttl + 1);
    assert_false(lookup_cache_due(entry, ttl + 2, ttl));
    assert_int_equal(entry->state, LOOKUP_FOUND);
    assert_string_equal(entry->texts->text[0], "old");
    lookup_cache_store(&cache, LOOKUP_KIND_NAME, &addr, LOOKUP_FOUND, texts_of("new"), ttl + 1,
                       ttl);
    assert_string_equal(lookup_cache_find(&cache, LOOKUP_KIND_NAME, &addr)->texts->text[0], "new");
    lookup_cache_clear(&cache);
}

static void cache_full_forgets_what_was_not_used_longest(void **state) {
    struct lookup_cache cache;
    struct hops_addr a = addr_of(1);
    struct hops_addr b = addr_of(2);
    struct hops_addr c = addr_of(3);

    (void)state;
    lookup_cache_init(&cache, 2, 1);
    assert_non_null(lookup_cache_need(&cache, LOOKUP_KIND_NAME, &a, 0));
    assert_non_null(lookup_cache_need(&cache, LOOKUP_KIND_NAME, &b, 0));
    assert_non_null(lookup_cache_find(&cache, LOOKUP_KIND_NAME, &a));
    assert_non_null(lookup_cache_need(&cache, LOOKUP_KIND_NAME, &c, 0));
    assert_non_null(lookup_cache_find(&cache, LOOKUP_KIND_NAME, &a));
    assert_null(lookup_cache_find(&cache, LOOKUP_KIND_NAME, &b));
    assert_int_equal(cache.count, 2);
    lookup_cache_clear(&cache);
    assert_int_equal(cache.count, 0);
    assert_null(lookup_cache_find(&cache, LOOKUP_KIND_NAME, &a));
}

static void cache_names_and_as_data_are_apart(void **state) {
    struct lookup_cache cache;
    struct hops_addr addr = addr_of(1);

    (void)state;
    lookup_cache_init(&cache, 8, 1);
    lookup_cache_store(&cache, LOOKUP_KIND_NAME, &addr, LOOKUP_FOUND, texts_of("r1"), 0, ttl);
    assert_null(lookup_cache_find(&cache, LOOKUP_KIND_AS, &addr));
    lookup_cache_store(&cache, LOOKUP_KIND_AS, &addr, LOOKUP_FAILED, NULL, 0, ttl);
    assert_int_equal(lookup_cache_find(&cache, LOOKUP_KIND_NAME, &addr)->state, LOOKUP_FOUND);
    lookup_cache_clear(&cache);
}

static void cache_many_entries_are_all_found(void **state) {
    struct lookup_cache cache;

    (void)state;
    lookup_cache_init(&cache, LOOKUP_CACHE_MAX, 99);
    for (unsigned i = 0; i < 2 * LOOKUP_CACHE_MAX; i++) {
        struct hops_addr addr =
            hops_addr_ipv4((const uint8_t[4]){10, 0, (uint8_t)(i >> 8), (uint8_t)(i & 255)});
        assert_non_null(lookup_cache_need(&cache, LOOKUP_KIND_NAME, &addr, 0));
    }
    assert_int_equal(cache.count, LOOKUP_CACHE_MAX);
    for (unsigned i = 0; i < 2 * LOOKUP_CACHE_MAX; i++) {
        struct hops_addr addr =
            hops_addr_ipv4((const uint8_t[4]){10, 0, (uint8_t)(i >> 8), (uint8_t)(i & 255)});
        bool there = lookup_cache_find(&cache, LOOKUP_KIND_NAME, &addr) != NULL;
        assert_int_equal(there, i >= LOOKUP_CACHE_MAX);
    }
    lookup_cache_clear(&cache);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cache_entry_is_due_by_state_and_age),
        cmocka_unit_test(cache_timeouts_in_a_row_pause_longer_up_to_the_ttl),
        cmocka_unit_test(cache_old_name_stays_while_asked_again),
        cmocka_unit_test(cache_full_forgets_what_was_not_used_longest),
        cmocka_unit_test(cache_names_and_as_data_are_apart),
        cmocka_unit_test(cache_many_entries_are_all_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
