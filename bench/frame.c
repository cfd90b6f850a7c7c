/* SPDX-License-Identifier: MIT
 *
 * frame: what drawing the screen costs. Thirty hops of a path with flows, three hundred rounds of
 * them, on a pseudo-terminal of each size; per frame the CPU time of filling the grid and of
 * putting the difference on the terminal, and the octets that go there. Between two frames a round
 * passes, which is not counted. Last, frames of a screen on which nothing has changed.
 */
#include <hops/run.h>
#include <hops/sim.h>
#include <hops/stats.h>

#include "tui/app.h"
#include "tui/term.h"

#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HOPS = 30, ROUNDS = 300, FRAMES = 200, ASIDE = 3 };

struct bench {
    struct hops_run *run;
    struct hops_stats *stats;
    struct tui_app app;
    struct tui_grid grid;
    struct tui_term *term;
    FILE *out;
};

static void die(const char *what) {
    (void)fprintf(stderr, "frame: %s\n", what);
    _exit(1);
}

static int64_t cpu_ns(void) {
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t octets_out(void) {
    FILE *file = fopen("/proc/self/io", "re");
    char line[64];
    long long octets = 0;

    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, "wchar: ", 7) == 0) {
            octets = strtoll(line + 7, NULL, 10);
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return octets;
}

/* A path in which every third step is balanced over two nodes, and some lose. */
static struct hops_link *make_link(void) {
    static struct hops_scenario_node nodes[2 * HOPS];
    static struct hops_scenario_step steps[HOPS];
    static struct hops_scenario_target target;
    static struct hops_scenario scenario = {.name = "bench", .seed = 7, .nodes = nodes};
    struct hops_link *link = NULL;

    for (size_t i = 0; i < HOPS; i++) {
        for (size_t k = 0; k < 2; k++) {
            nodes[2 * i + k] = (struct hops_scenario_node){
                .addr = {.family = HOPS_IPV4, .octets = {198, 18, (uint8_t)i, (uint8_t)k}},
                .delay = (hops_ns)(k + 1) * HOPS_MS,
                .jitter = HOPS_MS,
                .response_loss = i % 5 == 4 ? 0.05 : 0};
        }
        steps[i] = (struct hops_scenario_step){.nodes = {(uint16_t)(2 * i), (uint16_t)(2 * i + 1)},
                                               .node_count = i % 3 == 2 ? 2 : 1};
    }
    target =
        (struct hops_scenario_target){.name = "target.example",
                                      .node = 2 * (HOPS - 1),
                                      .source = {.family = HOPS_IPV4, .octets = {192, 0, 2, 1}},
                                      .steps = steps,
                                      .step_count = HOPS - 1};
    scenario.node_count = 2 * HOPS;
    scenario.targets = &target;
    scenario.target_count = 1;
    if (hops_sim_new(&scenario, NULL, &link, NULL) != HOPS_OK) {
        die("no simulation");
    }
    return link;
}

static void pass(struct bench *b, int rounds) {
    struct hops_event event;

    while (rounds > 0) {
        while (rounds > 0 && hops_run_next_event(b->run, &event)) {
            hops_stats_apply(b->stats, &event);
            tui_app_event(&b->app, &event);
            rounds -= event.kind == HOPS_EVENT_ROUND;
        }
        if (rounds > 0 && hops_run_wait(b->run, NULL, 0, HOPS_NEVER) != HOPS_OK) {
            die("the simulation stands still");
        }
    }
    tui_app_tick(&b->app, hops_run_now(b->run), hops_run_now(b->run));
}

static struct tui_name name_of(void *user, const struct hops_addr *addr) {
    (void)user;
    return addr->octets[3] == 0 ? (struct tui_name){.state = TUI_LOOKUP_FOUND,
                                                    .text = "a.router.of.the.path.example",
                                                    .first = "a.router.of.the.path.example"}
                                : (struct tui_name){.state = TUI_LOOKUP_NOT_FOUND};
}

