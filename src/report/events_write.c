/* SPDX-License-Identifier: MIT */
#include "report/events.h"

#include "base/text.h"
#include "report/events_json.h"

#include <hops/extension.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void report_events_writer_init(struct report_events_writer *writer, FILE *out) {
    *writer = (struct report_events_writer){.out = out};
}

void report_events_writer_done(struct report_events_writer *writer) {
    free(writer->line);
    *writer = (struct report_events_writer){0};
}

/* Room for len octets and a newline. */
static bool reserve(struct report_events_writer *writer, size_t len) {
    if (len < writer->room) {
        return true;
    }
    size_t room = 2 * len + 1024;
    char *line = realloc(writer->line, room);
    if (line == NULL) {
        return false;
    }
    writer->line = line;
    writer->room = room;
    return true;
}

/* Writes the object as a line and frees it; NULL stands for lack of memory. */
static bool put_line(struct report_events_writer *writer, json_t *object) {
    /* Only ASCII: whatever a name holds, the line is safe to look at on a terminal. */
    const size_t flags = JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_ENSURE_ASCII;
    size_t len = 0;
    bool fits = false;

    if (object != NULL && reserve(writer, 0)) {
        len = json_dumpb(object, writer->line, writer->room, flags);
        fits = len < writer->room;
        if (!fits && reserve(writer, len)) {
            fits = json_dumpb(object, writer->line, writer->room, flags) == len;
        }
    }
    json_decref(object);
    if (len == 0 || !fits) {
        errno = ENOMEM;
        return false;
    }
    writer->line[len] = '\n';
    errno = 0;
    return fwrite(writer->line, 1, len + 1, writer->out) == len + 1;
}

bool report_events_flush(struct report_events_writer *writer) {
    errno = 0;
    if (ferror(writer->out) != 0) {
        errno = EIO; /* the cause was told when it happened */
        return false;
    }
    return fflush(writer->out) == 0;
}

/* A number, or null for the value that means "not known". */
static json_t *number_unless(json_int_t value, json_int_t unknown) {
    return value == unknown ? json_null() : json_integer(value);
}

static json_t *hex_json(const uint8_t *octets, size_t len) {
    static const char digits[] = "0123456789abcdef";
    char text[2 * HOPS_EXTENSIONS_MAX + 1];
    size_t n = len > HOPS_EXTENSIONS_MAX ? (size_t)HOPS_EXTENSIONS_MAX : len;

    for (size_t i = 0; i < n; i++) {
        text[2 * i] = digits[octets[i] >> 4];
        text[2 * i + 1] = digits[octets[i] & 15];
    }
    return json_stringn(text, 2 * n);
}

/* Extension objects, for readers who do not want to decode them. */

static json_t *mpls_json(const struct hops_extension *object) {
    json_t *entries = json_array();
    struct hops_mpls entry;
    size_t at = 0;

    while (hops_extension_next_mpls(object, &at, &entry)) {
        (void)json_array_append_new(entries,
                                    json_pack("{s:i,s:i,s:b,s:i}", "label", (int)entry.label, "exp",
                                              entry.exp, "bottom", entry.bottom, "ttl", entry.ttl));
    }
    return entries;
}

static json_t *interface_json(const struct hops_interface_info *info) {
    static const char *const roles[4] = {"incoming", "sub-ip", "outgoing", "next-hop"};
    char name[4 * sizeof(info->name)];
    json_t *out = json_pack("{s:s}", "role", roles[info->role & 3]);

    /* Setting in a NULL object, or a NULL value, fails and frees the value: nothing to undo. */
    if (info->has_index) {
        (void)json_object_set_new(out, "index", json_integer(info->index));
    }
    if (info->has_addr) {
        (void)json_object_set_new(out, "address", report_events_addr(&info->addr));
    }
    if (info->has_name) {
        (void)hops_text_sanitize(info->name, strnlen(info->name, sizeof(info->name)), name,
                                 sizeof(name));
        (void)json_object_set_new(out, "name", json_string(name));
    }
    if (info->has_mtu) {
        (void)json_object_set_new(out, "mtu", json_integer(info->mtu));
    }
    return out;
}

