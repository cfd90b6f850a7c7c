/* SPDX-License-Identifier: MIT
 *
 * What a scenario must be like, and finding a target in it.
 */
#include <hops/sim.h>

#include "base/diag.h"

#include <stddef.h>

enum { DELAY_MAX_S = 3600, QUOTE_MIN_IPV4 = 28, QUOTE_MIN_IPV6 = 48 };

/* What is being looked at, for messages. */
struct item {
    const char *kind;
    size_t index;
    struct hops_diag *diag;
};

static enum hops_err refuse(const struct item *item, const char *what) {
    return hops_diag_set(item->diag, HOPS_ERR_INVALID, "scenario: %s %zu: %s", item->kind,
                         item->index, what);
}

static bool is_share(double x) {
    return x >= 0 && x <= 1; /* false for NaN */
}

static bool is_delay(hops_ns t) {
    return t >= 0 && t <= DELAY_MAX_S * HOPS_SEC;
}

static bool is_window(const struct hops_scenario_window *w) {
    return w->from >= 0 && (w->until == 0 || w->until > w->from);
}

static bool has_family(const struct hops_addr *addr) {
    return addr->family == HOPS_IPV4 || addr->family == HOPS_IPV6;
}

static enum hops_err check_node(const struct hops_scenario_node *n, const struct item *item) {
    if (!has_family(&n->addr)) {
        return refuse(item, "it needs an address");
    }
    if (!is_delay(n->delay) || !is_delay(n->jitter) || !is_delay(n->response_delay) ||
        !is_delay(n->response_jitter) || !is_delay(n->duplicate_delay) ||
        !is_delay(n->straggle_delay)) {
        return refuse(item, "delays are 0 to one hour");
    }
    if (!is_share(n->loss_forward) || !is_share(n->loss_return) || !is_share(n->response_loss) ||
        !is_share(n->duplicate) || !is_share(n->straggle) || !is_share(n->malformed_share)) {
        return refuse(item, "shares are 0 to 1");
    }
    if (!(n->rate >= 0 && n->rate <= 1e9)) {
        return refuse(item, "a rate is 0 to 1e9 per second");
    }
    if (n->quote != 0 &&
        n->quote < (n->addr.family == HOPS_IPV4 ? QUOTE_MIN_IPV4 : QUOTE_MIN_IPV6)) {
        return refuse(item, "it must quote at least IP header and 8 octets");
    }
    if (n->extensions_len > HOPS_SCENARIO_EXTENSIONS_MAX ||
        (n->extensions_len > 0 && n->extensions == NULL)) {
        return refuse(item, "too many octets of extensions");
    }
    if (n->nat != HOPS_SCENARIO_NAT_NONE && n->nat_addr.family != n->addr.family) {
        return refuse(item, "a translator needs an address of its own family");
    }
    return HOPS_OK;
}

static enum hops_err check_step(const struct hops_scenario *s,
                                const struct hops_scenario_step *step, uint8_t family,
                                const struct item *item) {
    if (step->node_count == 0 || step->node_count > HOPS_SCENARIO_NODES_PER_STEP) {
        return refuse(item, "a step has 1 to 16 nodes");
    }
    if (!is_window(&step->when)) {
        return refuse(item, "a step ends before it begins");
    }
    for (size_t i = 0; i < step->node_count; i++) {
        if (step->nodes[i] >= s->node_count) {
            return refuse(item, "a step names a node that is not there");
        }
        if (s->nodes[step->nodes[i]].addr.family != family) {
            return refuse(item, "a step has another family than the target");
        }
    }
    return HOPS_OK;
}

