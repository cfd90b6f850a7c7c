/* SPDX-License-Identifier: MIT */
#include "cli/targets.h"

#include <hops/addr.h>
#include <hops/net.h>

#include "base/diag.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { ADDRS_MAX = 64 };

/* Addresses of one name, in the resolver's order. */
struct found {
    struct hops_addr addrs[ADDRS_MAX];
    size_t count;
};

static const char *family_name(enum cli_family family) {
    switch (family) {
    case CLI_FAMILY_IPV4:
        return "ipv4";
    case CLI_FAMILY_IPV6:
        return "ipv6";
    case CLI_FAMILY_IPV6_THEN_IPV4:
        return "ipv6-then-ipv4";
    case CLI_FAMILY_IPV4_THEN_IPV6:
        return "ipv4-then-ipv6";
    case CLI_FAMILY_SYSTEM:
        break;
    }
    return "system";
}

static enum hops_err no_memory(struct hops_diag *diag) {
    return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory for the targets");
}

static enum hops_err add(struct cli_targets *targets, const char *name, size_t number,
                         const struct hops_addr *addr, struct hops_diag *diag) {
    struct cli_target *list =
        realloc(targets->list, (targets->count + 1) * sizeof(targets->list[0]));
    size_t size = strlen(name) + 32;
    char *text = malloc(size);

    if (list != NULL) {
        targets->list = list;
    }
    if (list == NULL || text == NULL) {
        free(text);
        return no_memory(diag);
    }
    if (number > 0) {
        (void)snprintf(text, size, "%s [%zu]", name, number);
    } else {
        (void)snprintf(text, size, "%s", name);
    }
    targets->list[targets->count++] = (struct cli_target){.name = text, .addr = *addr};
    return HOPS_OK;
}

void cli_targets_done(struct cli_targets *targets) {
    for (size_t i = 0; i < targets->count; i++) {
        free(targets->list[i].name);
    }
    free(targets->list);
    *targets = (struct cli_targets){0};
}

static void take_address(struct found *found, const struct addrinfo *info) {
    struct hops_addr addr;

    if (info->ai_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)info->ai_addr;
        addr = hops_addr_ipv4((const uint8_t *)&in->sin_addr);
    } else if (info->ai_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const void *)info->ai_addr;
        addr = hops_addr_ipv6(in6->sin6_addr.s6_addr, in6->sin6_scope_id);
    } else {
        return;
    }
    for (size_t i = 0; i < found->count; i++) {
        if (hops_addr_equal(&found->addrs[i], &addr)) {
            return;
        }
    }
    if (found->count < ADDRS_MAX) {
        found->addrs[found->count++] = addr;
    }
}

static enum hops_err look_up(const char *name, struct found *found, struct hops_diag *diag) {
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *list = NULL;

    found->count = 0;
    if (hops_net_addr_parse(name, &found->addrs[0])) {
        found->count = 1;
        return HOPS_OK;
    }
    int err = getaddrinfo(name, NULL, &hints, &list);
    if (err != 0) {
        return hops_diag_set(diag, HOPS_ERR_INVALID, "target %s could not be looked up: %s", name,
                             gai_strerror(err));
    }
    for (const struct addrinfo *info = list; info != NULL; info = info->ai_next) {
        take_address(found, info);
    }
    freeaddrinfo(list);
    return HOPS_OK;
}

static void keep_family(struct found *found, uint8_t family) {
    size_t kept = 0;

    for (size_t i = 0; i < found->count; i++) {
        if (found->addrs[i].family == family) {
            found->addrs[kept++] = found->addrs[i];
        }
    }
    found->count = kept;
}

/* If there is one of this family, only those. */
static void prefer_family(struct found *found, uint8_t family) {
    for (size_t i = 0; i < found->count; i++) {
        if (found->addrs[i].family == family) {
            keep_family(found, family);
            return;
        }
    }
}

static void choose_family(struct found *found, enum cli_family family) {
    switch (family) {
    case CLI_FAMILY_IPV4:
        keep_family(found, HOPS_IPV4);
        break;
    case CLI_FAMILY_IPV6:
        keep_family(found, HOPS_IPV6);
        break;
    case CLI_FAMILY_IPV6_THEN_IPV4:
        prefer_family(found, HOPS_IPV6);
        break;
    case CLI_FAMILY_IPV4_THEN_IPV6:
        prefer_family(found, HOPS_IPV4);
        break;
    case CLI_FAMILY_SYSTEM:
        if (found->count > 0) {
            keep_family(found, found->addrs[0].family);
        }
        break;
    }
}

