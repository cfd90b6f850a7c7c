/* SPDX-License-Identifier: MIT
 *
 * A search tree over the call number, then short blocks for the calls whose arguments matter. A
 * tree instead of a chain of comparisons, because the kernel runs a new filter once for every call
 * number when it is put in force (to remember which are always allowed), and that would be most of
 * its cost to a short run.
 */
#include "cli/sandbox_program.h"

#include "cli/sandbox.h"
#include "cli/sandbox_calls.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

/* Machines whose calls the list fits: 64 bits, little-endian, no socketcall(2). */
#if defined(__x86_64__) && !defined(__ILP32__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && defined(__AARCH64EL__)
#define MACHINE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define MACHINE AUDIT_ARCH_RISCV64
#else
#define MACHINE 0
#endif

enum {
    RANGES_MAX = CLI_CALL_LAST + 2,
    RANGES_NEAR = 64 /* of which half take less than 255 instructions for sure */
};

enum { REFUSE = SECCOMP_RET_ERRNO | EPERM };

/* The calls of terminals with any bit rate, which tcgetattr(3) and tcsetattr(3) are made of from
 * glibc 2.42 on. Their header cannot be included beside <termios.h>; the numbers are the same on
 * all machines above. */
#define GET_TERMIOS2   0x802c542aU
#define SET_TERMIOS2   0x402c542bU
#define SET_TERMIOS2_W 0x402c542cU
#define SET_TERMIOS2_F 0x402c542dU

/* Numbers with the same verdict, up to the next range. */
struct range {
    unsigned short first;
    unsigned char verdict;
};

struct maker {
    struct cli_sandbox_program *out;
    unsigned rights;
    pid_t pid;
    size_t range_count;
    struct range ranges[RANGES_MAX];
};

static void put(struct maker *m, struct sock_filter instruction) {
    assert(m->out->len < CLI_SANDBOX_PROGRAM_MAX);
    m->out->code[m->out->len++] = instruction;
}

static void put_return(struct maker *m, unsigned action) {
    put(m, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

static void put_load(struct maker *m, size_t offset) {
    put(m, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offset));
}

/* The low half of an argument: of those that are judged here the kernel looks at no more. */
static void put_load_argument(struct maker *m, size_t index) {
    put_load(m, offsetof(struct seccomp_data, args) + index * sizeof(__u64));
}

static void put_return_if(struct maker *m, unsigned value, unsigned action) {
    put(m, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
    put_return(m, action);
}

static void put_return_if_bits(struct maker *m, unsigned bits, unsigned action) {
    put(m, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1));
    put_return(m, action);
}

/* Blocks for verdicts. */

/* Datagram and stream sockets of the Internet only; of raw ones the program has all it may have. */
static void put_socket(struct maker *m) {
    put_load_argument(m, 0);
    put(m, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 2, 0));
    put(m, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 1, 0));
    put_return(m, SECCOMP_RET_TRAP);
    put_load_argument(m, 1);
    put(m, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K,
                                        ~(unsigned)(SOCK_CLOEXEC | SOCK_NONBLOCK)));
    put_return_if(m, SOCK_DGRAM, SECCOMP_RET_ALLOW);
    if ((m->rights & CLI_RIGHT_TCP) != 0) {
        put_return_if(m, SOCK_STREAM, SECCOMP_RET_ALLOW);
    }
    put_return(m, SECCOMP_RET_TRAP);
}

static void put_protection(struct maker *m) {
    put_load_argument(m, 2);
    put_return_if_bits(m, PROT_EXEC, SECCOMP_RET_TRAP);
    put_return(m, SECCOMP_RET_ALLOW);
}

/* TIOCSTI, which types into the user's shell, is among what is refused. */
static void put_ioctl(struct maker *m) {
    put_load_argument(m, 1);
    put_return_if(m, TCGETS, SECCOMP_RET_ALLOW);
    put_return_if(m, GET_TERMIOS2, SECCOMP_RET_ALLOW);
    put_return_if(m, TIOCGWINSZ, SECCOMP_RET_ALLOW);
    if ((m->rights & CLI_RIGHT_TERMINAL) != 0) {
        put_return_if(m, TCSETS, SECCOMP_RET_ALLOW);
        put_return_if(m, TCSETSW, SECCOMP_RET_ALLOW);
        put_return_if(m, TCSETSF, SECCOMP_RET_ALLOW);
        put_return_if(m, SET_TERMIOS2, SECCOMP_RET_ALLOW);
        put_return_if(m, SET_TERMIOS2_W, SECCOMP_RET_ALLOW);
        put_return_if(m, SET_TERMIOS2_F, SECCOMP_RET_ALLOW);
    }
    put_return(m, REFUSE);
}

