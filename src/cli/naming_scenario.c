/* SPDX-License-Identifier: MIT */
#include "cli/naming_scenario.h"

#include "base/diag.h"
#include "base/text.h"
#include "cli/scenario.h"
#include "lookup/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cli_naming_scenario {
    const struct hops_scenario *scenario;
    struct lookup_records names;
    const char *name[LOOKUP_TEXTS_MAX];
    char as[LOOKUP_AS_FIELDS][LOOKUP_TEXT_MAX];
    const char *field[LOOKUP_AS_FIELDS];
};

enum hops_err cli_naming_scenario_new(const struct hops_scenario *scenario,
                                      struct cli_naming_scenario **out, struct hops_diag *diag) {
    struct cli_naming_scenario *names = calloc(1, sizeof(*names));

    if (names == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory for names");
    }
    names->scenario = scenario;
    for (size_t i = 0; i < LOOKUP_TEXTS_MAX; i++) {
        names->name[i] = names->names.text[i];
    }
    for (size_t i = 0; i < LOOKUP_AS_FIELDS; i++) {
        names->field[i] = names->as[i];
    }
    *out = names;
    return HOPS_OK;
}

void cli_naming_scenario_free(struct cli_naming_scenario *names) {
    free(names);
}

struct lookup_answer cli_naming_scenario_name(struct cli_naming_scenario *names,
                                              const struct hops_addr *addr) {
    const char *text;

    names->names.count = 0;
    for (size_t i = 0; (text = cli_scenario_name(names->scenario, addr, i)) != NULL; i++) {
        lookup_records_add(&names->names, text, strlen(text));
    }
    if (names->names.count == 0) {
        return (struct lookup_answer){.state = LOOKUP_NOT_FOUND};
    }
    return (struct lookup_answer){
        .state = LOOKUP_FOUND, .count = names->names.count, .text = names->name};
}

static void put(struct cli_naming_scenario *names, enum lookup_as_field field, const char *text) {
    (void)hops_text_sanitize(text == NULL ? "" : text, text == NULL ? 0 : strlen(text),
                             names->as[field], sizeof(names->as[field]));
}

struct lookup_answer cli_naming_scenario_as(struct cli_naming_scenario *names,
                                            const struct hops_addr *addr) {
    const struct hops_scenario_as *as = cli_scenario_as(names->scenario, addr);
    char text[HOPS_ADDR_TEXT_MAX];

    if (as == NULL) {
        return (struct lookup_answer){.state = LOOKUP_NOT_FOUND};
    }
    (void)snprintf(names->as[LOOKUP_AS_NUMBER], LOOKUP_TEXT_MAX, "%" PRIu32, as->number);
    (void)snprintf(names->as[LOOKUP_AS_PREFIX], LOOKUP_TEXT_MAX, "%s/%u",
                   hops_addr_format(&as->prefix, text), (unsigned)as->prefix_len);
    put(names, LOOKUP_AS_COUNTRY, as->country);
    put(names, LOOKUP_AS_REGISTRY, as->registry);
    put(names, LOOKUP_AS_ALLOCATED, as->allocated);
    put(names, LOOKUP_AS_NAME, as->name);
    return (struct lookup_answer){
        .state = LOOKUP_FOUND, .count = LOOKUP_AS_FIELDS, .text = names->field};
}
