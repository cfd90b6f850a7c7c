/* SPDX-License-Identifier: MIT */
#include "cli/simulate.h"

#include "base/text.h"
#include "cli/message.h"
#include "cli/scenario.h"
#include "cli/session.h"
#include "cli/targets.h"

#include "report/names.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAME_MAX_LEN = 1024 };

struct scenario_names {
    const struct hops_scenario *scenario;
    char text[NAME_MAX_LEN]; /* the name last asked for, cleaned */
};

static const char *name_of(void *user, const struct hops_addr *addr) {
    struct scenario_names *names = user;
    const char *name = cli_scenario_name(names->scenario, addr, 0);

    if (name == NULL) {
        return NULL;
    }
    (void)hops_text_sanitize(name, strlen(name), names->text, sizeof(names->text));
    return names->text;
}

/* Names are known the moment an address is seen, and told once. */
struct feed {
    struct scenario_names *names;
    struct report_names told;
    struct hops_addr pending; /* family NONE: none */
    const char *texts[REPORT_EVENTS_NAMES_MAX];
    char number[16], prefix[HOPS_ADDR_TEXT_MAX + 4];
    struct report_events_as as;
};

static void seen(void *user, const struct hops_addr *addr) {
    struct feed *feed = user;

    if (!report_names_has(&feed->told, addr) && feed->told.count < REPORT_NAMES_MAX) {
        feed->pending = *addr;
    }
}

/* Empty texts are what a scenario does not say. */
static const char *text_or_null(const char *text) {
    return text == NULL || text[0] == '\0' ? NULL : text;
}

static const struct report_events_as *as_of(struct feed *feed) {
    const struct hops_scenario_as *as = cli_scenario_as(feed->names->scenario, &feed->pending);
    char text[HOPS_ADDR_TEXT_MAX];

    if (as == NULL) {
        return NULL;
    }
    (void)snprintf(feed->number, sizeof(feed->number), "%" PRIu32, as->number);
    (void)snprintf(feed->prefix, sizeof(feed->prefix), "%s/%u", hops_addr_format(&as->prefix, text),
                   (unsigned)as->prefix_len);
    feed->as = (struct report_events_as){.number = feed->number,
                                         .prefix = feed->prefix,
                                         .country = text_or_null(as->country),
                                         .registry = text_or_null(as->registry),
                                         .allocated = text_or_null(as->allocated),
                                         .name = text_or_null(as->name)};
    return &feed->as;
}

static bool next(void *user, struct report_events_name *out) {
    struct feed *feed = user;

    if (feed->pending.family == HOPS_FAMILY_NONE) {
        return false;
    }
    *out = (struct report_events_name){.addr = feed->pending, .names = feed->texts};
    while (out->count < REPORT_EVENTS_NAMES_MAX &&
           (feed->texts[out->count] =
                cli_scenario_name(feed->names->scenario, &feed->pending, out->count)) != NULL) {
        out->count++;
    }
    out->shown = name_of(feed->names, &feed->pending);
    out->as = as_of(feed);
    (void)report_names_put(&feed->told, out);
    feed->pending.family = HOPS_FAMILY_NONE;
    return out->shown != NULL || out->as != NULL;
}

static int run(const struct cli_settings *settings, const struct hops_scenario *scenario,
               const struct cli_targets *targets, struct hops_link *link,
               struct cli_recorder *recorder) {
    struct scenario_names found = {.scenario = scenario};
    struct hops_names names = {.name = name_of, .user = &found};
    struct feed source = {.names = &found};
    struct cli_name_feed feed = {.seen = seen, .next = next, .user = &source};
    struct cli_session_inputs inputs = {.settings = settings,
                                        .targets = targets,
                                        .names = &names,
                                        .feed = &feed,
                                        .recorder = recorder,
                                        .version = HOPS_VERSION,
                                        .simulated = true};

    int status = cli_session(&inputs, link);
    report_names_done(&source.told);
    return status;
}

int cli_simulate(const struct cli_settings *settings, struct cli_recorder *recorder) {
    struct cli_scenario *file = NULL;
    const struct hops_scenario *scenario = NULL;
    struct cli_targets targets = {0};
    struct hops_link *link = NULL;
    struct hops_diag diag = {.text = "out of memory"};
    int status = 1;
    enum hops_err err = settings->simulate_file == NULL
                            ? cli_scenario_builtin(&file, &diag)
                            : cli_scenario_load(settings->simulate_file, &file, &diag);

    if (err == HOPS_OK) {
        scenario = cli_scenario_get(file);
        err = cli_targets_simulate(settings, scenario, &targets, &diag);
    }
    if (err == HOPS_OK) {
        err = hops_sim_new(scenario, NULL, &link, &diag);
    }
    if (err == HOPS_OK) {
        status = run(settings, scenario, &targets, link, recorder);
    } else {
        cli_message_error("%s", diag.text);
    }
    cli_targets_done(&targets);
    cli_scenario_free(file);
    return status;
}
