/* SPDX-License-Identifier: MIT */
#include "tui/flows.h"

#include <stdlib.h>

static int compare(const void *a, const void *b) {
    const struct hops_flow *x = a;
    const struct hops_flow *y = b;

    if (x->rounds != y->rounds) {
        return x->rounds > y->rounds ? -1 : 1;
    }
    return (x->id > y->id) - (x->id < y->id);
}

size_t tui_flows_order(const struct tui_app *app, struct hops_flow out[], size_t max) {
    const struct tui_trace *trace = tui_app_trace(app);
    size_t count = tui_trace_flow_count(trace);
    size_t n = 0;

    for (size_t id = 1; id <= count && n < max; id++) {
        if (tui_trace_flow(trace, (uint32_t)id, &out[n])) {
            n++;
        }
    }
    if (n > 1) {
        qsort(out, n, sizeof(out[0]), compare);
    }
    return n;
}

void tui_flows_step(struct tui_app *app, int step) {
    struct hops_flow flows[TUI_FLOWS_MAX];
    size_t count = tui_flows_order(app, flows, TUI_FLOWS_MAX);

    for (size_t i = 0; i < count; i++) {
        if (flows[i].id != app->flow) {
            continue;
        }
        if (step > 0 && i + 1 < count) {
            app->flow = flows[i + 1].id;
        } else if (step < 0 && i > 0) {
            app->flow = flows[i - 1].id;
        }
        app->address = 0;
        return;
    }
}
