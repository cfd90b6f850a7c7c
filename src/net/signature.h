/* SPDX-License-Identifier: MIT
 *
 * Whose reply is it? Traces that share raw sockets are told apart by target, protocol and the part
 * of identifier and ports that is fixed.
 */
#ifndef NET_SIGNATURE_H
#define NET_SIGNATURE_H

#include <hops/config.h>
#include <hops/probe.h>

/* True if the reply can be meant for a trace with this configuration. A first choice only: the
 * tracer looks at sequence, checksum and time as well. */
bool hops_net_signature_fits(const struct hops_config *config, const struct hops_reply *reply);

/* True if replies to one trace could be taken for replies to the other. raw: ICMP identifiers are
 * ours to choose, so equal ones clash. */
bool hops_net_signature_clash(const struct hops_config *a, const struct hops_config *b, bool raw);

#endif
