/* SPDX-License-Identifier: MIT
 *
 * What each set of rights lets through, tried by a process in the sandbox: every row in a child of
 * its own. The filter program is also run here, so that the calls nobody can try are judged too.
 */
#include "cli/sandbox.h"
#include "cli/sandbox_calls.h"
#include "cli/sandbox_program.h"

#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
    NONE = 0,
    NETWORK = CLI_RIGHT_NETWORK,
    PORTS = CLI_RIGHT_NETWORK | CLI_RIGHT_TCP,
    TCP = PORTS | CLI_RIGHT_TCP_ANY,
    SCREEN = CLI_RIGHT_TERMINAL | CLI_RIGHT_SAVE,
    DIES = -1,   /* of SIGSYS */
    WORKS = 0,   /* or an errno */
    PORT = 9,    /* of those that may be connected to */
    SCRATCH = 64 /* exit status of a child whose sandbox could not be entered */
};

static char directory[] = "/tmp/hops-sandbox-XXXXXX";
static int landlock; /* of this kernel */

/* Things to try: 0 or an errno. */

static int result(long value) {
    return value < 0 ? errno : 0;
}

static int try_exec(void) {
    char *argv[] = {(char[]){"true"}, NULL};
    return result(execv("/bin/true", argv));
}

static int try_fork(void) {
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    return result(child);
}

static int try_ptrace(void) {
    return result(syscall(SYS_ptrace, 0, 0, 0, 0));
}

static int try_read_memory(void) {
    return result(syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0));
}

static int try_kill_parent(void) {
    return result(kill(getppid(), 0));
}

static int try_signal_itself(void) {
    (void)signal(SIGUSR1, SIG_IGN);
    return result(raise(SIGUSR1));
}

