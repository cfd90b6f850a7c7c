/* SPDX-License-Identifier: MIT
 *
 * The terminal for real: the screen runs in a child on a pseudo-terminal, and what it writes and
 * leaves behind is looked at from outside. Nothing here sleeps: the parent waits for octets.
 */
#include "screen.h"

#include "tui/term_key.h"
#include "tui/tui.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

struct terminal {
    int fd;
    pid_t child;
    struct termios before;
    char seen[1 << 20];
    size_t len;
    int status;
    bool ended;
};

enum { PATIENCE_MS = 20000 };

static hops_ns monotonic(void) {
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (hops_ns)now.tv_sec * HOPS_SEC + now.tv_nsec;
}

/* The child: a screen over five seconds of simulation, until somebody quits. crash: dies of this
 * signal when 'x' is typed. */
static int child_main(int crash) {
    struct screen_setup setup = {.name = "www.example.net"};
    static struct screen s;
    struct tui *tui = NULL;
    struct hops_diag diag;

    screen_start(&s, &setup);
    screen_pass(&s, 5);
    struct tui_inputs inputs = {.color = getenv("NO_COLOR") == NULL,
                                .app = {.options = &s.app.options,
                                        .sources = &s.app.sources,
                                        .actions = &s.app.actions,
                                        .traces = s.app.traces,
                                        .trace_count = 1}};
    if (tui_open(&inputs, &tui, &diag) != HOPS_OK) {
        (void)fprintf(stderr, "%s\n", diag.text);
        return 1;
    }
    while (!tui_done(tui)) {
        struct pollfd fds[TUI_FDS];
        tui_step(tui, monotonic(), 0);
        if (crash != 0 && strcmp(tui_app_of(tui)->input, "x") == 0) {
            (void)raise(crash);
        }
        size_t n = tui_fds(tui, fds);
        hops_ns left = (tui_deadline(tui) - monotonic()) / HOPS_MS + 1;
        (void)poll(fds, n, left < 0 ? 0 : (int)left);
    }
    tui_close(tui);
    screen_end(&s);
    return 0;
}

/* A shell in small: runs the child in a process group of its own (only such a one can be stopped)
 * and sets it going again after it stopped. */
