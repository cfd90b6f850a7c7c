/* SPDX-License-Identifier: MIT
 *
 * Which language the screen speaks, and whether a time zone exists.
 */
#ifndef CLI_LANGUAGE_H
#define CLI_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

/* The languages there are, sorted; NULL ends the list. */
const char *const *cli_locales(void);

/* The best of cli_locales() for what was asked for; wanted NULL: what LANGUAGE, LC_ALL, LC_MESSAGES
 * or LANG of envp say. Falls back to "en". */
const char *cli_locale_choose(const char *wanted, char *const *envp);

/* True if name is in the time zone database under directory (NULL: /usr/share/zoneinfo). Only plain
 * names of the IANA database count: nothing absolute, no "..", no posix/ or right/. "UTC" is always
 * there. */
bool cli_timezone_exists(const char *name, const char *directory);

#endif
