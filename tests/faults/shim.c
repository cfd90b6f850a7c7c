/* SPDX-License-Identifier: MIT
 *
 * Preloaded into the program to make one call fail: the n-th allocation, or the n-th call of one
 * kind to the system. HOPS_FAULT says which, as "KIND:N:ERRNO"; unset, calls are only counted. At
 * the end the counts are written to the descriptor HOPS_FAULT_REPORT, one "KIND NUMBER" per line,
 * with "live", the blocks that the program itself allocated and never gave back.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* The C library's own allocator, below the names that are replaced here. */
extern void *__libc_malloc(size_t size);               // NOLINT
extern void *__libc_calloc(size_t count, size_t size); // NOLINT
extern void *__libc_realloc(void *block, size_t size); // NOLINT
extern void __libc_free(void *block);                  // NOLINT

enum kind {
    ALLOCATION,
    SOCKET,
    BIND,
    CONNECT,
    SENDMSG,
    RECVMSG,
    RECV,
    SETSOCKOPT,
    GETSOCKOPT,
    GETSOCKNAME,
    GETPEERNAME,
    EPOLL_CREATE,
    EPOLL_CTL,
    EPOLL_WAIT,
    PPOLL,
    READ,
    OPEN,
    PIPE,
    PRCTL,
    CAPSET,
    SYSCALL,
    SIGACTION,
    GETRANDOM,
    KINDS
};

static const char *const names[KINDS] = {
    "malloc",    "socket",     "bind",       "connect",     "sendmsg",     "recvmsg",
    "recv",      "setsockopt", "getsockopt", "getsockname", "getpeername", "epoll_create1",
    "epoll_ctl", "epoll_wait", "ppoll",      "read",        "open",        "pipe2",
    "prctl",     "capset",     "syscall",    "sigaction",   "getrandom"};

static bool ready;
static int fail_kind = KINDS;
static unsigned long fail_at;
static int fail_with;
static unsigned long counts[KINDS];
static int report = -1;
static uintptr_t text_begin, text_end; /* of the program */

/* What the program has allocated: a hash set. */
enum { SLOTS = 1 << 16 };
static void *slots[SLOTS];
static long live;

static size_t slot_of(const void *block) {
    size_t at = ((uintptr_t)block >> 4) * 2654435761U % SLOTS;

    while (slots[at] != NULL && slots[at] != block) {
        at = (at + 1) % SLOTS;
    }
    return at;
}

static void remember(void *block, const void *caller) {
    uintptr_t at = (uintptr_t)caller;

    if (block != NULL && at >= text_begin && at < text_end && live < SLOTS / 2) {
        slots[slot_of(block)] = block;
        live++;
    }
}

static bool forget(const void *block) {
    size_t hole = slot_of(block);

    if (block == NULL || slots[hole] == NULL) {
        return false;
    }
    live--;
    slots[hole] = NULL;
    /* Those behind it may have been pushed there by it. */
    for (size_t at = (hole + 1) % SLOTS; slots[at] != NULL; at = (at + 1) % SLOTS) {
        void *moved = slots[at];
        slots[at] = NULL;
        slots[slot_of(moved)] = moved;
    }
    return true;
}

static int find_program(struct dl_phdr_info *info, size_t size, void *user) {
    (void)size;
    (void)user;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type == PT_LOAD) {
            uintptr_t begin = info->dlpi_addr + part->p_vaddr;
            text_begin = text_begin == 0 ? begin : text_begin;
            text_end = begin + part->p_memsz;
        }
    }
    return 1; /* the first one is the program */
}

__attribute__((constructor)) static void begin(void) {
    const char *fault = getenv("HOPS_FAULT");
    const char *number = getenv("HOPS_FAULT_REPORT");

    (void)dl_iterate_phdr(find_program, NULL);
    report = number == NULL ? -1 : atoi(number);
    if (fault != NULL) {
        size_t len = strcspn(fault, ":");
        char *rest = NULL;
        for (int kind = 0; kind < KINDS; kind++) {
            if (strlen(names[kind]) == len && memcmp(names[kind], fault, len) == 0) {
                fail_kind = kind;
            }
        }
        fail_at = strtoul(fault + len + 1, &rest, 10);
        fail_with = atoi(rest + 1);
    }
    ready = true;
}

__attribute__((destructor)) static void end(void) {
    char text[64];

    ready = false;
    for (int kind = 0; kind < KINDS && report >= 0; kind++) {
        int len = snprintf(text, sizeof(text), "%s %lu\n", names[kind], counts[kind]);
        (void)!write(report, text, (size_t)len);
    }
    int len = snprintf(text, sizeof(text), "live %ld\n", live);
    (void)!write(report, text, (size_t)len);
}

static bool fails(enum kind kind) {
    if (!ready) {
        return false;
    }
    if (++counts[kind] != fail_at || (int)kind != fail_kind) {
        return false;
    }
    errno = fail_with;
    return true;
}

/* The allocator. */

void *malloc(size_t size) {
    if (fails(ALLOCATION)) {
        return NULL;
    }
    void *block = __libc_malloc(size);
    remember(block, __builtin_return_address(0));
    return block;
}