static int try_open_read(void) {
    return result(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static int try_open_write(void) {
    return result(open("/dev/null", O_WRONLY | O_CLOEXEC));
}

static int try_create_elsewhere(void) {
    return result(
        open("/tmp/hops-sandbox-elsewhere", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
}

static int try_save(void) {
    char temporary[128];
    char final[128];
    (void)snprintf(temporary, sizeof(temporary), "%s/report.tmp", directory);
    (void)snprintf(final, sizeof(final), "%s/report", directory);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, "x", 1) != 1 || fsync(fd) != 0 || close(fd) != 0) {
        return errno;
    }
    return result(rename(temporary, final));
}

static int try_rename(void) {
    return result(rename("/nowhere/a", "/nowhere/b"));
}

static int try_chmod(void) {
    return result(chmod("/nowhere", 0777));
}

static int try_socket(int domain, int type, int protocol) {
    return result(socket(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol));
}

static int try_udp(void) {
    return try_socket(AF_INET, SOCK_DGRAM, 0);
}

static int try_udp6(void) {
    return try_socket(AF_INET6, SOCK_DGRAM, 0);
}

static int try_tcp(void) {
    return try_socket(AF_INET, SOCK_STREAM, 0);
}

static int try_raw(void) {
    return try_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static int try_raw6(void) {
    return try_socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
}

static int try_packet(void) {
    return try_socket(AF_PACKET, SOCK_DGRAM, 0);
}

static int try_unix(void) {
    return try_socket(AF_UNIX, SOCK_STREAM, 0);
}

static int try_netlink(void) {
    return try_socket(AF_NETLINK, SOCK_DGRAM, 0);
}

static int try_code(void) {
    void *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? errno : 0;
}

static int try_memory(void) {
    void *page = malloc(8U << 20);
    int err = page == NULL ? errno : 0;
    free(page);
    return err;
}

static int try_make_code(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return result(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static int try_bpf(void) {
    return result(syscall(SYS_bpf, 0, NULL, 0));
}

static int try_uring(void) {
    return result(syscall(SYS_io_uring_setup, 1, NULL));
}

static int try_keys(void) {
    return result(syscall(SYS_keyctl, 0, 0, 0, 0, 0));
}

static int try_mount(void) {
    return result(syscall(SYS_mount, "none", "/mnt", "tmpfs", 0, NULL));
}

static int try_namespace(void) {
    return result(unshare(CLONE_NEWNET));
}

static int try_become(void) {
    return result(syscall(SYS_setuid, 0));
}

static int try_typing(void) {
    char c = 'x';
    return result(ioctl(STDIN_FILENO, TIOCSTI, &c));
}

static int try_terminal(void) {
    /* Not a terminal: EBADF or ENOTTY says that the call was let through. */
    int err = result(ioctl(-1, TCSETS, NULL));
    return err == EBADF || err == ENOTTY ? 0 : err;
}

/* As C libraries since glibc 2.42 ask for it. */
static int try_terminal2(void) {
    static const unsigned long calls[] = {0x402c542b, 0x402c542c, 0x402c542d};

    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        int err = result(ioctl(-1, calls[i], NULL));
        if (err != EBADF) {
            return err;
        }
    }
    return 0;
}

static int try_read_terminal2(void) {
    int err = result(ioctl(-1, 0x802c542a, NULL));

    return err == EBADF ? 0 : err;
}

static int try_unlisted(void) {
    return result(syscall(SYS_getpriority, 0, 0));
}

static int try_newer(void) {
    return result(syscall(CLI_CALL_LAST + 100));
}

static int try_time_and_chance(void) {
    struct timespec now;
    char octets[8];
    int err = result(clock_gettime(CLOCK_MONOTONIC, &now));
    return err != 0 ? err : result(syscall(SYS_getrandom, octets, sizeof(octets), 1));
}

static int connect_tcp(uint16_t port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int err = result(connect(fd, (const struct sockaddr *)&to, sizeof(to)));
    return err == EINPROGRESS || err == ECONNREFUSED ? 0 : err;
}

static int try_connect_tcp(void) {
    return connect_tcp(PORT);
}

static int try_connect_elsewhere(void) {
    return connect_tcp(PORT + 1);
}

static int try_bind_tcp(void) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int err = result(bind(fd, (const struct sockaddr *)&at, sizeof(at)));
    return err == EADDRINUSE ? 0 : err;
}

struct attempt {
    const char *name;
    int (*try)(void);
    unsigned rights;
    int want;
    int version; /* of Landlock, at least, for this outcome */
};

static const struct attempt attempts[] = {
    {"memory", try_memory, NONE, WORKS, 0},
    {"time and random numbers", try_time_and_chance, NONE, WORKS, 0},
    {"a signal to itself", try_signal_itself, NONE, WORKS, 0},
    {"an unlisted call", try_unlisted, NONE, EPERM, 0},
    {"a call newer than the list", try_newer, NONE, ENOSYS, 0},
    {"exec", try_exec, NONE, DIES, 0},
    {"exec, screen", try_exec, SCREEN | TCP, DIES, 0},
    {"fork", try_fork, SCREEN | TCP, DIES, 0},
    {"ptrace", try_ptrace, SCREEN | TCP, DIES, 0},
    {"reading another's memory", try_read_memory, SCREEN | TCP, DIES, 0},
    {"killing the parent", try_kill_parent, SCREEN | TCP, DIES, 0},
    {"opening to read", try_open_read, NONE, EACCES, 0},
    {"opening to read, network", try_open_read, TCP, EACCES, 0},
    {"opening to read, screen", try_open_read, SCREEN, EACCES, 1},
    {"opening to write", try_open_write, NONE, DIES, 0},
    {"opening to write, network", try_open_write, TCP, DIES, 0},
    {"opening to write elsewhere, screen", try_open_write, SCREEN, EACCES, 1},
    {"creating", try_create_elsewhere, TCP, DIES, 0},
    {"creating elsewhere, screen", try_create_elsewhere, SCREEN, EACCES, 1},
    {"saving", try_save, SCREEN, WORKS, 0},
    {"saving, no screen", try_save, TCP, DIES, 0},
    {"renaming", try_rename, TCP, DIES, 0},
    {"changing a mode", try_chmod, SCREEN, DIES, 0},
    {"a UDP socket, simulation", try_udp, NONE, DIES, 0},
    {"a UDP socket", try_udp, NETWORK, WORKS, 0},
    {"a UDP socket over IPv6", try_udp6, NETWORK, WORKS, 0},
    {"a TCP socket, no TCP", try_tcp, NETWORK, DIES, 0},
    {"a TCP socket", try_tcp, TCP, WORKS, 0},
    {"a TCP connection", try_connect_tcp, TCP, WORKS, 0},
    {"a TCP connection to any port", try_connect_elsewhere, TCP, WORKS, 0},
    {"a TCP socket, names", try_tcp, PORTS, WORKS, 0},
    {"a TCP connection, names", try_connect_tcp, PORTS, WORKS, 0},
    {"a TCP connection elsewhere, names", try_connect_elsewhere, PORTS, EACCES, 4},
    {"a TCP port, names", try_bind_tcp, PORTS, EACCES, 4},
    {"a raw socket, names", try_raw, PORTS, DIES, 0},
    {"opening to read, names", try_open_read, PORTS, EACCES, 0},
    {"a raw socket", try_raw, TCP, DIES, 0},
    {"a raw socket over IPv6", try_raw6, TCP, DIES, 0},
    {"a packet socket", try_packet, TCP, DIES, 0},
    {"a local socket", try_unix, TCP, DIES, 0},
    {"a netlink socket", try_netlink, TCP, DIES, 0},
    {"memory to write code into", try_code, SCREEN | TCP, DIES, 0},
    {"memory made code", try_make_code, SCREEN | TCP, DIES, 0},
    {"bpf", try_bpf, SCREEN | TCP, DIES, 0},
    {"io_uring", try_uring, SCREEN | TCP, DIES, 0},
    {"keys", try_keys, SCREEN | TCP, DIES, 0},
    {"mount", try_mount, SCREEN | TCP, DIES, 0},
    {"a namespace", try_namespace, SCREEN | TCP, DIES, 0},
    {"another user", try_become, SCREEN | TCP, DIES, 0},
    {"typing into the terminal", try_typing, SCREEN, EPERM, 0},
    {"terminal settings, report", try_terminal, TCP, EPERM, 0},
    {"terminal settings, screen", try_terminal, SCREEN, WORKS, 0},
    {"terminal settings with a rate, report", try_terminal2, TCP, EPERM, 0},
    {"terminal settings with a rate, screen", try_terminal2, SCREEN, WORKS, 0},
    {"terminal settings with a rate, read", try_read_terminal2, NONE, WORKS, 0},
};

static void enter(unsigned rights, void (*restore)(void)) {
    struct cli_sandbox box = {
        .rights = rights, .directories = {directory}, .tcp_ports = {0, PORT}, .restore = restore};
    struct cli_sandbox_state state;
    struct hops_diag diag;

    if (cli_sandbox_enter(&box, &state, &diag) != HOPS_OK) {
        (void)fprintf(stderr, "%s\n", diag.text);
        _exit(SCRATCH);
    }
    if (!state.seccomp) {
        _exit(SCRATCH + 1);
    }
}

/* Runs it in a child; returns DIES or what it returned. What it wrote to stderr is in said. */
static int outcome(const char *row, int (*try)(void), unsigned rights, void (*restore)(void),
                   char *said, size_t size) {
    int status = 0;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    (void)fflush(stdout);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)signal(SIGSYS, SIG_DFL); /* cmocka has a handler of its own */
        (void)dup2(ends[1], STDERR_FILENO);
        enter(rights, restore);
        int err = try();
        _exit(err > 0 && err < SCRATCH ? err : (err == 0 ? 0 : SCRATCH + 2));
    }
    (void)close(ends[1]);
    size_t len = 0;
    ssize_t got;
    while ((got = read(ends[0], said + len, size - 1 - len)) > 0) {
        len += (size_t)got;
    }
    said[len] = '\0';
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) {
        check_int(row, WTERMSIG(status), SIGSYS);
        return DIES;
    }
    if (WEXITSTATUS(status) >= SCRATCH) {
        fail_msg("%s: the sandbox could not be entered (%d): %s", row, WEXITSTATUS(status), said);
    }
    return WEXITSTATUS(status);
}

