/* SPDX-License-Identifier: MIT
 *
 * What stands in the Host and ASN columns: addresses, names, and all that is known about them.
 */
#ifndef TUI_HOST_H
#define TUI_HOST_H

#include "tui/app.h"
#include "tui/line.h"

enum { TUI_DETAIL_LINES = 8 };

/* Which addresses of a hop are shown, as indices into hop->addrs. Returns how many. */
size_t tui_host_addrs(const struct tui_app *app, const struct hops_hop *hop,
                      size_t out[HOPS_HOP_ADDRS_MAX]);

/* Lines of the row of a hop; at least 1. */
int tui_host_height(const struct tui_app *app, const struct hops_hop *hop);

/* Line number n of the Host and of the ASN cell. */
void tui_host_line(const struct tui_app *app, const struct hops_hop *hop, int n,
                   struct tui_line *out);
void tui_host_as_line(const struct tui_app *app, const struct hops_hop *hop, int n,
                      struct tui_line *out);

/* True if the row shows the details of its hop. */
bool tui_host_detailed(const struct tui_app *app, const struct hops_hop *hop);

/* "Perth, Western Australia, Australia, Oceania"; "" if nothing is known. */
void tui_host_place_long(const struct tui_place *place, struct tui_line *out);
/* Extension objects by mode; "" if there is nothing to show. */
void tui_host_extensions(const struct tui_app *app, const struct hops_extensions *extensions,
                         enum tui_extension_mode mode, struct tui_line *out);

/* Selects the next hop with app->input (or, if that is empty, what was sought last) in an address
 * or a name; the hop whose TTL it is. False: there is none. */
bool tui_host_search(struct tui_app *app);
bool tui_host_go_to(struct tui_app *app);

bool tui_host_sortable(char code);

#endif
