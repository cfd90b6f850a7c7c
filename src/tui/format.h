/* SPDX-License-Identifier: MIT
 *
 * Values as the screen writes them. No locale has a say in numbers and times.
 */
#ifndef TUI_FORMAT_H
#define TUI_FORMAT_H

#include <hops/types.h>

#include <stddef.h>

enum { TUI_FORMAT_MAX = 128 };

/* "1m 5s", "100ms", "1day 2h"; "0s" for zero. A month is 30.44 days and a year 365.25. */
char *tui_format_duration(hops_ns ns, char out[TUI_FORMAT_MAX]);

/* The shortest decimal that reads back as the same number: "-31.95", "151". */
char *tui_format_degrees(double degrees, char out[TUI_FORMAT_MAX]);

/* RFC 3339 to the second, with this offset to UTC in seconds; "Z" for 0. */
char *tui_format_clock(int64_t unix_seconds, int32_t offset, char out[TUI_FORMAT_MAX]);

/* "203.0.113.7", with a port "203.0.113.7:80" or "[2001:db8::7]:80"; port < 0: "*"; 0: none. */
struct hops_addr;
char *tui_format_endpoint(const struct hops_addr *addr, int port, char out[TUI_FORMAT_MAX]);

#endif
