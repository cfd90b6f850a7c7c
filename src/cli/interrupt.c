/* SPDX-License-Identifier: MIT */
#include "cli/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* Handlers can reach nothing but globals. The pipe wakes the loop, the number says why. */
static volatile sig_atomic_t caught;
static int pipe_fds[2] = {-1, -1};
static void (*restore_terminal)(void);

static void on_signal(int number) {
    int saved = errno;

    if (caught != 0) {
        if (restore_terminal != NULL) {
            restore_terminal();
        }
        (void)signal(number, SIG_DFL);
        (void)raise(number); /* taken when this handler returns */
        return;
    }
    caught = number;
    (void)!write(pipe_fds[1], "", 1);
    errno = saved;
}

bool cli_interrupt_catch(void (*restore)(void)) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESTART};

    restore_terminal = restore;

    if (pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK) != 0) {
        return false;
    }
    return sigemptyset(&action.sa_mask) == 0 && sigaction(SIGINT, &action, NULL) == 0 &&
           sigaction(SIGTERM, &action, NULL) == 0;
}

int cli_interrupt_fd(void) {
    return pipe_fds[0];
}

int cli_interrupt_signal(void) {
    return (int)caught;
}