static enum hops_err check_target(const struct hops_scenario *s,
                                  const struct hops_scenario_target *t, const struct item *item) {
    if (t->node >= s->node_count) {
        return refuse(item, "its node is not there");
    }
    uint8_t family = s->nodes[t->node].addr.family;
    if (t->source.family != family) {
        return refuse(item, "it needs a source address of its family");
    }
    if (t->step_count > HOPS_SCENARIO_ITEMS_MAX || t->port_count > HOPS_SCENARIO_ITEMS_MAX ||
        (t->step_count > 0 && t->steps == NULL) || (t->port_count > 0 && t->ports == NULL)) {
        return refuse(item, "too many steps or ports");
    }
    for (size_t i = 0; i < t->step_count; i++) {
        enum hops_err err = check_step(s, &t->steps[i], family, item);
        if (err != HOPS_OK) {
            return err;
        }
    }
    if (t->loop && (t->loop_from >= t->step_count || t->loop_to > t->loop_from)) {
        return refuse(item, "a loop leads from a step to itself or an earlier one");
    }
    for (size_t i = 0; i < t->port_count; i++) {
        if (t->ports[i].first > t->ports[i].last) {
            return refuse(item, "ports go from the lower to the higher");
        }
    }
    return HOPS_OK;
}

static enum hops_err check_errors(const struct hops_scenario *s, struct hops_diag *diag) {
    for (size_t i = 0; i < s->error_count; i++) {
        const struct hops_scenario_error *e = &s->errors[i];
        struct item item = {"error", i, diag};

        if (e->os_errno <= 0 || e->call == HOPS_CALL_NONE) {
            return refuse(&item, "it needs a call and an errno");
        }
        if (e->target != HOPS_SCENARIO_ANY_TARGET && e->target >= s->target_count) {
            return refuse(&item, "its target is not there");
        }
        if (e->first_ttl > e->last_ttl || !is_window(&e->when) || !is_share(e->share)) {
            return refuse(&item, "TTLs, times or share do not add up");
        }
    }
    for (size_t i = 0; i < s->taken_count; i++) {
        struct item item = {"taken port", i, diag};

        if (s->taken[i].first > s->taken[i].last || !is_window(&s->taken[i].when)) {
            return refuse(&item, "ports and times go from the lower to the higher");
        }
    }
    return HOPS_OK;
}

enum hops_err hops_scenario_check(const struct hops_scenario *s, struct hops_diag *diag) {
    enum hops_err err = HOPS_OK;

    if (s == NULL || s->node_count > HOPS_SCENARIO_ITEMS_MAX ||
        s->target_count > HOPS_SCENARIO_ITEMS_MAX || s->error_count > HOPS_SCENARIO_ITEMS_MAX ||
        s->taken_count > HOPS_SCENARIO_ITEMS_MAX || s->name_count > HOPS_SCENARIO_ITEMS_MAX ||
        s->as_count > HOPS_SCENARIO_ITEMS_MAX) {
        return hops_diag_set(diag, HOPS_ERR_INVALID, "scenario: more than %d items of one kind",
                             HOPS_SCENARIO_ITEMS_MAX);
    }
    if (s->target_count == 0) {
        return hops_diag_set(diag, HOPS_ERR_INVALID, "scenario: it has no target");
    }
    for (size_t i = 0; i < s->node_count && err == HOPS_OK; i++) {
        err = check_node(&s->nodes[i], &(struct item){"node", i, diag});
    }
    for (size_t i = 0; i < s->target_count && err == HOPS_OK; i++) {
        err = check_target(s, &s->targets[i], &(struct item){"target", i, diag});
    }
    return err == HOPS_OK ? check_errors(s, diag) : err;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Host names: ASCII letters of either case are the same (RFC 4343), in any locale. */
static bool same_name(const char *a, const char *b) {
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

bool hops_scenario_find(const struct hops_scenario *scenario, const char *name,
                        enum hops_family family, size_t *out_target) {
    struct hops_addr addr;
    bool literal = hops_addr_parse(name, &addr);

    for (size_t i = 0; i < scenario->target_count; i++) {
        const struct hops_scenario_target *target = &scenario->targets[i];
        const struct hops_addr *own = &scenario->nodes[target->node].addr;
        bool fits = literal ? hops_addr_equal(own, &addr)
                            : target->name != NULL && same_name(target->name, name);

        if (fits && (family == HOPS_FAMILY_NONE || own->family == family)) {
            *out_target = i;
            return true;
        }
    }
    return false;
}
