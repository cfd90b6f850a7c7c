/* SPDX-License-Identifier: MIT */
#include "cli/privilege.h"

#include "base/diag.h"

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

void cli_privilege_acquire(void) {
    const cap_value_t net_raw = CAP_NET_RAW;
    cap_flag_value_t permitted = CAP_CLEAR;
    cap_t caps = cap_get_proc();

    if (caps == NULL) {
        return;
    }
    if (cap_get_flag(caps, net_raw, CAP_PERMITTED, &permitted) == 0 && permitted == CAP_SET &&
        cap_set_flag(caps, CAP_EFFECTIVE, 1, &net_raw, CAP_SET) == 0) {
        (void)cap_set_proc(caps);
    }
    (void)cap_free(caps);
}

static enum hops_err refuse(struct hops_diag *diag, const char *what) {
    return hops_diag_set(diag, HOPS_ERR_PRIVILEGE,
                         "privileges could not be given up: %s: %s; hops does not run with them",
                         what, strerror(errno));
}

/* The identity of a set-uid or set-gid file. setresuid away from root also empties the permitted
 * and effective sets. */
static enum hops_err drop_file_identity(struct hops_diag *diag) {
    uid_t uid = getuid();
    gid_t gid = getgid();

    if (geteuid() == uid && getegid() == gid) {
        return HOPS_OK;
    }
    if (geteuid() == 0 && uid != 0 && setgroups(1, &gid) != 0) {
        return refuse(diag, "setgroups");
    }
    if (setresgid(gid, gid, gid) != 0) {
        return refuse(diag, "setresgid");
    }
    if (setresuid(uid, uid, uid) != 0) {
        return refuse(diag, "setresuid");
    }
    return HOPS_OK;
}

static enum hops_err drop_capabilities(struct hops_diag *diag) {
    cap_t none = cap_init();

    if (none == NULL) {
        return refuse(diag, "cap_init");
    }
    int failed = cap_set_proc(none);
    (void)cap_free(none);
    return failed != 0 ? refuse(diag, "cap_set_proc") : HOPS_OK;
}

/* The bounding set needs CAP_SETPCAP, which a file capability does not bring: then it stays, and
 * no-new-privileges makes it harmless. */
static void drop_bounding(void) {
    for (int cap = 0; prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0; cap++) {
        /* up to the last one there is (EINVAL), or to the first refusal (EPERM) */
    }
}

static enum hops_err check_nothing_left(struct hops_diag *diag) {
    cap_t now = cap_get_proc();
    cap_t none = cap_init();
    int differs = now == NULL || none == NULL ? 1 : cap_compare(now, none);

    (void)cap_free(now);
    (void)cap_free(none);
    return differs != 0 ? refuse(diag, "capabilities are left") : HOPS_OK;
}

enum hops_err cli_privilege_drop(struct hops_diag *diag) {
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); /* EINVAL before Linux 4.3 */
    drop_bounding();
    enum hops_err err = drop_file_identity(diag);
    if (err == HOPS_OK) {
        err = drop_capabilities(diag);
    }
    if (err == HOPS_OK && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        err = refuse(diag, "no-new-privileges");
    }
    return err == HOPS_OK ? check_nothing_left(diag) : err;
}