static void sandbox_each_attempt_ends_as_its_rights_say(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
        const struct attempt *a = &attempts[i];
        char said[256];
        if (landlock < a->version) {
            continue; /* an older kernel has that wall not; the rest of the row set still holds */
        }
        int got = outcome(a->name, a->try, a->rights, NULL, said, sizeof(said));
        /* ENOSYS is 38, EPERM 1: errnos below 64 come through as they are. */
        check_int(a->name, got, a->want);
    }
}

static void sandbox_tcp_without_the_right_is_refused_to_sockets_made_before(void **state) {
    struct cli_sandbox box = {.rights = NETWORK};
    struct cli_sandbox_state entered;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
    int status = 0;

    (void)state;
    if (landlock < 4) {
        print_message("# not tried: Linux before 6.7 has no network rules\n");
        return;
    }
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    pid_t child = fork();
    if (child == 0) {
        struct hops_diag diag;
        if (cli_sandbox_enter(&box, &entered, &diag) != HOPS_OK) {
            _exit(SCRATCH);
        }
        _exit(connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0 ? 0 : errno);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    (void)close(fd);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EACCES);
}

static void put_back(void) {
    (void)!write(STDERR_FILENO, "<restored>", 10);
}

static void sandbox_forbidden_call_restores_names_it_and_dies(void **state) {
    char said[256];

    (void)state;
    int got = outcome("exec", try_exec, NONE, put_back, said, sizeof(said));
    assert_int_equal(got, DIES);
    check_str("message", said,
              "<restored>Error: hops tried a forbidden system call and ends here: execve; please "
              "report this (SECURITY.md)\n");
}

