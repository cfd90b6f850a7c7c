/* SPDX-License-Identifier: MIT
 *
 * The texts of the screen in one of cli_locales(), by gettext.
 */
#ifndef CLI_CATALOGUE_H
#define CLI_CATALOGUE_H

#include "tui/text.h"

/* Fetches every text, so that no file is read later. What is not translated, or all if there is no
 * catalogue of that language, stays NULL: English. Catalogues are looked for beside the program
 * (po/, as they are built) and then where they are installed. The texts live as long as the
 * process. */
void cli_catalogue_load(const char *locale, struct tui_catalogue *out);

#endif
