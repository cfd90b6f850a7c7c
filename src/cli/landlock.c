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
enum { ASK_VERSION = 1, RULE_PATH_BENEATH = 1 };

enum access {
    WRITE_FILE = 1 << 1,
    REMOVE_FILE = 1 << 5,
    MAKE_REGULAR = 1 << 8,
    FILES_1 = (1 << 13) - 1,
    REFER = 1 << 13,     /* version 2 */
    TRUNCATE = 1 << 14,  /* version 3 */
    IOCTL_DEV = 1 << 15, /* version 5 */
    TCP_BIND_CONNECT = 3,
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

static uint64_t known_files(int version) {
    return (uint64_t)FILES_1 | (version >= 2 ? REFER : 0) | (version >= 3 ? TRUNCATE : 0) |
           (version >= 5 ? IOCTL_DEV : 0);
}

static size_t ruleset_size(int version) {
    return version >= 6 ? sizeof(struct ruleset)
                        : (version >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t));
}

static int allow_saving(int rules, const char *directory, uint64_t known) {
    struct path_rule rule = {.access = (WRITE_FILE | REMOVE_FILE | MAKE_REGULAR | TRUNCATE) & known,
                             .parent = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC)};

    if (rule.parent < 0) {
        return errno;
    }
    int err = syscall(ADD_RULE, rules, RULE_PATH_BENEATH, &rule, 0) == 0 ? 0 : errno;
    (void)close(rule.parent);
    return err;
}

int cli_landlock_enter(const char *const *directories, size_t count, bool tcp, int *version) {
    long known = syscall(CREATE_RULESET, NULL, 0, ASK_VERSION);

    *version = known > 0 ? (int)known : 0;
    if (*version == 0) {
        return 0; /* ENOSYS, or EOPNOTSUPP if switched off at boot */
    }
    struct ruleset ruleset = {.files = known_files(*version),
                              .net = tcp ? 0 : TCP_BIND_CONNECT,
                              .scope = SCOPE_SOCKETS_SIGNALS};
    int rules = (int)syscall(CREATE_RULESET, &ruleset, ruleset_size(*version), 0);
    if (rules < 0) {
        return errno;
    }
    int err = 0;
    for (size_t i = 0; i < count && err == 0; i++) {
        /* A directory that is not there is not written to either. */
        if (directories[i] != NULL && directories[i][0] != '\0') {
            err = allow_saving(rules, directories[i], ruleset.files);
            err = err == ENOENT || err == EACCES || err == ENOTDIR ? 0 : err;
        }
    }
    if (err == 0 && syscall(RESTRICT_SELF, rules, 0) != 0) {
        err = errno;
    }
    (void)close(rules);
    return err;
}