static void sandbox_rights_follow_from_activities(void **state) {
    static const struct {
        const char *name;
        unsigned activities, rights;
    } rows[] = {
        {"report over the simulator, replay", 0, NONE},
        {"ICMP or UDP", CLI_ACTIVITY_TRACE, NETWORK},
        {"TCP", CLI_ACTIVITY_TRACE | CLI_ACTIVITY_TRACE_TCP, TCP},
        {"names", CLI_ACTIVITY_TRACE | CLI_ACTIVITY_DNS, PORTS},
        {"screen over the simulator", CLI_ACTIVITY_SCREEN, SCREEN},
        {"everything",
         CLI_ACTIVITY_TRACE | CLI_ACTIVITY_TRACE_TCP | CLI_ACTIVITY_DNS | CLI_ACTIVITY_SCREEN,
         TCP | SCREEN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_int(rows[i].name, cli_sandbox_rights(rows[i].activities), rows[i].rights);
    }
}

/* The few instructions that the filter uses, as the kernel runs them. */
static unsigned evaluate(const struct cli_sandbox_program *program, const struct seccomp_data *d) {
    unsigned value = 0;

    for (size_t at = 0; at < program->len; at++) {
        const struct sock_filter *in = &program->code[at];
        switch (in->code) {
        case BPF_LD | BPF_W | BPF_ABS:
            memcpy(&value, (const char *)d + in->k, sizeof(value));
            break;
        case BPF_ALU | BPF_AND | BPF_K:
            value &= in->k;
            break;
        case BPF_JMP | BPF_JA:
            at += in->k;
            break;
        case BPF_JMP | BPF_JEQ | BPF_K:
            at += value == in->k ? in->jt : in->jf;
            break;
        case BPF_JMP | BPF_JGE | BPF_K:
            at += value >= in->k ? in->jt : in->jf;
            break;
        case BPF_JMP | BPF_JGT | BPF_K:
            at += value > in->k ? in->jt : in->jf;
            break;
        case BPF_JMP | BPF_JSET | BPF_K:
            at += (value & in->k) != 0 ? in->jt : in->jf;
            break;
        case BPF_RET | BPF_K:
            return in->k;
        default:
            fail_msg("instruction %zu: code %u", at, in->code);
        }
    }
    fail_msg("ran off the end");
    return 0;
}

static void sandbox_filter_has_the_verdict_of_the_list_for_every_number(void **state) {
    static struct cli_sandbox_program program;
    unsigned char verdicts[CLI_CALL_LAST + 1];

    (void)state;
    for (unsigned rights = 0; rights < 16; rights++) {
        assert_true(cli_sandbox_program(rights, 1234, &program));
        unsigned arch = program.code[1].k;
        cli_sandbox_verdicts(rights, verdicts);
        for (int nr = 0; nr <= CLI_CALL_LAST; nr++) {
            struct seccomp_data data = {.nr = nr, .arch = arch};
            unsigned action = evaluate(&program, &data);
            if (verdicts[nr] == CLI_CALL_ALLOWED) {
                check_int("allowed", action, SECCOMP_RET_ALLOW);
            } else if (verdicts[nr] == CLI_CALL_FORBIDDEN) {
                check_int("forbidden", action, SECCOMP_RET_TRAP);
            } else if (verdicts[nr] == CLI_CALL_REFUSED) {
                check_int("refused", action, SECCOMP_RET_ERRNO | EPERM);
            }
        }
    }
}

static void sandbox_filter_kills_other_machines(void **state) {
    static struct cli_sandbox_program program;

    (void)state;
    assert_true(cli_sandbox_program(~0U, 1, &program));
    unsigned arch = program.code[1].k;
    struct seccomp_data other = {.nr = SYS_read, .arch = AUDIT_ARCH_I386};
    struct seccomp_data x32 = {.nr = SYS_read | 0x40000000, .arch = arch};
    struct seccomp_data negative = {.nr = -1, .arch = arch};
    check_int("32 bits", evaluate(&program, &other), SECCOMP_RET_KILL_PROCESS);
    check_int("x32", evaluate(&program, &x32), SECCOMP_RET_KILL_PROCESS);
    check_int("negative", evaluate(&program, &negative), SECCOMP_RET_KILL_PROCESS);
}

static int make_directory(void **state) {
    long version = syscall(444 /* landlock_create_ruleset */, NULL, 0, 1);

    (void)state;
    landlock = version > 0 ? (int)version : 0;
    return mkdtemp(directory) == NULL ? -1 : 0;
}

static int remove_directory(void **state) {
    char path[128];

    (void)state;
    (void)snprintf(path, sizeof(path), "%s/report", directory);
    (void)unlink(path);
    return rmdir(directory);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sandbox_each_attempt_ends_as_its_rights_say),
        cmocka_unit_test(sandbox_tcp_without_the_right_is_refused_to_sockets_made_before),
        cmocka_unit_test(sandbox_forbidden_call_restores_names_it_and_dies),
        cmocka_unit_test(sandbox_rights_follow_from_activities),
        cmocka_unit_test(sandbox_filter_has_the_verdict_of_the_list_for_every_number),
        cmocka_unit_test(sandbox_filter_kills_other_machines),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