static json_t *objects_json(const struct hops_extensions *extensions) {
    json_t *objects = json_array();
    struct hops_extension object;
    size_t at = 0;

    while (hops_extension_next(extensions, &at, &object)) {
        struct hops_interface_info info;
        json_t *out =
            json_pack("{s:i,s:i,s:o}", "class", object.class_num, "subtype", object.class_subtype,
                      "payload", hex_json(object.payload, object.len));
        if (object.class_num == HOPS_EXTENSION_MPLS) {
            (void)json_object_set_new(out, "mpls", mpls_json(&object));
        } else if (hops_extension_interface_info(&object, &info)) {
            (void)json_object_set_new(out, "interface", interface_json(&info));
        }
        (void)json_array_append_new(objects, out);
    }
    return objects;
}

static json_t *extensions_json(const struct hops_extensions *extensions) {
    if (!extensions->present) {
        return json_null();
    }
    return json_pack("{s:b,s:b,s:o,s:o}", "malformed", extensions->malformed, "truncated",
                     extensions->truncated, "raw", hex_json(extensions->octets, extensions->len),
                     "objects", objects_json(extensions));
}

static json_t *probe_json(const struct hops_probe *probe) {
    return json_pack("{s:I,s:I,s:i,s:i,s:i,s:i,s:i,s:I}", "id", (json_int_t)probe->id, "round",
                     (json_int_t)probe->round, "ttl", probe->ttl, "sequence", probe->sequence,
                     "src_port", probe->src_port, "dst_port", probe->dst_port, "ip_id",
                     probe->ip_id, "tcp_seq", (json_int_t)probe->tcp_seq);
}

static json_t *failure_json(const struct hops_event_failure *failure) {
    return json_pack("{s:s,s:s?,s:i}", "call", hops_call_name(failure->call), "errno",
                     hops_errno_name(failure->os_errno), "errno_number", failure->os_errno);
}

static json_t *checksums_json(const struct hops_event_reply *reply) {
    if (!reply->has_checksums) {
        return json_null();
    }
    return json_pack("{s:i,s:i}", "expected", reply->checksum_expected, "actual",
                     reply->checksum_actual);
}

static json_t *reply_json(const struct hops_event_reply *reply) {
    return json_pack(
        "{s:s,s:o,s:i,s:i,s:b,s:b,s:b,s:I,s:o,s:o,s:o,s:o,s:o,s:o}", "kind",
        hops_reply_kind_name(reply->kind), "responder", report_events_addr(&reply->responder),
        "icmp_type", reply->icmp_type, "icmp_code", reply->icmp_code, "is_target", reply->is_target,
        "late", reply->late, "coarse", reply->coarse, "rtt", (json_int_t)reply->rtt, "ttl",
        number_unless(reply->ttl, -1), "quoted_ttl", number_unless(reply->quoted_ttl, -1), "tos",
        number_unless(reply->tos, -1), "mtu", number_unless(reply->mtu, 0), "checksums",
        checksums_json(reply), "extensions", extensions_json(&reply->extensions));
}

/* Adds members; consumes more, and out too if that fails. */
static json_t *with(json_t *out, json_t *more) {
    if (out == NULL || more == NULL || json_object_update(out, more) != 0) {
        json_decref(out);
        out = NULL;
    }
    json_decref(more);
    return out;
}

static json_t *body_json(const struct hops_event *event) {
    switch (event->kind) {
    case HOPS_EVENT_SENT:
        return json_pack("{s:o}", "probe", probe_json(&event->probe));
    case HOPS_EVENT_SKIPPED:
    case HOPS_EVENT_FAILED:
        return json_pack("{s:o,s:o}", "probe", probe_json(&event->probe), "failure",
                         failure_json(&event->u.failure));
    case HOPS_EVENT_REPLY:
        return json_pack("{s:o,s:o}", "probe", probe_json(&event->probe), "reply",
                         reply_json(&event->u.reply));
    case HOPS_EVENT_ROUND:
        return json_pack("{s:I,s:s,s:i,s:o}", "round", (json_int_t)event->u.round.round, "reason",
                         hops_round_reason_name(event->u.round.reason), "largest_ttl",
                         event->u.round.largest_ttl, "target_ttl",
                         number_unless(event->u.round.target_ttl, 0));
    case HOPS_EVENT_SETTLED:
        return json_pack("{s:I}", "round", (json_int_t)event->u.settled_round);
    case HOPS_EVENT_PATH:
        return json_pack("{s:I,s:i,s:o,s:o}", "round", (json_int_t)event->u.path.round, "ttl",
                         event->u.path.ttl, "before", report_events_addr(&event->u.path.before),
                         "after", report_events_addr(&event->u.path.after));
    case HOPS_EVENT_ERROR:
        return json_pack("{s:o}", "failure", failure_json(&event->u.failure));
    case HOPS_EVENT_END:
        return json_pack("{s:s}", "reason", hops_end_reason_name(event->u.end));
    }
    return NULL;
}