static int shell_main(void) {
    int status = 0;
    pid_t job = fork();

    if (job == 0) {
        (void)setpgid(0, 0);
        (void)signal(SIGTTOU, SIG_IGN);
        (void)tcsetpgrp(STDIN_FILENO, getpid());
        _exit(child_main(0));
    }
    while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
        if (write(STDOUT_FILENO, "has stopped", 11) != 11) {
            return 1;
        }
        (void)kill(job, SIGCONT);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

enum { SHELL = -1 };

static void start_as(struct terminal *t, int crash, const char *type, bool color) {
    struct winsize size = {.ws_row = 24, .ws_col = 80};

    memset(t, 0, sizeof(*t));
    t->child = forkpty(&t->fd, NULL, NULL, &size);
    assert_true(t->child >= 0);
    if (t->child == 0) {
        (void)setenv("TERM", type, 1);
        (void)(color ? unsetenv("NO_COLOR") : setenv("NO_COLOR", "1", 1));
        (void)setenv("LC_ALL", "C.UTF-8", 1);
        _exit(crash == SHELL ? shell_main() : child_main(crash));
    }
    assert_int_equal(tcgetattr(t->fd, &t->before), 0);
}

static void start(struct terminal *t, int crash) {
    start_as(t, crash, "xterm-256color", true);
}

/* Reads what comes until the text was seen after `from`; fails if it does not come. */
static size_t await(struct terminal *t, size_t from, const char *text) {
    for (;;) {
        const char *found = memmem(t->seen + from, t->len - from, text, strlen(text));
        if (found != NULL) {
            return (size_t)(found - t->seen) + strlen(text);
        }
        struct pollfd fd = {.fd = t->fd, .events = POLLIN};
        if (poll(&fd, 1, PATIENCE_MS) != 1) {
            fail_msg("never came: %s", text);
        }
        ssize_t n = read(t->fd, t->seen + t->len, sizeof(t->seen) - t->len);
        if (n <= 0) {
            fail_msg("the terminal closed before: %s", text);
            return 0;
        }
        t->len += (size_t)n;
    }
}

static void type(const struct terminal *t, const char *keys) {
    assert_int_equal(write(t->fd, keys, strlen(keys)), (ssize_t)strlen(keys));
}

/* Reads the rest and takes the exit status. */
static void finish(struct terminal *t) {
    for (;;) {
        ssize_t n = read(t->fd, t->seen + t->len, sizeof(t->seen) - t->len);
        if (n <= 0) {
            break;
        }
        t->len += (size_t)n;
    }
    assert_int_equal(waitpid(t->child, &t->status, 0), t->child);
    (void)close(t->fd);
}

static bool has(const struct terminal *t, size_t from, const char *text) {
    return memmem(t->seen + from, t->len - from, text, strlen(text)) != NULL;
}

static const char enter[] = "\033[?1049h";
static const char leave[] = "\033[?1049l";

static void term_quit_gives_the_terminal_back(void **state) {
    static struct terminal t;

    (void)state;
    start(&t, 0);
    size_t at = await(&t, 0, enter);
    at = await(&t, at, "gw.lan.example");
    type(&t, "q");
    at = await(&t, at, leave);
    finish(&t);
    check_int("exit", t.status, 0);
    check_int("nothing stays", has(&t, at, "gw.lan.example"), false);
    check_int("cursor", has(&t, 0, "\033[?25h") || has(&t, 0, "\033[?12l\033[?25h"), true);
}

static void term_quit_preserve_leaves_the_last_frame(void **state) {
    static struct terminal t;

    (void)state;
    start(&t, 0);
    size_t at = await(&t, 0, "gw.lan.example");
    type(&t, "Q");
    at = await(&t, at, leave);
    at = await(&t, at, "gw.lan.example");
    finish(&t);
    check_int("exit", t.status, 0);
}

/* A red column of the history is asked for in the way of the terminal, or not at all. */
static void term_colors_are_what_the_terminal_has(void **state) {
    static const struct {
        const char *name, *type;
        bool color;
        const char *mark; /* of red text or bars; NULL: nothing is coloured */
    } rows[] = {
        {"8 colours", "xterm", true, "\033[31m"},
        {"256 colours", "xterm-256color", true, "\033[31m"},
        {"256 colours, none wanted", "xterm-256color", false, NULL},
        {"no colours", "xterm-mono", true, NULL},
    };
    static struct terminal t;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        start_as(&t, 0, rows[i].type, rows[i].color);
        size_t at = await(&t, 0, "gw.lan.example");
        type(&t, "g3\r\x0c"); /* a silent hop: all of its history is red */
        at = await(&t, at, "Samples #3");
        type(&t, "Q");
        finish(&t);
        check_int(rows[i].name, t.status, 0);
        if (rows[i].mark == NULL) {
            check_int(rows[i].name, has(&t, 0, "\033[31m"), false);
            check_int(rows[i].name, has(&t, 0, "\033[40m") || has(&t, 0, "\033[37m"), false);
            check_int(rows[i].name, has(&t, 0, "\033[7m"), true); /* the head of the table */
        } else {
            check_int(rows[i].name, has(&t, 0, rows[i].mark), true);
        }
    }
}

static void term_keys_come_in_all_forms(void **state) {
    static struct terminal t;

    (void)state;
    start(&t, 0);
    size_t at = await(&t, 0, "gw.lan.example");
    type(&t, "\033[B\033OB\x0c"); /* both forms of the down key; ctrl+l draws everything */
    at = await(&t, at, "Samples #2");
    type(&t, "/ae1\r\x0c");
    at = await(&t, at, "Samples #4");
    type(&t, "\033"); /* escape alone: the row is not selected any more */
    at = await(&t, at, "ae1.pop.example");
    type(&t, "\x06\x0c"); /* ctrl+f */
    at = await(&t, at, "Frozen (");
    type(&t, "\x03");
    (void)await(&t, at, leave);
    finish(&t);
    check_int("exit", t.status, 0);
}