static void set_up(struct bench *b) {
    static const struct tui_sources sources = {.name = name_of};
    struct tui_term_options term = {.color = true};
    struct hops_stats_config stats;
    struct tui_options options;
    struct hops_config config;
    struct hops_diag diag;
    uint32_t number = 0;

    hops_config_init(&config);
    config.target = (struct hops_addr){.family = HOPS_IPV4, .octets = {198, 18, HOPS - 1, 0}};
    config.protocol = HOPS_PROTOCOL_UDP;
    config.strategy = HOPS_STRATEGY_PARIS;
    config.direction = HOPS_PORTS_FIXED_SOURCE;
    config.source_port = 5000;
    hops_stats_config_init(&stats);
    if (hops_run_new(make_link(), HOPS_CLOCK_VIRTUAL, NULL, &b->run) != HOPS_OK ||
        hops_stats_new(&stats, config.first_ttl, NULL, &b->stats) != HOPS_OK ||
        hops_run_add(b->run, &config, &number, &diag) != HOPS_OK) {
        die("no trace");
    }
    tui_options_init(&options);
    struct tui_trace trace = {.name = "target.example",
                              .config = *hops_run_config(b->run, number),
                              .stats = b->stats,
                              .max_flows = stats.max_flows};
    struct tui_app_inputs inputs = {
        .options = &options, .sources = &sources, .traces = &trace, .trace_count = 1};
    if (!tui_app_init(&b->app, &inputs) || tui_term_open(&term, &b->term, &diag) != HOPS_OK) {
        die("no screen");
    }
    pass(b, ROUNDS);
}

static int by_size(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Median of the frames, in microseconds. */
static double median(int64_t *ns) {
    qsort(ns, FRAMES, sizeof(*ns), by_size);
    const size_t middle = FRAMES / 2;
    return (double)ns[middle] / 1000;
}

static void measure(struct bench *b, const char *what, int rounds) {
    static int64_t fill[FRAMES];
    static int64_t put[FRAMES];
    int64_t octets = 0;
    int columns;
    int rows;

    tui_term_size(b->term, &columns, &rows);
    if (!tui_grid_resize(&b->grid, columns, rows)) {
        die("no memory");
    }
    for (int i = -ASIDE; i < FRAMES; i++) {
        pass(b, rounds);
        int64_t before = octets_out();
        int64_t begun = cpu_ns();
        tui_app_draw(&b->app, &b->grid);
        int64_t filled = cpu_ns();
        tui_term_draw(b->term, &b->grid);
        int64_t drawn = cpu_ns();
        if (i >= 0) {
            fill[i] = filled - begun;
            put[i] = drawn - filled;
            octets += octets_out() - before;
        }
    }
    (void)fprintf(b->out, "%s %dx%d %.0f %.0f %lld\n", what, columns, rows, median(fill),
                  median(put), (long long)(octets / FRAMES));
}

static void child(int report) {
    static const struct { int columns, rows; } sizes[] = {{80, 24}, {120, 50}, {200, 60}};
    static const struct {
        const char *name;
        enum tui_command command;
    } views[] = {{"table", TUI_CMD_NONE},
                 {"flows", TUI_CMD_FLOWS},
                 {"chart", TUI_CMD_CHART},
                 {"map", TUI_CMD_MAP}};
    static struct bench b;

    b.out = fdopen(report, "w");
    set_up(&b);
    for (size_t i = 0; b.out != NULL && i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct winsize size = {.ws_col = (unsigned short)sizes[i].columns,
                               .ws_row = (unsigned short)sizes[i].rows};
        (void)ioctl(STDOUT_FILENO, TIOCSWINSZ, &size);
        while (!tui_term_signals(b.term).resized) {
            (void)usleep(1000);
        }
        for (size_t k = 0; k < sizeof(views) / sizeof(views[0]); k++) {
            if (views[k].command != TUI_CMD_NONE) {
                tui_app_command(&b.app, views[k].command);
            }
            measure(&b, views[k].name, 1);
            if (views[k].command != TUI_CMD_NONE) {
                tui_app_command(&b.app, views[k].command); /* off again */
            }
        }
    }
    measure(&b, "unchanged", 0);
    (void)fclose(b.out);
    tui_term_close(b.term, NULL);
    tui_app_done(&b.app);
    tui_grid_done(&b.grid);
    hops_stats_free(b.stats);
    hops_run_free(b.run);
    exit(0);
}

int main(void) {
    struct winsize size = {.ws_row = 10, .ws_col = 40};
    char octets[65536];
    int report[2];
    int terminal;
    int status = 0;

    if (pipe(report) != 0) {
        die("no pipe");
    }
    pid_t pid = forkpty(&terminal, NULL, NULL, &size);
    if (pid == 0) {
        (void)setenv("TERM", "xterm-256color", 1);
        (void)setenv("LC_ALL", "C.UTF-8", 1);
        (void)close(report[0]);
        child(report[1]);
    }
    (void)close(report[1]);
    while (read(terminal, octets, sizeof(octets)) > 0) {
    }
    ssize_t n = read(report[0], octets, sizeof(octets));
    if (pid < 0 || n < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        die("the child failed");
    }
    (void)fwrite(octets, 1, (size_t)n, stdout);
    return 0;
}
