/* SPDX-License-Identifier: MIT */
#include "cli/sandbox.h"

#include "base/diag.h"
#include "cli/landlock.h"
#include "cli/sandbox_calls.h"
#include "cli/sandbox_program.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    unsigned activity;
    unsigned rights;
} needs[] = {
    /* UDP sockets hold ports of raw probes too, and show once a round whether our address is still
     * there. */
    {CLI_ACTIVITY_TRACE, CLI_RIGHT_NETWORK},
    {CLI_ACTIVITY_TRACE_TCP, CLI_RIGHT_NETWORK | CLI_RIGHT_TCP | CLI_RIGHT_TCP_ANY},
    {CLI_ACTIVITY_DNS, CLI_RIGHT_NETWORK | CLI_RIGHT_TCP},
    {CLI_ACTIVITY_SCREEN, CLI_RIGHT_TERMINAL | CLI_RIGHT_SAVE},
};

unsigned cli_sandbox_rights(unsigned activities) {
    unsigned rights = 0;

    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
        rights |= (activities & needs[i].activity) != 0 ? needs[i].rights : 0;
    }
    return rights;
}

/* A handler reaches nothing but globals. Set before the handler is installed, never after. */
static void (*restore_terminal)(void);

/* Bytes of a number as text at the end of the buffer. */
static const char *number_text(unsigned long number, char out[24]) {
    char *at = &out[23];

    *at = '\0';
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return at;
}

static void say(const char *text) {
    (void)!write(STDERR_FILENO, text, strlen(text));
}

/* The default action ends the process after this: SA_RESETHAND has put it back. */
static void on_forbidden(int number, siginfo_t *info, void *context) {
    char text[24];
    const char *name = cli_sandbox_call_name(info->si_syscall);

    (void)context;
    if (restore_terminal != NULL) {
        restore_terminal();
    }
    say("Error: hops tried a forbidden system call and ends here: ");
    say(name != NULL ? name : number_text((unsigned long)info->si_syscall, text));
    say("; please report this (SECURITY.md)\n");
    (void)raise(number);
}

static bool catch_forbidden(void (*restore)(void)) {
    struct sigaction action = {.sa_sigaction = on_forbidden,
                               .sa_flags = (int)(SA_SIGINFO | SA_RESETHAND | SA_NODEFER)};

    restore_terminal = restore;
    return sigemptyset(&action.sa_mask) == 0 && sigaction(SIGSYS, &action, NULL) == 0;
}

static enum hops_err refuse(struct hops_diag *diag, const char *what, int err) {
    return hops_diag_set(diag, HOPS_ERR_SYSTEM, "the sandbox could not be entered: %s: %s", what,
                         strerror(err));
}

static enum hops_err filter_calls(const struct cli_sandbox *box, bool *out,
                                  struct hops_diag *diag) {
    struct cli_sandbox_program program;

    *out = false;
    if (!cli_sandbox_program(box->rights, getpid(), &program)) {
        return HOPS_OK;
    }
    struct sock_fprog filter = {.len = program.len, .filter = program.code};
    if (!catch_forbidden(box->restore)) {
        return refuse(diag, "sigaction", errno);
    }
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) != 0) {
        /* A kernel (or an emulator) built without. */
        return errno == ENOSYS || errno == EINVAL ? HOPS_OK : refuse(diag, "seccomp", errno);
    }
    *out = true;
    return HOPS_OK;
}

enum hops_err cli_sandbox_enter(const struct cli_sandbox *box, struct cli_sandbox_state *out,
                                struct hops_diag *diag) {
    bool save = (box->rights & CLI_RIGHT_SAVE) != 0;
    bool tcp = (box->rights & CLI_RIGHT_TCP) != 0;
    struct cli_landlock_rules rules = {.directories = box->directories,
                                       .directory_count = save ? CLI_SANDBOX_DIRECTORIES : 0,
                                       .tcp_ports = box->tcp_ports,
                                       .tcp_port_count = tcp ? CLI_SANDBOX_PORTS : 0,
                                       .tcp_any = (box->rights & CLI_RIGHT_TCP_ANY) != 0};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return refuse(diag, "no-new-privileges", errno);
    }
    int err = cli_landlock_enter(&rules, &out->landlock);
    if (err != 0) {
        return refuse(diag, "Landlock", err);
    }
    return filter_calls(box, &out->seccomp, diag);
}