static void term_resize_draws_at_the_new_size(void **state) {
    static struct terminal t;
    struct winsize size = {.ws_row = 24, .ws_col = 30};

    (void)state;
    start(&t, 0);
    size_t at = await(&t, 0, "gw.lan.example");
    assert_int_equal(ioctl(t.fd, TIOCSWINSZ, &size), 0);
    at = await(&t, at, "terminal too small");
    type(&t, "q");
    (void)await(&t, at, leave);
    finish(&t);
}

static void term_stop_and_go_on(void **state) {
    static struct terminal t;

    (void)state;
    start(&t, SHELL);
    size_t at = await(&t, 0, "gw.lan.example");
    type(&t, "\x1a"); /* ctrl+z */
    at = await(&t, at, leave);
    at = await(&t, at, "has stopped");
    at = await(&t, at, enter);
    at = await(&t, at, "gw.lan.example");
    type(&t, "q");
    (void)await(&t, at, leave);
    finish(&t);
    check_int("exit", t.status, 0);
}

static void term_fatal_signals_give_the_terminal_back(void **state) {
    static const struct {
        const char *name;
        int number;
    } rows[] = {{"SIGABRT", SIGABRT}, {"SIGFPE", SIGFPE}, {"SIGSEGV", SIGSEGV}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        static struct terminal t;
        start(&t, rows[i].number);
        size_t at = await(&t, 0, "gw.lan.example");
        type(&t, "/x");
        at = await(&t, at, "\033[?2026l\033(B"); /* not that of a frame */
        (void)await(&t, at, leave);
        finish(&t);
        check_int(rows[i].name, t.status != 0, true);
    }
}

static void term_hang_up_ends_it(void **state) {
    static struct terminal t;

    (void)state;
    start(&t, 0);
    size_t at = await(&t, 0, "gw.lan.example");
    assert_int_equal(kill(t.child, SIGHUP), 0);
    (void)await(&t, at, leave);
    finish(&t);
    check_int("exit", t.status, 0);
}

/* A sequence that never ends fills the reader's buffer; what follows are keys again. */
static void term_endless_sequence_does_not_end_it(void **state) {
    char octets[1500];
    struct tui_input input;
    bool seen = false;
    int wait;
    int ends[2];

    (void)state;
    memset(octets, 'x', sizeof(octets));
    octets[0] = '\033';
    octets[1] = ']';
    octets[sizeof(octets) - 1] = 'q';
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], octets, sizeof(octets)), (ssize_t)sizeof(octets));
    struct tui_reader *reader = tui_reader_new(ends[0]);
    assert_non_null(reader);
    for (int i = 0; i < 10000 && !seen; i++) {
        struct pollfd fd = {.fd = ends[0], .events = POLLIN};
        if (poll(&fd, 1, 0) == 1) {
            tui_reader_fill(reader);
        }
        seen = tui_reader_next(reader, &input, &wait) && input.key.ch == 'q';
        assert_false(tui_reader_gone(reader));
    }
    check_int("key behind it", seen, true);
    tui_reader_free(reader);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(term_quit_gives_the_terminal_back),
        cmocka_unit_test(term_quit_preserve_leaves_the_last_frame),
        cmocka_unit_test(term_colors_are_what_the_terminal_has),
        cmocka_unit_test(term_keys_come_in_all_forms),
        cmocka_unit_test(term_resize_draws_at_the_new_size),
        cmocka_unit_test(term_stop_and_go_on),
        cmocka_unit_test(term_fatal_signals_give_the_terminal_back),
        cmocka_unit_test(term_hang_up_ends_it),
        cmocka_unit_test(term_endless_sequence_does_not_end_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
