/* SPDX-License-Identifier: MIT
 *
 * What views read: traces with their statistics, and what is known about addresses. Statistics are
 * live or a copy that was taken when the screen was frozen; views cannot tell the difference.
 */
#ifndef TUI_MODEL_H
#define TUI_MODEL_H

#include <hops/config.h>
#include <hops/stats.h>

#include "report/columns.h"

#include <stdbool.h>
#include <stdint.h>

/* About addresses. All text is fit to be shown, and borrowed until the next call. */

enum tui_lookup {
    TUI_LOOKUP_NONE,    /* nobody looks such things up */
    TUI_LOOKUP_PENDING, /* asked, no answer yet */
    TUI_LOOKUP_FOUND,
    TUI_LOOKUP_NOT_FOUND, /* there is none */
    TUI_LOOKUP_FAILED,
    TUI_LOOKUP_TIMEOUT
};

struct tui_name {
    enum tui_lookup state;
    const char *text;  /* FOUND: all names, a blank between them */
    const char *first; /* FOUND: the first name */
};

struct tui_as {
    enum tui_lookup state;
    uint32_t number;                                            /* 0: none */
    const char *prefix, *country, *registry, *allocated, *name; /* NULL or "": not known */
};

struct tui_place {
    bool known;
    const char *city, *subdivision, *subdivision_code; /* NULL or "": not known */
    const char *country, *country_code, *continent;
    bool has_position, has_radius;
    double latitude, longitude;
    unsigned radius_km;
};

/* Where these come from. A function may be NULL: there is no such source. They never wait; asking
 * starts a look-up if need be, and tui_app_names_changed() tells that answers have come. */
struct tui_sources {
    struct tui_name (*name)(void *user, const struct hops_addr *addr);
    struct tui_as (*as)(void *user, const struct hops_addr *addr);
    struct tui_place (*place)(void *user, const struct hops_addr *addr);
    void (*forget)(void *user); /* all names and AS data */
    void *user;
};

struct tui_name tui_name_of(const struct tui_sources *sources, const struct hops_addr *addr);
struct tui_as tui_as_of(const struct tui_sources *sources, const struct hops_addr *addr);
struct tui_place tui_place_of(const struct tui_sources *sources, const struct hops_addr *addr);

/* Traces. */

struct tui_frozen; /* a copy of the statistics of a trace */

struct tui_trace {
    const char *name; /* as typed, fit to be shown (borrows) */
    struct hops_config config;
    struct hops_stats *stats; /* borrows */
    uint64_t max_flows;
    size_t max_samples;        /* kept of each hop; 0: as many as by default */
    struct tui_frozen *frozen; /* NULL: live */
    bool failed;               /* it cannot go on ... */
    char error[256];           /* ... because of this */
    bool ended;
    uint64_t sent; /* probes since the data was cleared */
};

/* Takes a copy, or gives it up again. False: no memory, still live. */
bool tui_trace_freeze(struct tui_trace *trace);
void tui_trace_thaw(struct tui_trace *trace);

/* As the functions of <hops/stats.h>. What they give is borrowed until the next event or thaw. */
uint64_t tui_trace_rounds(const struct tui_trace *trace);
uint32_t tui_trace_round_flow(const struct tui_trace *trace);
size_t tui_trace_flow_count(const struct tui_trace *trace);
bool tui_trace_flow(const struct tui_trace *trace, uint32_t flow, struct hops_flow *out);
void tui_trace_ttls(const struct tui_trace *trace, uint32_t flow, uint8_t *out_first,
                    uint8_t *out_last);
size_t tui_trace_hop_count(const struct tui_trace *trace, uint32_t flow);
uint8_t tui_trace_round_ttl(const struct tui_trace *trace, uint32_t flow);
bool tui_trace_hop(const struct tui_trace *trace, uint32_t flow, uint8_t ttl, struct hops_hop *out);
uint32_t tui_trace_sample(const struct tui_trace *trace, uint32_t flow, uint8_t ttl, size_t i);

/* The hop as a row of the table of columns; hop must live as long as the row is used. */
struct report_row tui_trace_row(const struct tui_trace *trace, uint32_t flow,
                                const struct hops_hop *hop);

#endif
