/* SPDX-License-Identifier: MIT
 *
 * What name servers send, and the files that say who is asked: DNS answers (PTR and TXT), the texts
 * of the AS service in them, resolv.conf, hosts and server addresses. The first octet chooses.
 */
#include "fuzz.h"
#include "text_check.h"

#include <hops/addr.h>

#include <string.h>

#include "base/bytes.h"
#include "lookup/answer.h"
#include "lookup/asn.h"
#include "lookup/files.h"
#include "lookup/question.h"

static void asn(const char *text) {
    struct lookup_asn_record record;
    char question[LOOKUP_QUESTION_MAX];

    if (!lookup_asn_split(text, &record)) {
        return;
    }
    for (size_t i = 0; i < LOOKUP_ASN_FIELDS; i++) {
        FUZZ_CHECK(record.field[i] >= record.text &&
                   record.field[i] + strlen(record.field[i]) < record.text + sizeof(record.text));
    }
    if (lookup_question_as(record.field[0], question)) {
        for (const char *c = question; *c != '\0'; c++) {
            FUZZ_CHECK(strchr("ASasn0123456789.cymruo", *c) != NULL);
        }
    }
}

static void answer(const uint8_t *data, size_t size, unsigned type) {
    struct lookup_records records = {0};
    struct lookup_asn_record origin;

    if (!lookup_answer_parse(data, size, type, &records)) {
        return;
    }
    FUZZ_CHECK(records.count <= LOOKUP_TEXTS_MAX);
    for (size_t i = 0; i < records.count; i++) {
        fuzz_check_clean(records.text[i], sizeof(records.text[i]));
        asn(records.text[i]);
    }
    (void)lookup_asn_origin(&records, &origin);
}

static void hosts(const char *text, size_t len) {
    struct lookup_hosts hosts = {0};

    if (lookup_hosts_parse(text, len, &hosts)) {
        for (size_t i = 0; i < hosts.count; i++) {
            FUZZ_CHECK(hosts.list[i].name != NULL);
            FUZZ_CHECK(lookup_hosts_find(&hosts, &hosts.list[i].addr) != NULL);
        }
    }
    lookup_hosts_done(&hosts);
}

static void server(const char *text) {
    struct lookup_server one;

    if (lookup_server_parse(text, &one)) {
        FUZZ_CHECK(one.addr.family == HOPS_IPV4 || one.addr.family == HOPS_IPV6);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct lookup_server servers[LOOKUP_SERVERS_MAX];
    char *text;

    if (size == 0) {
        return 0;
    }
    switch (data[0] % 5) {
    case 0:
        answer(data + 1, size - 1, LOOKUP_TYPE_PTR);
        break;
    case 1:
        answer(data + 1, size - 1, LOOKUP_TYPE_TXT);
        break;
    case 2:
        FUZZ_CHECK(lookup_resolv_parse((const char *)data + 1, size - 1, servers) <=
                   LOOKUP_SERVERS_MAX);
        break;
    case 3:
        hosts((const char *)data + 1, size - 1);
        break;
    default:
        text = fuzz_string(data + 1, size - 1);
        server(text);
        asn(text);
        free(text);
        break;
    }
    return 0;
}
