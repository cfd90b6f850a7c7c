/* SPDX-License-Identifier: MIT
 *
 * Which traces may a reply belong to? Traces declare what their replies look like: an ICMP id, or a
 * destination address. Ids are unique on a link, so an ICMP reply has one candidate; several UDP or
 * TCP traces to one address are told apart by the tracers themselves.
 */
#ifndef RUN_DEMUX_H
#define RUN_DEMUX_H

#include <hops/config.h>
#include <hops/err.h>
#include <hops/probe.h>

struct demux;

enum hops_err hops_demux_new(const struct hops_mem *mem, struct demux **out);
void hops_demux_free(struct demux *demux); /* NULL is fine */

/* Adds trace number trace (0, 1, 2 ... in order). HOPS_ERR_CLASH if its replies could not be told
 * from those of a trace already there. */
enum hops_err hops_demux_add(struct demux *demux, uint32_t trace, const struct hops_config *config,
                             struct hops_diag *diag);

#define HOPS_DEMUX_NONE UINT32_MAX

/* The first candidate for a reply, and the one after it. */
uint32_t hops_demux_first(const struct demux *demux, const struct hops_reply *reply);
uint32_t hops_demux_next(const struct demux *demux, uint32_t trace);

#endif
