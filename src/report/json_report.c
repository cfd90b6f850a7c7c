/* SPDX-License-Identifier: MIT
 *
 * The JSON document of a trace. Its numbers with fractions are strings and absent times "0.00",
 * because scripts have come to rely on that.
 */
#include "report/fields.h"
#include "report/json.h"

#include "base/unreachable.h"

#include <errno.h>

static void write_info(struct report_json *json, const struct report_input *input,
                       const struct report_target *target) {
    char addr[HOPS_ADDR_TEXT_MAX];
    char stamp[REPORT_STAMP_MAX];

    report_json_object(json, "info");
    report_json_object(json, "target");
    report_json_string(json, "ip", hops_addr_format(&target->addr, addr));
    report_json_string(json, "hostname", target->name);
    report_json_close(json);
    report_json_string(json, "start_timestamp", report_stamp(&input->start, stamp));
    report_json_string(json, "end_timestamp", report_stamp(&input->end, stamp));
    report_json_close(json);
}

/* False if memory ran out. */
static bool write_hosts(struct report_json *json, const struct hops_hop *hop,
                        const struct hops_names *names) {
    struct report_buf name = {0};
    char addr[HOPS_ADDR_TEXT_MAX];

    report_json_array(json, "hosts");
    for (size_t i = 0; i < hop->addr_count; i++) {
        report_buf_clear(&name);
        report_add_name(&name, names, &hop->addrs[i].addr);
        if (name.bad) {
            break;
        }
        report_json_object(json, NULL);
        report_json_string(json, "ip", hops_addr_format(&hop->addrs[i].addr, addr));
        report_json_string(json, "hostname", report_buf_text(&name));
        report_json_close(json);
    }
    report_json_close(json);

    bool complete = !name.bad;
    report_buf_done(&name);
    return complete;
}

static void write_mpls(struct report_json *json, const struct hops_extension *object) {
    struct hops_mpls entry;
    size_t at = 0;

    report_json_object(json, "mpls");
    report_json_array(json, "members");
    while (hops_extension_next_mpls(object, &at, &entry)) {
        report_json_object(json, NULL);
        report_json_number(json, "label", entry.label);
        report_json_number(json, "exp", entry.exp);
        report_json_number(json, "bos", entry.bottom ? 1 : 0);
        report_json_number(json, "ttl", entry.ttl);
        report_json_close(json);
    }
    report_json_close(json);
    report_json_close(json);
}

static void write_unknown(struct report_json *json, const struct hops_extension *object) {
    report_json_object(json, "unknown");
    report_json_number(json, "class_num", object->class_num);
    report_json_number(json, "class_subtype", object->class_subtype);
    report_json_array(json, "bytes");
    for (size_t i = 0; i < object->len; i++) {
        report_json_number(json, NULL, object->payload[i]);
    }
    report_json_close(json);
    report_json_close(json);
}

static void write_extensions(struct report_json *json, const struct hops_extensions *extensions) {
    struct hops_extension object;
    size_t at = 0;

    report_json_array(json, "extensions");
    while (extensions != NULL && hops_extension_next(extensions, &at, &object)) {
        report_json_object(json, NULL);
        if (object.class_num == HOPS_EXTENSION_MPLS) {
            write_mpls(json, &object);
        } else {
            write_unknown(json, &object);
        }
        report_json_close(json);
    }
    report_json_close(json);
}

static void write_fixed(struct report_json *json, const char *key, char code,
                        const struct report_row *row) {
    char text[REPORT_NUMBER_MAX];
    double value;

    (void)report_column_value(code, row, &value);
    report_json_string(json, key, report_fixed(value, 2, text));
}

static const char *nat_word(enum hops_nat_status nat) {
    switch (nat) {
    case HOPS_NAT_NOT_APPLICABLE:
        return "null";
    case HOPS_NAT_NOT_DETECTED:
        return "false";
    case HOPS_NAT_DETECTED:
        return "true";
    }
    hops_unreachable();
}

static bool write_hop(struct report_json *json, const struct report_row *row,
                      const struct hops_names *names) {
    const struct hops_hop *hop = row->hop;

    report_json_object(json, NULL);
    report_json_number(json, "ttl", hop->ttl);
    bool complete = write_hosts(json, hop, names);
    write_extensions(json, hop->extensions);
    write_fixed(json, "loss_pct", 'l', row);
    report_json_number(json, "sent", hop->sent);
    write_fixed(json, "last", 'a', row);
    report_json_number(json, "recv", hop->received);
    write_fixed(json, "avg", 'v', row);
    write_fixed(json, "best", 'b', row);
    write_fixed(json, "worst", 'w', row);
    write_fixed(json, "stddev", 'd', row);
    write_fixed(json, "jitter", 'j', row);
    write_fixed(json, "javg", 'g', row);
    write_fixed(json, "jmax", 'x', row);
    write_fixed(json, "jinta", 'i', row);
    report_json_word(json, "nat", nat_word(hop->nat));
    report_json_number(json, "tos", hop->tos < 0 ? 0 : (uint64_t)hop->tos);
    report_json_close(json);
    return complete;
}

static bool write_document(struct report_json *json, const struct report_input *input,
                           const struct report_target *target) {
    struct hops_hop hop;
    unsigned ttl = 0;
    bool complete = true;

    report_json_object(json, NULL);
    write_info(json, input, target);
    report_json_array(json, "hops");
    while (complete && report_next_hop(target, &ttl, &hop)) {
        struct report_row row = {.hop = &hop, .stats = target->stats};
        complete = write_hop(json, &row, input->names);
    }
    report_json_close(json);
    report_json_close(json);
    return complete;
}

bool report_json(FILE *out, const struct report_input *input) {
    struct report_json json;
    bool complete = true;

    errno = 0;
    report_json_init(&json, out);
    if (input->count > 1) {
        report_json_array(&json, NULL);
    }
    for (size_t t = 0; t < input->count && complete; t++) {
        complete = write_document(&json, input, &input->targets[t]);
    }
    if (input->count > 1) {
        report_json_close(&json);
    }
    if (!complete) {
        errno = ENOMEM;
        return false;
    }
    return report_flush(out);
}
