/* SPDX-License-Identifier: MIT
 *
 * A trace in a program of your own: three rounds of ICMP to an address, printed hop by hop.
 *
 *     cc embed_trace.c $(pkg-config --cflags --libs hops) && sudo ./a.out 192.0.2.1
 */
#include <hops/hops.h>

#include <stdio.h>

static void print_hops(struct hops_stats *stats) {
    uint8_t first;
    uint8_t last;

    hops_stats_ttls(stats, 0, &first, &last);
    for (unsigned ttl = first; ttl != 0 && ttl <= last; ttl++) {
        struct hops_hop hop;
        char text[HOPS_ADDR_TEXT_MAX] = "*";
        if (!hops_stats_hop(stats, 0, (uint8_t)ttl, &hop)) {
            continue;
        }
        if (hop.addr_count > 0) {
            hops_addr_format(&hop.addrs[0].addr, text);
        }
        printf("%3u  %-40s %6.1f %% loss  %9.3f ms\n", ttl, text, hops_hop_loss(&hop),
               hop.mean / 1e6);
    }
}

int main(int argc, char **argv) {
    struct hops_diag diag = {.text = "out of memory"};
    struct hops_net_raw *raw = NULL;
    struct hops_net_options options;
    struct hops_config config;
    struct hops_stats_config stats_config;
    struct hops_stats *stats = NULL;
    struct hops_link *link = NULL;
    struct hops_run *run = NULL;
    struct hops_event event;
    uint32_t trace;
    int status = 1;

    hops_config_init(&config);
    config.max_rounds = 3;
    if (argc != 2 || !hops_addr_parse(argv[1], &config.target)) {
        fprintf(stderr, "usage: embed_trace ADDRESS\n");
        return 2;
    }
    hops_net_options_init(&options);
    hops_stats_config_init(&stats_config);
    if (hops_net_raw_open(&raw) != HOPS_OK ||
        hops_net_new(raw, &options, NULL, &link, &diag) != HOPS_OK) {
        fprintf(stderr, "%s\n", diag.text);
        hops_net_raw_close(raw); /* still ours: hops_net_new() takes it on success only */
        return 1;
    }
    if (hops_run_new(link, HOPS_CLOCK_REAL, NULL, &run) != HOPS_OK) {
        link->ops->close(link);
        return 1;
    }
    if (hops_run_add(run, &config, &trace, &diag) == HOPS_OK &&
        hops_stats_new(&stats_config, config.first_ttl, NULL, &stats) == HOPS_OK) {
        while (!hops_run_done(run)) {
            while (hops_run_next_event(run, &event)) {
                hops_stats_apply(stats, &event);
            }
            (void)hops_run_wait(run, NULL, 0, HOPS_NEVER);
        }
        print_hops(stats);
        status = 0;
    } else {
        fprintf(stderr, "%s\n", diag.text);
    }
    hops_stats_free(stats);
    hops_run_free(run); /* closes the link, too */
    return status;
}