bool report_events_write(struct report_events_writer *writer, const struct hops_event *event) {
    json_t *line = json_pack("{s:i,s:s,s:I,s:I}", "v", REPORT_EVENTS_VERSION, "event",
                             hops_event_kind_name(event->kind), "trace", (json_int_t)event->trace,
                             "t", (json_int_t)event->time);

    return put_line(writer, with(line, body_json(event)));
}

/* The typed name is untrusted: jansson takes UTF-8 only, so what is not is written as DNS would. */
static json_t *typed_name_json(const char *text) {
    json_t *out = json_string(text);

    if (out == NULL) {
        char clean[1024];
        (void)hops_text_sanitize(text, strlen(text), clean, sizeof(clean));
        out = json_string(clean);
    }
    return out;
}

/* A text of a name server, or null. Names are shown clean wherever they end up: so clean is how
 * they are kept. */
static json_t *text_json(const char *text) {
    char clean[REPORT_EVENTS_TEXT_MAX];

    if (text == NULL) {
        return json_null();
    }
    (void)hops_text_sanitize(text, strlen(text), clean, sizeof(clean));
    return json_string(clean);
}

static json_t *as_json(const struct report_events_as *as) {
    if (as == NULL) {
        return json_null();
    }
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o}", "number", text_json(as->number), "prefix",
                     text_json(as->prefix), "country", text_json(as->country), "registry",
                     text_json(as->registry), "allocated", text_json(as->allocated), "name",
                     text_json(as->name));
}

bool report_events_write_name(struct report_events_writer *writer,
                              const struct report_events_name *name) {
    json_t *names = json_array();

    for (size_t i = 0; i < name->count && i < REPORT_EVENTS_NAMES_MAX; i++) {
        if (json_array_append_new(names, text_json(name->names[i])) != 0) {
            json_decref(names);
            names = NULL;
        }
    }
    if (names == NULL) {
        errno = ENOMEM;
        return false;
    }
    return put_line(writer,
                    json_pack("{s:i,s:s,s:I,s:o,s:o,s:o,s:o}", "v", REPORT_EVENTS_VERSION, "event",
                              "name", "t", (json_int_t)name->time, "address",
                              report_events_addr(&name->addr), "shown", text_json(name->shown),
                              "names", names, "as", as_json(name->as)));
}

bool report_events_write_start(struct report_events_writer *writer,
                               const struct report_events_start *start) {
    json_t *traces = json_array();
    bool complete = traces != NULL;

    for (uint32_t i = 0; i < start->count && complete; i++) {
        json_t *trace = json_pack("{s:I,s:o,s:o}", "trace", (json_int_t)i, "target",
                                  typed_name_json(start->traces[i].target), "config",
                                  report_events_config(&start->traces[i].config));
        complete = json_array_append_new(traces, trace) == 0;
    }
    if (!complete) {
        json_decref(traces);
        errno = ENOMEM;
        return false;
    }
    return put_line(
        writer, json_pack("{s:i,s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:o}", "v", REPORT_EVENTS_VERSION,
                          "event", "start", "program", "hops", "version", start->program_version,
                          "t", (json_int_t)start->time, "wall", (json_int_t)start->wall_ns,
                          "max_samples", (json_int_t)(start->max_samples & INT64_MAX), "max_flows",
                          (json_int_t)(start->max_flows & INT64_MAX), "traces", traces));
}
