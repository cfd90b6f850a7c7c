/* SPDX-License-Identifier: MIT
 *
 * Handlers do two things only: set a flag and write an octet into a pipe, or put the terminal back
 * with write() and tcsetattr(), which POSIX allows there, and die of the same signal.
 */
#include "tui/term_signal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RESCUE_MAX = 512, PIPES = 2 };

static const int asking[] = {SIGWINCH, SIGTSTP, SIGHUP, SIGCONT};
static const int killing[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT};

enum {
    ASKING = sizeof(asking) / sizeof(asking[0]),
    KILLING = sizeof(killing) / sizeof(killing[0])
};

/* A handler has no argument for it: the one place with state of the whole process. */
static struct {
    volatile sig_atomic_t armed, resized, stop, hang_up, resumed;
    int fd;
    struct termios modes;
    char octets[RESCUE_MAX];
    size_t len;
    int pipe[PIPES];
    bool caught;
    struct sigaction old_asking[ASKING], old_killing[KILLING];
} state = {.pipe = {-1, -1}};

bool tui_rescue_set(int fd, const struct termios *modes, const char *octets, size_t len) {
    if (len > sizeof(state.octets)) {
        return false;
    }
    state.armed = 0;
    state.fd = fd;
    state.modes = *modes;
    memcpy(state.octets, octets, len);
    state.len = len;
    state.armed = 1;
    return true;
}

void tui_rescue_clear(void) {
    state.armed = 0;
}

void tui_term_emergency(void) {
    int saved = errno;

    if (state.armed != 0) {
        state.armed = 0;
        ssize_t written = write(state.fd, state.octets, state.len);
        (void)written; /* there is nobody left to tell */
        (void)tcsetattr(state.fd, TCSANOW, &state.modes);
    }
    errno = saved;
}

static void on_asking(int number) {
    int saved = errno;
    const char octet = 0;

    if (number == SIGWINCH) {
        state.resized = 1;
    } else if (number == SIGTSTP) {
        state.stop = 1;
    } else if (number == SIGCONT) {
        state.resumed = 1;
    } else {
        state.hang_up = 1;
    }
    ssize_t written = write(state.pipe[1], &octet, 1);
    (void)written; /* a full pipe wakes the loop, too */
    errno = saved;
}

/* Whoever handled the signal before us (the default, or a sanitizer) has it next: the faulting
 * instruction is run again, and abort() and raise() come back here. */
static void on_killing(int number) {
    tui_term_emergency();
    for (size_t i = 0; i < KILLING; i++) {
        if (killing[i] == number) {
            (void)sigaction(number, &state.old_killing[i], NULL);
        }
    }
    (void)raise(number);
}

static void make_pipe(void) {
    if (state.pipe[0] < 0 && pipe2(state.pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
        state.pipe[0] = -1;
        state.pipe[1] = -1;
    }
}

bool tui_signals_catch(void) {
    struct sigaction ask = {.sa_handler = on_asking, .sa_flags = SA_RESTART};
    struct sigaction kill_action = {.sa_handler = on_killing, .sa_flags = SA_NODEFER};

    make_pipe();
    if (state.pipe[0] < 0) {
        return false;
    }
    for (size_t i = 0; i < ASKING; i++) {
        (void)sigaction(asking[i], &ask, &state.old_asking[i]);
    }
    for (size_t i = 0; i < KILLING; i++) {
        (void)sigaction(killing[i], &kill_action, &state.old_killing[i]);
    }
    state.caught = true;
    return true;
}

void tui_signals_release(void) {
    for (size_t i = 0; i < ASKING && state.caught; i++) {
        (void)sigaction(asking[i], &state.old_asking[i], NULL);
    }
    for (size_t i = 0; i < KILLING && state.caught; i++) {
        (void)sigaction(killing[i], &state.old_killing[i], NULL);
    }
    state.caught = false;
}

int tui_signals_fd(void) {
    return state.pipe[0];
}

/* Only what was seen is cleared: a signal that comes in between must not be forgotten, for nothing
 * would tell of it again. */
static bool take(volatile sig_atomic_t *flag) {
    if (*flag == 0) {
        return false;
    }
    *flag = 0;
    return true;
}

struct tui_term_signals tui_signals_take(void) {
    struct tui_term_signals signals = {0};
    char octets[64];

    while (read(state.pipe[0], octets, sizeof(octets)) > 0) {
    }
    signals.resized = take(&state.resized);
    signals.stop = take(&state.stop);
    signals.hang_up = take(&state.hang_up);
    signals.resumed = take(&state.resumed);
    return signals;
}

void tui_signals_stop(void) {
    struct sigaction ask = {.sa_handler = on_asking, .sa_flags = SA_RESTART};
    struct sigaction standard = {.sa_handler = SIG_DFL};

    (void)sigaction(SIGTSTP, &standard, NULL);
    (void)raise(SIGTSTP); /* comes back with SIGCONT */
    (void)sigaction(SIGTSTP, &ask, NULL);
}
