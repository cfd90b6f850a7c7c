/* SPDX-License-Identifier: MIT
 *
 * Names, AS data and places of the addresses that answer, for every mode and whoever knows them:
 * the DNS, the scenario of a simulation, or a recording. One object per run, made before the
 * sandbox; after that it opens no file and never waits.
 *
 * In the loop of a run, with `now` of hops_run_now() throughout:
 *
 *     struct pollfd fds[1 + CLI_NAMING_FDS] = {{.fd = cli_interrupt_fd(), .events = POLLIN}};
 *     count = cli_naming_fds(naming, fds + 1);
 *     hops_run_wait(run, fds, 1 + count, min(cli_naming_deadline(naming, now), other deadlines));
 *     if (cli_naming_process(naming, fds + 1, count, now)) { a screen: tui_app_names_changed() }
 *     for each reply: cli_naming_seen(naming, &responder, now);
 *     while (cli_naming_next(naming, &name)) { a line for the recording and for `-m events` }
 *
 * Reports print through cli_naming_names(): what was handed out by cli_naming_next(), as in a
 * replay of the recording. A screen draws through cli_naming_sources(): it asks for whatever it
 * shows, the moment it is shown.
 */
#ifndef CLI_NAMING_H
#define CLI_NAMING_H

#include "cli/settings.h"
#include "report/events.h"
#include "tui/model.h"

#include <hops/names.h>
#include <hops/sim.h>

struct pollfd;
struct cli_naming;

enum { CLI_NAMING_FDS = 16 };

/* Opens what the settings ask for. scenario: names are its own; with --replay they are those of
 * cli_naming_put(); else they are the DNS's, if the mode shows names or a recording keeps them, and
 * nobody's if not. HOPS_ERR_SYSTEM or HOPS_ERR_FORMAT with a diag that names the file (mmdb,
 * resolv.conf); HOPS_ERR_NOMEM. scenario is borrowed, the rest of the settings' texts too. */
enum hops_err cli_naming_new(const struct cli_settings *settings,
                             const struct hops_scenario *scenario, struct cli_naming **out,
                             struct hops_diag *diag) HOPS_MUST_USE;
void cli_naming_free(struct cli_naming *naming); /* NULL is fine; questions under way are dropped */

/* True: it will send questions, so the sandbox must leave it CLI_ACTIVITY_DNS. */
bool cli_naming_uses_dns(const struct cli_naming *naming);

/* Waiting: up to CLI_NAMING_FDS descriptors are put into fds; and when it wants to be called
 * without one (HOPS_NEVER: not at all). */
size_t cli_naming_fds(struct cli_naming *naming, struct pollfd *fds);
hops_ns cli_naming_deadline(struct cli_naming *naming, hops_ns now);

/* Takes what has arrived at these descriptors (revents as poll left them). True: an answer came, so
 * what is shown may have changed. */
bool cli_naming_process(struct cli_naming *naming, const struct pollfd *fds, size_t count,
                        hops_ns now);

/* Names as events. A responder is asked about when it is first seen, and once more if that timed
 * out. next gives what became known, each address once and again if it changed; texts are borrowed
 * until the next call of any function, and the time is left to the caller. */
void cli_naming_seen(struct cli_naming *naming, const struct hops_addr *addr, hops_ns now);
bool cli_naming_next(struct cli_naming *naming, struct report_events_name *out);

/* Responders whose first answer is still outstanding; and how long a report waits for them at the
 * end, at most. */
size_t cli_naming_missing(const struct cli_naming *naming);
hops_ns cli_naming_patience(const struct cli_naming *naming);

/* A name event of a recording. False: no memory. */
bool cli_naming_put(struct cli_naming *naming, const struct report_events_name *name);

/* For reports, those that a screen saves too: known names, nobody is asked. Borrows naming. */
struct hops_names cli_naming_names(struct cli_naming *naming);

/* For a screen. as is NULL where nobody can be asked for AS data, place without a mmdb file, forget
 * where nothing would be asked again. The time is that of the latest call of process, deadline or
 * seen. Borrows naming. */
struct tui_sources cli_naming_sources(struct cli_naming *naming);

#endif
