/* SPDX-License-Identifier: MIT
 *
 * The list. A call whose right is missing counts as forbidden: nothing in the program leads there.
 */
#include "cli/sandbox_calls.h"

#include "cli/sandbox.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>

struct call {
    short number;
    unsigned char verdict;
    unsigned char right; /* needed for the verdict to hold */
    const char *name;
};

#define CALL(name, verdict, right)                                                                 \
    { SYS_##name, CLI_CALL_##verdict, right, #name }

static const struct call calls[] = {
    /* Memory. */
    CALL(brk, ALLOWED, 0),
    CALL(mmap, BY_PROTECTION, 0),
    CALL(mprotect, BY_PROTECTION, 0),
    CALL(munmap, ALLOWED, 0),
    CALL(mremap, ALLOWED, 0),
    CALL(madvise, ALLOWED, 0),
    CALL(futex, ALLOWED, 0),
    /* What is open. */
    CALL(read, ALLOWED, 0),
    CALL(readv, ALLOWED, 0),
    CALL(write, ALLOWED, 0),
    CALL(writev, ALLOWED, 0),
    CALL(close, ALLOWED, 0),
    CALL(lseek, ALLOWED, 0),
    CALL(fstat, ALLOWED, 0),
#ifdef SYS_newfstatat
    CALL(newfstatat, ALLOWED, 0),
#endif
    CALL(statx, ALLOWED, 0),
    CALL(fcntl, BY_FCNTL, 0),
    CALL(ioctl, BY_IOCTL, 0),
/* Waiting, and time. */
#ifdef SYS_poll
    CALL(poll, ALLOWED, 0),
#endif
    CALL(ppoll, ALLOWED, 0),
#ifdef SYS_select
    CALL(select, ALLOWED, 0),
#endif
    CALL(pselect6, ALLOWED, 0),
#ifdef SYS_epoll_wait
    CALL(epoll_wait, ALLOWED, 0),
#endif
    CALL(epoll_pwait, ALLOWED, 0),
    CALL(epoll_pwait2, ALLOWED, 0),
    CALL(epoll_ctl, ALLOWED, 0),
    CALL(clock_gettime, ALLOWED, 0),
    CALL(clock_getres, ALLOWED, 0),
    CALL(gettimeofday, ALLOWED, 0),
#ifdef SYS_time
    CALL(time, ALLOWED, 0),
#endif
    CALL(clock_nanosleep, ALLOWED, 0),
    CALL(nanosleep, ALLOWED, 0),
    CALL(restart_syscall, ALLOWED, 0),
    CALL(getrandom, ALLOWED, 0),
    CALL(sched_yield, ALLOWED, 0),
    /* Itself. */
    CALL(getpid, ALLOWED, 0),
    CALL(gettid, ALLOWED, 0),
    CALL(getuid, ALLOWED, 0),
    CALL(geteuid, ALLOWED, 0),
    CALL(getrusage, ALLOWED, 0),
    CALL(rt_sigaction, ALLOWED, 0),
    CALL(rt_sigprocmask, ALLOWED, 0),
    CALL(rt_sigreturn, ALLOWED, 0),
    CALL(sigaltstack, ALLOWED, 0),
    CALL(tgkill, BY_PROCESS, 0),
    CALL(kill, BY_PROCESS, 0),
    CALL(exit, ALLOWED, 0),
    CALL(exit_group, ALLOWED, 0),
    /* The network. */
    CALL(socket, BY_SOCKET, CLI_RIGHT_NETWORK),
    CALL(bind, ALLOWED, CLI_RIGHT_NETWORK),
    CALL(connect, ALLOWED, CLI_RIGHT_NETWORK),
    CALL(sendto, ALLOWED, CLI_RIGHT_NETWORK),
    CALL(sendmsg, ALLOWED, CLI_RIGHT_NETWORK),
    CALL(sendmmsg, ALLOWED, CLI_RIGHT_NETWORK),
    CALL(recvfrom, ALLOWED, CLI_RIGHT_NETWORK),
    CALL(recvmsg, ALLOWED, CLI_RIGHT_NETWORK),
    CALL(recvmmsg, ALLOWED, CLI_RIGHT_NETWORK),
    CALL(getsockname, ALLOWED, CLI_RIGHT_NETWORK),
    CALL(getpeername, ALLOWED, CLI_RIGHT_NETWORK),
    CALL(getsockopt, ALLOWED, CLI_RIGHT_NETWORK),
    CALL(setsockopt, ALLOWED, CLI_RIGHT_NETWORK),
    CALL(shutdown, ALLOWED, CLI_RIGHT_NETWORK),
    CALL(socketpair, FORBIDDEN, 0),
    CALL(listen, FORBIDDEN, 0),
    CALL(accept, FORBIDDEN, 0),
    CALL(accept4, FORBIDDEN, 0),
/* Files by name. */
#ifdef SYS_open
    CALL(open, BY_OPEN, 0),
    CALL(creat, FORBIDDEN, 0),
    CALL(rename, ALLOWED, CLI_RIGHT_SAVE),
    CALL(unlink, ALLOWED, CLI_RIGHT_SAVE),
    CALL(mkdir, FORBIDDEN, 0),
    CALL(rmdir, FORBIDDEN, 0),
    CALL(link, FORBIDDEN, 0),
    CALL(symlink, FORBIDDEN, 0),
    CALL(mknod, FORBIDDEN, 0),
    CALL(chmod, FORBIDDEN, 0),
    CALL(chown, FORBIDDEN, 0),
    CALL(lchown, FORBIDDEN, 0),
#endif
    CALL(openat, BY_OPENAT, 0),
    CALL(openat2, FORBIDDEN, 0),
#ifdef SYS_renameat
    CALL(renameat, ALLOWED, CLI_RIGHT_SAVE),
#endif
    CALL(renameat2, ALLOWED, CLI_RIGHT_SAVE),
    CALL(unlinkat, ALLOWED, CLI_RIGHT_SAVE),
    CALL(fsync, ALLOWED, 0),
    CALL(ftruncate, ALLOWED, CLI_RIGHT_SAVE),
    CALL(truncate, FORBIDDEN, 0),
    CALL(mkdirat, FORBIDDEN, 0),
    CALL(linkat, FORBIDDEN, 0),
    CALL(symlinkat, FORBIDDEN, 0),
    CALL(mknodat, FORBIDDEN, 0),
    CALL(fchmod, FORBIDDEN, 0),
    CALL(fchmodat, FORBIDDEN, 0),
    CALL(fchown, FORBIDDEN, 0),
    CALL(fchownat, FORBIDDEN, 0),
    CALL(name_to_handle_at, FORBIDDEN, 0),
    CALL(open_by_handle_at, FORBIDDEN, 0),
    CALL(memfd_create, FORBIDDEN, 0),
    /* Other programs and processes. */
    CALL(execve, FORBIDDEN, 0),
    CALL(execveat, FORBIDDEN, 0),
#ifdef SYS_fork
    CALL(fork, FORBIDDEN, 0),
    CALL(vfork, FORBIDDEN, 0),
#endif
    CALL(clone, FORBIDDEN, 0),
    CALL(clone3, FORBIDDEN, 0),
    CALL(ptrace, FORBIDDEN, 0),
    CALL(process_vm_readv, FORBIDDEN, 0),
    CALL(process_vm_writev, FORBIDDEN, 0),
    CALL(process_madvise, FORBIDDEN, 0),
    CALL(kcmp, FORBIDDEN, 0),
    CALL(tkill, FORBIDDEN, 0),
    CALL(rt_sigqueueinfo, FORBIDDEN, 0),
    CALL(rt_tgsigqueueinfo, FORBIDDEN, 0),
    CALL(pidfd_open, FORBIDDEN, 0),
    CALL(pidfd_getfd, FORBIDDEN, 0),
    CALL(pidfd_send_signal, FORBIDDEN, 0),
    /* The system. */
    CALL(mount, FORBIDDEN, 0),
    CALL(umount2, FORBIDDEN, 0),
    CALL(move_mount, FORBIDDEN, 0),
    CALL(open_tree, FORBIDDEN, 0),
    CALL(fsopen, FORBIDDEN, 0),
    CALL(fsconfig, FORBIDDEN, 0),
    CALL(fsmount, FORBIDDEN, 0),
    CALL(fspick, FORBIDDEN, 0),
    CALL(mount_setattr, FORBIDDEN, 0),
    CALL(pivot_root, FORBIDDEN, 0),
    CALL(chroot, FORBIDDEN, 0),
    CALL(setns, FORBIDDEN, 0),
    CALL(unshare, FORBIDDEN, 0),
    CALL(bpf, FORBIDDEN, 0),
    CALL(perf_event_open, FORBIDDEN, 0),
    CALL(userfaultfd, FORBIDDEN, 0),
    CALL(io_uring_setup, FORBIDDEN, 0),
    CALL(io_uring_enter, FORBIDDEN, 0),
    CALL(io_uring_register, FORBIDDEN, 0),
    CALL(keyctl, FORBIDDEN, 0),
    CALL(add_key, FORBIDDEN, 0),
    CALL(request_key, FORBIDDEN, 0),
    CALL(init_module, FORBIDDEN, 0),
    CALL(finit_module, FORBIDDEN, 0),
    CALL(delete_module, FORBIDDEN, 0),
    CALL(kexec_load, FORBIDDEN, 0),
    CALL(reboot, FORBIDDEN, 0),
    CALL(swapon, FORBIDDEN, 0),
    CALL(swapoff, FORBIDDEN, 0),
    CALL(acct, FORBIDDEN, 0),
    CALL(quotactl, FORBIDDEN, 0),
    CALL(personality, FORBIDDEN, 0),
    CALL(clock_settime, FORBIDDEN, 0),
    CALL(settimeofday, FORBIDDEN, 0),
    CALL(adjtimex, FORBIDDEN, 0),
    CALL(sethostname, FORBIDDEN, 0),
    CALL(setuid, FORBIDDEN, 0),
    CALL(setgid, FORBIDDEN, 0),
    CALL(setreuid, FORBIDDEN, 0),
    CALL(setregid, FORBIDDEN, 0),
    CALL(setresuid, FORBIDDEN, 0),
    CALL(setresgid, FORBIDDEN, 0),
    CALL(setfsuid, FORBIDDEN, 0),
    CALL(setfsgid, FORBIDDEN, 0),
    CALL(setgroups, FORBIDDEN, 0),
    CALL(capset, FORBIDDEN, 0),
};

enum { CALLS = sizeof(calls) / sizeof(calls[0]) };

const char *cli_sandbox_call_name(long number) {
    for (size_t i = 0; i < CALLS; i++) {
        if (calls[i].number == number) {
            return calls[i].name;
        }
    }
    return NULL;
}

void cli_sandbox_verdicts(unsigned rights, unsigned char out[CLI_CALL_LAST + 1]) {
    memset(out, CLI_CALL_REFUSED, CLI_CALL_LAST + 1);
    for (size_t i = 0; i < CALLS; i++) {
        bool missing = (calls[i].right & ~rights) != 0;

        assert(calls[i].number >= 0 && calls[i].number <= CLI_CALL_LAST);
        out[calls[i].number] = missing ? CLI_CALL_FORBIDDEN : calls[i].verdict;
    }
}