static void put_fcntl(struct maker *m) {
    put_load_argument(m, 1);
    put_return_if(m, F_GETFL, SECCOMP_RET_ALLOW);
    put_return_if(m, F_SETFL, SECCOMP_RET_ALLOW);
    put_return_if(m, F_GETFD, SECCOMP_RET_ALLOW);
    put_return_if(m, F_SETFD, SECCOMP_RET_ALLOW);
    put_return(m, REFUSE);
}

/* Signals to itself: abort(3) and raise(3). */
static void put_process(struct maker *m) {
    put_load_argument(m, 0);
    put_return_if(m, (unsigned)m->pid, SECCOMP_RET_ALLOW);
    put_return(m, SECCOMP_RET_TRAP);
}

/* Libraries look for files that may be missing, such as catalogues of messages: to them there are
 * none. Nobody writes by the way. Where saving is allowed, Landlock says where. */
static void put_open(struct maker *m, size_t flags) {
    if ((m->rights & CLI_RIGHT_SAVE) != 0) {
        put_return(m, SECCOMP_RET_ALLOW);
        return;
    }
    put_load_argument(m, flags);
    put_return_if_bits(m, O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY),
                       SECCOMP_RET_TRAP);
    put_return(m, SECCOMP_RET_ERRNO | EACCES);
}

static void put_block(struct maker *m, enum cli_call_verdict verdict) {
    switch (verdict) {
    case CLI_CALL_REFUSED:
        put_return(m, REFUSE);
        break;
    case CLI_CALL_ALLOWED:
        put_return(m, SECCOMP_RET_ALLOW);
        break;
    case CLI_CALL_FORBIDDEN:
        put_return(m, SECCOMP_RET_TRAP);
        break;
    case CLI_CALL_BY_SOCKET:
        put_socket(m);
        break;
    case CLI_CALL_BY_PROTECTION:
        put_protection(m);
        break;
    case CLI_CALL_BY_IOCTL:
        put_ioctl(m);
        break;
    case CLI_CALL_BY_FCNTL:
        put_fcntl(m);
        break;
    case CLI_CALL_BY_PROCESS:
        put_process(m);
        break;
    case CLI_CALL_BY_OPEN:
        put_open(m, 1);
        break;
    case CLI_CALL_BY_OPENAT:
        put_open(m, 2);
        break;
    case CLI_CALL_VERDICTS:
        break;
    }
}

/* The tree. */

static void find_ranges(struct maker *m) {
    unsigned char verdicts[CLI_CALL_LAST + 1];

    cli_sandbox_verdicts(m->rights, verdicts);
    for (unsigned n = 0; n <= CLI_CALL_LAST; n++) {
        if (n == 0 || verdicts[n] != verdicts[n - 1]) {
            m->ranges[m->range_count++] = (struct range){(unsigned short)n, verdicts[n]};
        }
    }
}

/* "if (number >= middle) goto right": the left half follows. Conditional jumps reach 255
 * instructions only; a longer one needs another that reaches everything. */
static void put_tree(struct maker *m, size_t low, size_t high) {
    if (high - low == 1) {
        put_block(m, (enum cli_call_verdict)m->ranges[low].verdict);
        return;
    }
    size_t middle = low + (high - low) / 2;
    bool is_far = high - low > RANGES_NEAR;
    size_t jump = m->out->len;
    put(m, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, m->ranges[middle].first, 0,
                                        is_far ? 1 : 0));
    if (is_far) {
        put(m, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0));
    }
    size_t left = m->out->len;
    put_tree(m, low, middle);
    size_t distance = m->out->len - left;
    if (is_far) {
        m->out->code[jump + 1].k = (unsigned)distance;
    } else {
        assert(distance <= UINT8_MAX);
        m->out->code[jump].jt = (uint8_t)distance;
    }
    put_tree(m, middle, high);
}

/* Another machine's calls have other numbers; on x86-64 so has x32, from 0x40000000 on. Newer calls
 * than the list knows do not exist, as on an older kernel: the C library then takes the old ones.
 */
bool cli_sandbox_program(unsigned rights, pid_t pid, struct cli_sandbox_program *out) {
    struct maker m = {.out = out, .rights = rights, .pid = pid};

    out->len = 0;
    if (MACHINE == 0) {
        return false;
    }
    find_ranges(&m);
    put_load(&m, offsetof(struct seccomp_data, arch));
    put(&m, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0));
    put_return(&m, SECCOMP_RET_KILL_PROCESS);
    put_load(&m, offsetof(struct seccomp_data, nr));
    put(&m, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1));
    put_return(&m, SECCOMP_RET_KILL_PROCESS);
    put(&m, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, CLI_CALL_LAST, 0, 1));
    put_return(&m, SECCOMP_RET_ERRNO | ENOSYS);
    put_tree(&m, 0, m.range_count);
    return true;
}