void *calloc(size_t count, size_t size) {
    if (fails(ALLOCATION)) {
        return NULL;
    }
    void *block = __libc_calloc(count, size);
    remember(block, __builtin_return_address(0));
    return block;
}

void *realloc(void *old, size_t size) {
    if (fails(ALLOCATION)) {
        return NULL;
    }
    bool known = forget(old);
    void *block = __libc_realloc(old, size);
    if (known && block != NULL) {
        slots[slot_of(block)] = block;
        live++;
    } else if (!known) {
        remember(block, __builtin_return_address(0));
    }
    return block;
}

void free(void *block) {
    (void)forget(block);
    __libc_free(block);
}

/* The system. dlsym gives data pointers, so the addresses are copied over. */
static void find(const char *name, void *out, size_t size) {
    void *symbol = dlsym(RTLD_NEXT, name);

    memcpy(out, &symbol, size);
}

#define REPLACE(kind, result, name, parameters, arguments)                                         \
    result name parameters {                                                                       \
        static __typeof__(name) *next;                                                             \
        if (next == NULL) {                                                                        \
            find(#name, &next, sizeof(next));                                                      \
        }                                                                                          \
        return fails(kind) ? -1 : next arguments;                                                  \
    }

int __ppoll_chk(struct pollfd *f, nfds_t n, const struct timespec *t, // NOLINT
                const sigset_t *s, size_t size);
int capset(void *head, void *data);
int prctl(int option, ...);

REPLACE(SOCKET, int, socket, (int domain, int type, int protocol), (domain, type, protocol))
REPLACE(BIND, int, bind, (int fd, __CONST_SOCKADDR_ARG a, socklen_t len), (fd, a, len))
REPLACE(CONNECT, int, connect, (int fd, __CONST_SOCKADDR_ARG a, socklen_t len), (fd, a, len))
REPLACE(SENDMSG, ssize_t, sendmsg, (int fd, const struct msghdr *m, int flags), (fd, m, flags))
REPLACE(RECVMSG, ssize_t, recvmsg, (int fd, struct msghdr *m, int flags), (fd, m, flags))
REPLACE(RECV, ssize_t, recv, (int fd, void *b, size_t n, int flags), (fd, b, n, flags))
REPLACE(SETSOCKOPT, int, setsockopt, (int fd, int l, int o, const void *v, socklen_t n),
        (fd, l, o, v, n))
REPLACE(GETSOCKOPT, int, getsockopt, (int fd, int l, int o, void *v, socklen_t *n),
        (fd, l, o, v, n))
REPLACE(GETSOCKNAME, int, getsockname, (int fd, __SOCKADDR_ARG a, socklen_t *n), (fd, a, n))
REPLACE(GETPEERNAME, int, getpeername, (int fd, __SOCKADDR_ARG a, socklen_t *n), (fd, a, n))
REPLACE(EPOLL_CREATE, int, epoll_create1, (int flags), (flags))
REPLACE(EPOLL_CTL, int, epoll_ctl, (int e, int op, int fd, struct epoll_event *v), (e, op, fd, v))
REPLACE(EPOLL_WAIT, int, epoll_wait, (int e, struct epoll_event *v, int n, int t), (e, v, n, t))
REPLACE(PPOLL, int, ppoll,
        (struct pollfd * f, nfds_t n, const struct timespec *t, const sigset_t *s), (f, n, t, s))
REPLACE(PPOLL, int, __ppoll_chk, // NOLINT
        (struct pollfd *f, nfds_t n, const struct timespec *t, const sigset_t *s, size_t size),
        (f, n, t, s, size))
REPLACE(READ, ssize_t, read, (int fd, void *b, size_t n), (fd, b, n))
REPLACE(PIPE, int, pipe2, (int fds[2], int flags), (fds, flags))
REPLACE(CAPSET, int, capset, (void *head, void *data), (head, data))
REPLACE(SIGACTION, int, sigaction, (int number, const struct sigaction *new, struct sigaction *old),
        (number, new, old))
REPLACE(GETRANDOM, ssize_t, getrandom, (void *b, size_t n, unsigned flags), (b, n, flags))

/* Compiled for large files it is called open64, as in the program. */
int open(const char *path, int flags, ...) {
    static int (*next)(const char *, int, ...);
    va_list list;
    va_start(list, flags);
    unsigned mode = va_arg(list, unsigned);
    va_end(list);
    if (next == NULL) {
        find("open64", &next, sizeof(next));
    }
    return fails(OPEN) ? -1 : next(path, flags, mode);
}

int prctl(int option, ...) {
    static int (*next)(int, ...);
    unsigned long a[4];
    va_list list;
    va_start(list, option);
    for (int i = 0; i < 4; i++) {
        a[i] = va_arg(list, unsigned long);
    }
    va_end(list);
    if (next == NULL) {
        find("prctl", &next, sizeof(next));
    }
    return fails(PRCTL) ? -1 : next(option, a[0], a[1], a[2], a[3]);
}

long syscall(long number, ...) {
    static long (*next)(long, ...);
    unsigned long a[6];
    va_list list;
    va_start(list, number);
    for (int i = 0; i < 6; i++) {
        a[i] = va_arg(list, unsigned long);
    }
    va_end(list);
    if (next == NULL) {
        find("syscall", &next, sizeof(next));
    }
    return fails(SYSCALL) ? -1 : next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
