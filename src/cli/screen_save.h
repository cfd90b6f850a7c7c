/* SPDX-License-Identifier: MIT
 *
 * Reports that leave the live screen: as text, or saved as new files below one directory, under
 * names of our own making, never over another file and never through a link.
 */
#ifndef CLI_SCREEN_SAVE_H
#define CLI_SCREEN_SAVE_H

#include "report/report.h"

#include <hops/err.h>

/* A zeroed struct has nothing to close. */
struct cli_screen_save {
    bool opened;
    int directory; /* descriptor */
    int failure;   /* not opened: errno */
};

/* Opens the directory (NULL: the current one), for which the sandbox must not be up yet. One that
 * was asked for must be there: HOPS_ERR_SYSTEM with a diag. */
enum hops_err cli_screen_save_open(struct cli_screen_save *save, const char *directory,
                                   struct hops_diag *diag) HOPS_MUST_USE;
void cli_screen_save_close(struct cli_screen_save *save);

/* What is to be saved. */
struct cli_report_file {
    const char *format; /* of report_format_find() */
    const char *target; /* for the name */
    int64_t seconds;    /* the time for the name, as if it were UTC, since 1970 */
    const struct report_input *report;
};

enum { CLI_REPORT_NAME = 128 };

/* Saves it as hops-TARGET-YYYYMMDD-HHMMSS.EXTENSION, with -2, -3 ... before the extension if there
 * is such a file already. False: errno says why, and nothing is left behind. */
bool cli_screen_save(const struct cli_screen_save *save, const struct cli_report_file *file,
                     char out_name[CLI_REPORT_NAME]);

/* The report as text, to be freed; NULL: no memory. */
char *cli_report_text(const char *format, const struct report_input *report);

#endif
