/* SPDX-License-Identifier: MIT
 *
 * What the writer and the reader of event lines share: configurations in both directions, and a
 * reader of JSON members whose failure sticks.
 */
#ifndef REPORT_EVENTS_JSON_H
#define REPORT_EVENTS_JSON_H

#include <hops/config.h>
#include <hops/err.h>

#include <jansson.h>

/* An address as text, "%" and the scope behind it if there is one; JSON null without family. NULL
 * if memory ran out. */
json_t *report_events_addr(const struct hops_addr *addr);
json_t *report_events_config(const struct hops_config *config);

/* Reading. Each getter looks at a member of object; one that is missing, of another type or out of
 * bounds makes in bad and sets the diag once. After that all of them do nothing. */
struct report_events_in {
    struct hops_diag *diag;
    bool bad;
};

void report_events_refuse(struct report_events_in *in, const char *key, const char *why);
const json_t *report_events_get(struct report_events_in *in, const json_t *object, const char *key);
const json_t *report_events_get_object(struct report_events_in *in, const json_t *object,
                                       const char *key); /* NULL if bad */
json_int_t report_events_get_int(struct report_events_in *in, const json_t *object, const char *key,
                                 json_int_t min, json_int_t max);
/* Likewise, but null stands for absent. */
json_int_t report_events_get_int_or(struct report_events_in *in, const json_t *object,
                                    const char *key, json_int_t min, json_int_t max,
                                    json_int_t absent);
bool report_events_get_bool(struct report_events_in *in, const json_t *object, const char *key);
const char *report_events_get_text(struct report_events_in *in, const json_t *object,
                                   const char *key); /* "" if bad */
/* null gives an address without family, if that is allowed. */
struct hops_addr report_events_get_addr(struct report_events_in *in, const json_t *object,
                                        const char *key, bool optional);
/* The number 0..count-1 whose name the member is. */
int report_events_get_name(struct report_events_in *in, const json_t *object, const char *key,
                           const char *(*name)(int), int count);

void report_events_get_config(struct report_events_in *in, const json_t *object,
                              struct hops_config *out);

#endif
