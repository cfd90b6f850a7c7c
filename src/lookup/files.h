/* SPDX-License-Identifier: MIT
 *
 * The two files of the system that say who is asked and what need not be: resolv.conf and hosts.
 * Read once, before the program shuts itself off from files.
 */
#ifndef LOOKUP_FILES_H
#define LOOKUP_FILES_H

#include <hops/addr.h>

enum { LOOKUP_SERVERS_MAX = 6 };

struct lookup_server {
    struct hops_addr addr;
    uint16_t port;
};

struct lookup_host {
    struct hops_addr addr;
    char *name;
};

struct lookup_hosts {
    struct lookup_host *list;
    size_t count;
};

/* "192.0.2.1", "192.0.2.1:5353", "2001:db8::1", "[2001:db8::1]:5353"; port 53 if none is given. */
bool lookup_server_parse(const char *text, struct lookup_server *out) HOPS_MUST_USE;

/* The `nameserver` lines, in order. Servers with a zone (fe80::1%eth0) are left out: c-ares 1.18
 * cannot reach them. Returns their number, -1 if a line of that kind holds no address. */
int lookup_resolv_parse(const char *text, size_t len, struct lookup_server out[LOOKUP_SERVERS_MAX]);

/* Addresses with the first name of their line. Lines for 0.0.0.0 and :: (blocked names) and lines
 * that cannot be read are left out. False: no memory. */
bool lookup_hosts_parse(const char *text, size_t len, struct lookup_hosts *out) HOPS_MUST_USE;
const char *lookup_hosts_find(const struct lookup_hosts *hosts, const struct hops_addr *addr);
void lookup_hosts_done(struct lookup_hosts *hosts);

/* A whole regular file of at most 4 MiB, terminated, or NULL with errno. The caller frees it. */
char *lookup_file_read(const char *path, size_t *out_len);

#endif
