/* SPDX-License-Identifier: MIT
 *
 * The names that are asked for: reverse names (RFC 1035 section 3.5, RFC 3596 section 2.5) and
 * those of the IP-to-ASN service of Team Cymru. And which addresses nobody need be asked about.
 */
#ifndef LOOKUP_QUESTION_H
#define LOOKUP_QUESTION_H

#include <hops/addr.h>

enum { LOOKUP_QUESTION_MAX = 96 };

void lookup_question_ptr(const struct hops_addr *addr, char out[LOOKUP_QUESTION_MAX]);
void lookup_question_origin(const struct hops_addr *addr, char out[LOOKUP_QUESTION_MAX]);

/* False unless the number is one of 1 to 10 digits: nothing else gets into a question. */
bool lookup_question_as(const char *number, char out[LOOKUP_QUESTION_MAX]);

bool lookup_addr_is_loopback(const struct hops_addr *addr);

/* Loopback, link-local, private (RFC 1918, RFC 4193) and shared (RFC 6598) addresses, which no AS
 * announces: asking about them would only tell a stranger about the network here. */
bool lookup_addr_is_private(const struct hops_addr *addr);

#endif
