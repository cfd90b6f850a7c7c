/* SPDX-License-Identifier: MIT
 *
 * The kernel refuses what it does not know, so each version is asked for what it has and no more.
 */
#include "cli/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Defined here, since the system's headers may be older than the kernel. The numbers of the calls
 * are the same on all machines. */
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446 };
enum { ASK_VERSION = 1, RULE_PATH_BENEATH = 1, RULE_NET_PORT = 2 };

enum access {
    WRITE_FILE = 1 << 1,
    REMOVE_FILE = 1 << 5,
    MAKE_REGULAR = 1 << 8,
    FILES_1 = (1 << 13) - 1,
    REFER = 1 << 13,     /* version 2 */
    TRUNCATE = 1 << 14,  /* version 3 */
    IOCTL_DEV = 1 << 15, /* version 5 */
    TCP_BIND_CONNECT = 3,
    TCP_CONNECT = 2,
    SCOPE_SOCKETS_SIGNALS = 3
};

struct ruleset {
    uint64_t files;
    uint64_t net;   /* version 4 */
    uint64_t scope; /* version 6 */
};

struct path_rule {
    uint64_t access;
    int32_t parent;
} __attribute__((packed));

struct port_rule {
    uint64_t access;
    uint64_t port;
};

static uint64_t known_files(int version) {
    return (uint64_t)FILES_1 | (version >= 2 ? REFER : 0) | (version >= 3 ? TRUNCATE : 0) |
           (version >= 5 ? IOCTL_DEV : 0);
}

static size_t ruleset_size(int version) {
    return version >= 6 ? sizeof(struct ruleset)
                        : (version >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t));
}

static int allow_connecting(int set, uint16_t port) {
    struct port_rule rule = {.access = TCP_CONNECT, .port = port};

    return syscall(ADD_RULE, set, RULE_NET_PORT, &rule, 0) == 0 ? 0 : errno;
}

static int allow_saving(int set, const char *directory, uint64_t known) {
    struct path_rule rule = {.access = (WRITE_FILE | REMOVE_FILE | MAKE_REGULAR | TRUNCATE) & known,
                             .parent = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC)};

    if (rule.parent < 0) {
        return errno;
    }
    int err = syscall(ADD_RULE, set, RULE_PATH_BENEATH, &rule, 0) == 0 ? 0 : errno;
    (void)close(rule.parent);
    return err;
}

static int add_rules(int set, const struct cli_landlock_rules *rules, const struct ruleset *ruleset,
                     int version) {
    int err = 0;

    for (size_t i = 0; i < rules->directory_count && err == 0; i++) {
        /* A directory that is not there is not written to either. */
        if (rules->directories[i] != NULL && rules->directories[i][0] != '\0') {
            err = allow_saving(set, rules->directories[i], ruleset->files);
            err = err == ENOENT || err == EACCES || err == ENOTDIR ? 0 : err;
        }
    }
    for (size_t i = 0; i < rules->tcp_port_count && err == 0 && version >= 4; i++) {
        if (rules->tcp_ports[i] != 0 && ruleset->net != 0) {
            err = allow_connecting(set, rules->tcp_ports[i]);
        }
    }
    return err;
}

int cli_landlock_enter(const struct cli_landlock_rules *rules, int *version) {
    long known = syscall(CREATE_RULESET, NULL, 0, ASK_VERSION);

    *version = known > 0 ? (int)known : 0;
    if (*version == 0) {
        return 0; /* ENOSYS, or EOPNOTSUPP if switched off at boot */
    }
    struct ruleset ruleset = {.files = known_files(*version),
                              .net = rules->tcp_any ? 0 : TCP_BIND_CONNECT,
                              .scope = SCOPE_SOCKETS_SIGNALS};
    int set = (int)syscall(CREATE_RULESET, &ruleset, ruleset_size(*version), 0);
    if (set < 0) {
        return errno;
    }
    int err = add_rules(set, rules, &ruleset, *version);
    if (err == 0 && syscall(RESTRICT_SELF, set, 0) != 0) {
        err = errno;
    }
    (void)close(set);
    return err;
}