static enum hops_err add_found(const struct cli_settings *settings, struct cli_targets *targets,
                               const char *name, const struct found *found,
                               struct hops_diag *diag) {
    bool all = settings->dns_resolve_all && found->count > 1;
    enum hops_err err = HOPS_OK;

    for (size_t i = 0; i < (all ? found->count : 1) && found->count > 0 && err == HOPS_OK; i++) {
        err = add(targets, name, all ? i + 1 : 0, &found->addrs[i], diag);
    }
    return err;
}

static enum hops_err check_some(const struct cli_settings *settings,
                                const struct cli_targets *targets, struct hops_diag *diag) {
    char names[256] = "";

    if (targets->count > 0) {
        return HOPS_OK;
    }
    for (size_t i = 0; i < settings->target_count; i++) {
        size_t at = strlen(names);
        (void)snprintf(names + at, sizeof(names) - at, "%s%s", i == 0 ? "" : ", ",
                       settings->targets[i]);
    }
    return hops_diag_set(diag, HOPS_ERR_INVALID,
                         "no address of the wanted family (addr-family %s) for %s",
                         family_name(settings->addr_family), names);
}

enum hops_err cli_targets_resolve(const struct cli_settings *settings, struct cli_targets *out,
                                  struct hops_diag *diag) {
    struct cli_targets targets = {0};
    enum hops_err err = HOPS_OK;

    for (size_t i = 0; i < settings->target_count && err == HOPS_OK; i++) {
        struct found found;
        err = look_up(settings->targets[i], &found, diag);
        if (err == HOPS_OK) {
            choose_family(&found, settings->addr_family);
            err = add_found(settings, &targets, settings->targets[i], &found, diag);
        }
    }
    if (err == HOPS_OK) {
        err = check_some(settings, &targets, diag);
    }
    if (err != HOPS_OK) {
        cli_targets_done(&targets);
        return err;
    }
    *out = targets;
    return HOPS_OK;
}

/* The addresses a scenario has for a name, IPv4 first. */
static void look_up_in(const struct hops_scenario *scenario, const char *name,
                       struct found *found) {
    static const enum hops_family families[] = {HOPS_IPV4, HOPS_IPV6};

    found->count = 0;
    for (size_t i = 0; i < 2; i++) {
        size_t target;
        if (hops_scenario_find(scenario, name, families[i], &target)) {
            found->addrs[found->count++] = scenario->nodes[scenario->targets[target].node].addr;
        }
    }
}

static enum hops_err simulate_one(const struct cli_settings *settings,
                                  const struct hops_scenario *scenario, const char *name,
                                  struct cli_targets *targets, struct hops_diag *diag) {
    struct found found;

    look_up_in(scenario, name, &found);
    if (found.count == 0 && settings->simulate_file == NULL && strchr(name, '/') != NULL) {
        return hops_diag_set(diag, HOPS_ERR_INVALID,
                             "target %s is not in the scenario: a scenario file is joined by an "
                             "equals sign, as in --simulate=%s",
                             name, name);
    }
    if (found.count == 0) {
        return hops_diag_set(
            diag, HOPS_ERR_INVALID, "target %s is not in the scenario%s%s: it has, for example, %s",
            name, scenario->name == NULL ? "" : " ", scenario->name == NULL ? "" : scenario->name,
            scenario->targets[0].name == NULL ? "addresses only" : scenario->targets[0].name);
    }
    choose_family(&found, settings->addr_family);
    return add_found(settings, targets, name, &found, diag);
}

static enum hops_err simulate_first(const struct hops_scenario *scenario,
                                    struct cli_targets *targets, struct hops_diag *diag) {
    const struct hops_scenario_target *first = &scenario->targets[0];
    const struct hops_addr *addr = &scenario->nodes[first->node].addr;
    char text[HOPS_ADDR_TEXT_MAX];

    return add(targets, first->name == NULL ? hops_addr_format(addr, text) : first->name, 0, addr,
               diag);
}

enum hops_err cli_targets_simulate(const struct cli_settings *settings,
                                   const struct hops_scenario *scenario, struct cli_targets *out,
                                   struct hops_diag *diag) {
    struct cli_targets targets = {0};
    enum hops_err err = HOPS_OK;

    if (scenario->target_count == 0) {
        return hops_diag_set(diag, HOPS_ERR_INVALID, "the scenario has no target");
    }
    if (settings->target_count == 0) {
        err = simulate_first(scenario, &targets, diag);
    }
    for (size_t i = 0; i < settings->target_count && err == HOPS_OK; i++) {
        err = simulate_one(settings, scenario, settings->targets[i], &targets, diag);
    }
    if (err == HOPS_OK) {
        err = check_some(settings, &targets, diag);
    }
    if (err != HOPS_OK) {
        cli_targets_done(&targets);
        return err;
    }
    *out = targets;
    return HOPS_OK;
}
