/* SPDX-License-Identifier: MIT
 *
 * measure FILE COMMAND...: runs a command and writes "exit wall_us cpu_us peak_rss_kib" to FILE.
 *
 * A program of its own because the kernel counts the memory of whoever forked into the peak of the
 * child: started from an interpreter, every program would seem as big as that.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_us(void) {
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int64_t micros(struct timeval tv) {
    return (int64_t)tv.tv_sec * 1000000 + tv.tv_usec;
}

int main(int argc, char **argv) {
    struct rusage usage;
    int status = 0;

    if (argc < 3) {
        (void)fputs("usage: measure FILE COMMAND...\n", stderr);
        return 2;
    }
    int64_t begin = now_us();
    pid_t pid = fork();
    if (pid == 0) {
        (void)execvp(argv[2], argv + 2);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &usage) != pid) {
        perror("measure");
        return 1;
    }
    int64_t wall = now_us() - begin;
    FILE *file = fopen(argv[1], "we");
    if (file == NULL) {
        perror(argv[1]);
        return 1;
    }
    (void)fprintf(file, "%d %lld %lld %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                  (long long)wall, (long long)(micros(usage.ru_utime) + micros(usage.ru_stime)),
                  usage.ru_maxrss);
    return fclose(file) == 0 ? 0 : 1;
}
