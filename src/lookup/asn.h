/* SPDX-License-Identifier: MIT
 *
 * What the IP-to-ASN service of Team Cymru writes into its TXT records.
 */
#ifndef LOOKUP_ASN_H
#define LOOKUP_ASN_H

#include "lookup/text.h"

#include <stdbool.h>

enum { LOOKUP_ASN_FIELDS = 5 };

struct lookup_asn_record {
    const char *field[LOOKUP_ASN_FIELDS]; /* borrowed from text */
    char text[LOOKUP_TEXT_MAX];
};

/* Five fields with four `|` between, white space around them removed. */
bool lookup_asn_split(const char *text, struct lookup_asn_record *out);

/* Of the records of an address the one with the longest prefix; of several origins in it the first.
 * False: there is none that can be read. */
bool lookup_asn_origin(const struct lookup_records *records, struct lookup_asn_record *out);

#endif
