/* SPDX-License-Identifier: MIT
 *
 * Begins as hops does (raw sockets, then every privilege given up) and then tries to get some back.
 * One line per attempt: its name and the errno, 0 if it worked. Run it with an argument to see what
 * an exec of the same file brings: then it only tries to open a raw socket.
 */
#include "cli/privilege.h"

#include <hops/net.h>

#include <errno.h>
#include <grp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void tell(const char *name, long result) {
    (void)printf("%s %d\n", name, result < 0 ? errno : 0);
}

static void raw_sockets(void) {
    tell("raw", socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP));
    tell("raw6", socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6));
    tell("packet", socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

static void raise_capability(cap_flag_t set, const char *name) {
    const cap_value_t net_raw = CAP_NET_RAW;
    cap_t caps = cap_get_proc();

    if (caps == NULL || cap_set_flag(caps, CAP_PERMITTED, 1, &net_raw, CAP_SET) != 0 ||
        cap_set_flag(caps, set, 1, &net_raw, CAP_SET) != 0) {
        exit(1);
    }
    tell(name, cap_set_proc(caps));
    (void)cap_free(caps);
}

int main(int argc, char **argv) {
    struct hops_net_raw *raw = NULL;
    struct hops_diag diag;
    gid_t root_group = 0;

    if (argc > 1) {
        raw_sockets();
        return 0;
    }
    cli_privilege_acquire();
    if (hops_net_raw_open(&raw) != HOPS_OK || cli_privilege_drop(&diag) != HOPS_OK) {
        return 1;
    }
    (void)printf("had %d\n", hops_net_raw_usable(raw, HOPS_PROTOCOL_ICMP, HOPS_IPV4) ? 1 : 0);
    raw_sockets();
    raise_capability(CAP_EFFECTIVE, "effective");
    raise_capability(CAP_INHERITABLE, "inheritable");
    tell("ambient", prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0));
    if (getuid() != 0) {
        tell("setuid", setuid(0));
        tell("seteuid", seteuid(0));
        tell("setgid", setgid(0));
    }
    tell("setgroups", setgroups(1, &root_group));
    (void)fflush(stdout);
    char *again[] = {argv[0], (char[]){"again"}, NULL};
    (void)execv("/proc/self/exe", again);
    return 1;
}
