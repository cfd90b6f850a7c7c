/* SPDX-License-Identifier: MIT
 *
 * hops: a network path tracer. The order of the steps is the security of the program: raw sockets
 * are opened, every privilege is given up, and only then is anything read that somebody else could
 * have written: arguments, environment, files, packets.
 */
#include "cli/cli.h"
#include "cli/message.h"
#include "cli/network.h"
#include "cli/privilege.h"
#include "cli/recorder.h"
#include "cli/replay.h"
#include "cli/screen.h"
#include "cli/simulate.h"
#include "cli/verbose.h"

#include <hops/net.h>

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int fail(const struct hops_diag *diag) {
    cli_message_error("%s", diag->text);
    return 1;
}

static int print_message(const struct cli_message *message) {
    FILE *out = message->to_stderr ? stderr : stdout;

    if (message->text != NULL && (fputs(message->text, out) == EOF || fflush(out) == EOF)) {
        cli_message_error("the output could not be written: %s", strerror(errno));
        return 1;
    }
    return message->status;
}

static enum cli_outcome parse(int argc, char **argv, const struct hops_net_raw *raw,
                              struct cli_settings *settings, struct cli_message *message) {
    struct winsize size = {0};
    const struct passwd *user = getenv("HOME") == NULL ? getpwuid(getuid()) : NULL;
    struct cli_inputs in = {.argc = argc,
                            .argv = argv,
                            .envp = environ,
                            .version = HOPS_VERSION,
                            .stdout_is_terminal = cli_screen_possible(),
                            .pid = getpid(),
                            .raw_available =
                                hops_net_raw_usable(raw, HOPS_PROTOCOL_ICMP, HOPS_IPV4),
                            .home = user == NULL ? NULL : user->pw_dir};

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
        in.width = size.ws_col;
    }
    return cli_parse(&in, settings, message);
}

/* Closes the recording too, whose failure is the program's, whatever the trace gave. */
static int run(struct cli_settings *settings, struct hops_net_raw **raw, struct cli_log *log) {
    struct cli_recorder recorder;
    struct hops_diag diag;
    int status;

    if (cli_recorder_open(&recorder, settings->record, settings->mode == CLI_MODE_TUI, &diag) !=
        HOPS_OK) {
        return fail(&diag);
    }
    if (settings->replay != NULL) {
        hops_net_raw_close(*raw);
        *raw = NULL;
        status = cli_replay(settings, &recorder, log);
    } else if (settings->simulate) {
        status = cli_simulate(settings, &recorder, log);
    } else {
        status = cli_network(settings, raw, &recorder, log);
    }
    return cli_recorder_close(&recorder) || status != 0 ? status : 1;
}

/* Tables of which only a part is used should cost that part only: from this size on, memory comes
 * fresh from the kernel, page by page as it is touched, instead of being cleared here. */
static void spare_large_tables(void) {
#ifdef M_MMAP_THRESHOLD
    (void)mallopt(M_MMAP_THRESHOLD, 32 * 1024);
#endif
}

/* A descriptor that is closed at the start would be the first socket, and what is printed would go
 * out on it. Writing to what stands in its place fails. */
static bool occupy_standard_descriptors(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", O_RDONLY) != fd) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv) {
    struct hops_net_raw *raw = NULL;
    struct cli_settings settings = {0};
    struct cli_message message = {0};
    struct hops_diag diag = {.text = "out of memory"};
    struct cli_log log = {0};
    int status;

    if (!occupy_standard_descriptors()) {
        return 1; /* nobody would read why */
    }
    spare_large_tables();
    cli_privilege_acquire();
    enum hops_err opened = hops_net_raw_open(&raw);
    enum hops_err dropped = cli_privilege_drop(&diag);
    if (opened != HOPS_OK || dropped != HOPS_OK) {
        hops_net_raw_close(raw);
        return fail(&diag);
    }
    if (parse(argc, argv, raw, &settings, &message) == CLI_EXIT) {
        status = print_message(&message);
    } else {
        cli_verbose_open(&log, &settings, hops_net_raw_usable(raw, HOPS_PROTOCOL_ICMP, HOPS_IPV4));
        status = run(&settings, &raw, &log);
        cli_verbose_close(&log, status);
    }
    cli_message_done(&message);
    cli_settings_done(&settings);
    hops_net_raw_close(raw);
    return status;
}
