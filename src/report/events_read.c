/* SPDX-License-Identifier: MIT */
#include "report/events.h"

#include "base/diag.h"
#include "base/text.h"
#include "report/events_json.h"

#include <stdlib.h>
#include <string.h>

enum { TRACES_MAX = 65536 };

static const char *event_name(int i) {
    return hops_event_kind_name((enum hops_event_kind)i);
}

static const char *reply_name(int i) {
    return hops_reply_kind_name((enum hops_reply_kind)i);
}

static const char *round_reason_name(int i) {
    return hops_round_reason_name((enum hops_round_reason)i);
}

static const char *end_reason_name(int i) {
    return hops_end_reason_name((enum hops_end_reason)i);
}

static const char *call_name(int i) {
    return hops_call_name((enum hops_call)i);
}

static uint32_t get_u32(struct report_events_in *in, const json_t *object, const char *key) {
    return (uint32_t)report_events_get_int(in, object, key, 0, UINT32_MAX);
}

static uint16_t get_u16(struct report_events_in *in, const json_t *object, const char *key) {
    return (uint16_t)report_events_get_int(in, object, key, 0, UINT16_MAX);
}

static uint8_t get_u8(struct report_events_in *in, const json_t *object, const char *key) {
    return (uint8_t)report_events_get_int(in, object, key, 0, UINT8_MAX);
}

static uint8_t get_ttl(struct report_events_in *in, const json_t *object, const char *key,
                       uint8_t min) {
    return (uint8_t)report_events_get_int(in, object, key, min, HOPS_TTL_MAX);
}

/* An octet that may be unknown. */
static int16_t get_octet_or(struct report_events_in *in, const json_t *object, const char *key) {
    return (int16_t)report_events_get_int_or(in, object, key, 0, UINT8_MAX, -1);
}

static void get_probe(struct report_events_in *in, const json_t *line, struct hops_probe *out) {
    const json_t *probe = report_events_get_object(in, line, "probe");

    out->id = get_u32(in, probe, "id");
    out->round = get_u32(in, probe, "round");
    out->ttl = get_ttl(in, probe, "ttl", 1);
    out->sequence = get_u16(in, probe, "sequence");
    out->src_port = get_u16(in, probe, "src_port");
    out->dst_port = get_u16(in, probe, "dst_port");
    out->ip_id = get_u16(in, probe, "ip_id");
    out->tcp_seq = get_u32(in, probe, "tcp_seq");
}

/* Numbers of errnos differ between systems: the name counts if there is one. */
static void get_failure(struct report_events_in *in, const json_t *line,
                        struct hops_event_failure *out) {
    const json_t *failure = report_events_get_object(in, line, "failure");
    const json_t *name = report_events_get(in, failure, "errno");
    int number = (int)report_events_get_int(in, failure, "errno_number", 0, INT32_MAX);

    out->call = (enum hops_call)report_events_get_name(in, failure, "call", call_name,
                                                       HOPS_CALL_SENDTO + 1);
    out->os_errno = number;
    if (json_is_string(name)) {
        int known = hops_errno_from_name(json_string_value(name));
        out->os_errno = known != 0 ? known : number;
    } else if (name != NULL && !json_is_null(name)) {
        report_events_refuse(in, "errno", "is neither a string nor null");
    }
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return -1;
}

static void get_extensions(struct report_events_in *in, const json_t *reply,
                           struct hops_extensions *out) {
    if (json_is_null(report_events_get(in, reply, "extensions"))) {
        return;
    }
    const json_t *extensions = report_events_get_object(in, reply, "extensions");
    const char *raw = report_events_get_text(in, extensions, "raw");
    size_t digits = strlen(raw);

    out->present = true;
    out->malformed = report_events_get_bool(in, extensions, "malformed");
    out->truncated = report_events_get_bool(in, extensions, "truncated");
    if (digits % 2 != 0 || digits / 2 > HOPS_EXTENSIONS_MAX) {
        report_events_refuse(in, "raw", "has an impossible length");
        return;
    }
    for (size_t i = 0; i < digits / 2; i++) {
        int high = hex_value(raw[2 * i]);
        int low = hex_value(raw[2 * i + 1]);
        if (high < 0 || low < 0) {
            report_events_refuse(in, "raw", "is not hexadecimal");
            return;
        }
        out->octets[i] = (uint8_t)(high << 4 | low);
    }
    out->len = (uint16_t)(digits / 2);
}

static void get_reply(struct report_events_in *in, const json_t *line,
                      struct hops_event_reply *out) {
    const json_t *reply = report_events_get_object(in, line, "reply");

    out->kind = (enum hops_reply_kind)report_events_get_name(in, reply, "kind", reply_name,
                                                             HOPS_REPLY_UDP + 1);
    out->responder = report_events_get_addr(in, reply, "responder", false);
    out->icmp_type = get_u8(in, reply, "icmp_type");
    out->icmp_code = get_u8(in, reply, "icmp_code");
    out->is_target = report_events_get_bool(in, reply, "is_target");
    out->late = report_events_get_bool(in, reply, "late");
    out->coarse = report_events_get_bool(in, reply, "coarse");
    out->rtt = report_events_get_int(in, reply, "rtt", 0, INT64_MAX);
    out->ttl = get_octet_or(in, reply, "ttl");
    out->quoted_ttl = get_octet_or(in, reply, "quoted_ttl");
    out->tos = get_octet_or(in, reply, "tos");
    out->mtu = (uint16_t)report_events_get_int_or(in, reply, "mtu", 0, UINT16_MAX, 0);
    if (!json_is_null(report_events_get(in, reply, "checksums"))) {
        const json_t *checksums = report_events_get_object(in, reply, "checksums");
        out->has_checksums = true;
        out->checksum_expected = get_u16(in, checksums, "expected");
        out->checksum_actual = get_u16(in, checksums, "actual");
    }
    get_extensions(in, reply, &out->extensions);
}

static void get_round(struct report_events_in *in, const json_t *line,
                      struct hops_event_round *out) {
    out->round = get_u32(in, line, "round");
    out->reason = (enum hops_round_reason)report_events_get_name(
        in, line, "reason", round_reason_name, HOPS_ROUND_STOPPED + 1);
    out->largest_ttl = get_ttl(in, line, "largest_ttl", 0);
    out->target_ttl = (uint8_t)report_events_get_int_or(in, line, "target_ttl", 0, HOPS_TTL_MAX, 0);
}

static void get_path(struct report_events_in *in, const json_t *line, struct hops_event_path *out) {
    out->round = get_u32(in, line, "round");
    out->ttl = get_ttl(in, line, "ttl", 1);
    out->before = report_events_get_addr(in, line, "before", true);
    out->after = report_events_get_addr(in, line, "after", true);
}

static void get_event(struct report_events_in *in, const json_t *line, struct hops_event *out) {
    out->trace = get_u32(in, line, "trace");
    out->time = report_events_get_int(in, line, "t", INT64_MIN, INT64_MAX);
    switch (out->kind) {
    case HOPS_EVENT_SENT:
        get_probe(in, line, &out->probe);
        break;
    case HOPS_EVENT_SKIPPED:
    case HOPS_EVENT_FAILED:
        get_probe(in, line, &out->probe);
        get_failure(in, line, &out->u.failure);
        break;
    case HOPS_EVENT_REPLY:
        get_probe(in, line, &out->probe);
        get_reply(in, line, &out->u.reply);
        break;
    case HOPS_EVENT_ROUND:
        get_round(in, line, &out->u.round);
        break;
    case HOPS_EVENT_SETTLED:
        out->u.settled_round = get_u32(in, line, "round");
        break;
    case HOPS_EVENT_PATH:
        get_path(in, line, &out->u.path);
        break;
    case HOPS_EVENT_ERROR:
        get_failure(in, line, &out->u.failure);
        break;
    case HOPS_EVENT_END:
        out->u.end = (enum hops_end_reason)report_events_get_name(
            in, line, "reason", end_reason_name, HOPS_END_ERROR + 1);
        break;
    }
}

/* Copies text behind *at and moves *at past it. */
static const char *keep_text(char **at, const char *text) {
    size_t size = strlen(text) + 1;
    char *kept = memcpy(*at, text, size);

    *at += size;
    return kept;
}

/* Likewise, made fit to be shown and cut to REPORT_EVENTS_TEXT_MAX; null stays NULL. */
static const char *keep_clean(struct report_events_in *in, char **at, const json_t *object,
                              const char *key) {
    const json_t *member = report_events_get(in, object, key);
    char clean[REPORT_EVENTS_TEXT_MAX];

    if (member == NULL || json_is_null(member)) {
        return NULL;
    }
    if (!json_is_string(member)) {
        report_events_refuse(in, key, "is neither a string nor null");
        return NULL;
    }
    const char *text = json_string_value(member);
    (void)hops_text_sanitize(text, strlen(text), clean, sizeof(clean));
    return keep_text(at, clean);
}

static void get_as(struct report_events_in *in, char **at, const json_t *line,
                   struct report_events_line *out) {
    if (json_is_null(report_events_get(in, line, "as"))) {
        return;
    }
    const json_t *as = report_events_get_object(in, line, "as");
    out->as.number = keep_clean(in, at, as, "number");
    out->as.prefix = keep_clean(in, at, as, "prefix");
    out->as.country = keep_clean(in, at, as, "country");
    out->as.registry = keep_clean(in, at, as, "registry");
    out->as.allocated = keep_clean(in, at, as, "allocated");
    out->as.name = keep_clean(in, at, as, "name");
    out->name.as = &out->as;
}

static enum hops_err get_name_line(struct report_events_in *in, const json_t *line,
                                   struct report_events_line *out) {
    const json_t *names = report_events_get(in, line, "names");
    size_t count = json_array_size(names);

    if (names != NULL && !json_is_array(names)) {
        report_events_refuse(in, "names", "is not an array");
    }
    out->name.time = report_events_get_int(in, line, "t", INT64_MIN, INT64_MAX);
    out->name.addr = report_events_get_addr(in, line, "address", false);
    out->texts = malloc((1 + REPORT_EVENTS_NAMES_MAX + REPORT_EVENTS_AS_TEXTS) *
                        (size_t)REPORT_EVENTS_TEXT_MAX);
    if (out->texts == NULL) {
        return hops_diag_set(in->diag, HOPS_ERR_NOMEM, "out of memory");
    }
    char *at = out->texts;
    out->name.shown = keep_clean(in, &at, line, "shown");
    for (size_t i = 0; i < count && i < REPORT_EVENTS_NAMES_MAX && !in->bad; i++) {
        const json_t *text = json_array_get(names, i);
        char clean[REPORT_EVENTS_TEXT_MAX];
        if (!json_is_string(text)) {
            report_events_refuse(in, "names", "holds what is not a string");
            break;
        }
        (void)hops_text_sanitize(json_string_value(text), json_string_length(text), clean,
                                 sizeof(clean));
        out->names[out->name.count++] = keep_text(&at, clean);
    }
    get_as(in, &at, line, out);
    out->name.names = out->names;
    return in->bad ? HOPS_ERR_FORMAT : HOPS_OK;
}

/* The first recordings did not say it. */
static uint64_t get_limit(struct report_events_in *in, const json_t *line, const char *key) {
    if (json_object_get(line, key) == NULL) {
        return 0;
    }
    return (uint64_t)report_events_get_int(in, line, key, 0, INT64_MAX);
}

static enum hops_err get_start(struct report_events_in *in, const json_t *line, size_t line_len,
                               struct report_events_line *out) {
    const json_t *traces = report_events_get(in, line, "traces");
    const char *version = report_events_get_text(in, line, "version");
    size_t count = json_array_size(traces);

    out->start.time = report_events_get_int(in, line, "t", INT64_MIN, INT64_MAX);
    out->start.wall_ns = report_events_get_int(in, line, "wall", INT64_MIN, INT64_MAX);
    out->start.max_samples = get_limit(in, line, "max_samples");
    out->start.max_flows = get_limit(in, line, "max_flows");
    if (traces != NULL && (!json_is_array(traces) || count > TRACES_MAX)) {
        report_events_refuse(in, "traces", "is not an array of a possible length");
    }
    if (in->bad) {
        return HOPS_ERR_FORMAT;
    }
    /* Each text is shorter than its spelling in the line, quotes and all. */
    out->texts = malloc(line_len + 1);
    out->owned = calloc(count + 1, sizeof(*out->owned));
    if (out->texts == NULL || out->owned == NULL) {
        return hops_diag_set(in->diag, HOPS_ERR_NOMEM, "out of memory");
    }
    char *at = out->texts;
    out->start.program_version = keep_text(&at, version);
    for (size_t i = 0; i < count && !in->bad; i++) {
        const json_t *trace = json_array_get(traces, i);
        (void)report_events_get_int(in, trace, "trace", (json_int_t)i, (json_int_t)i);
        out->owned[i].target = keep_text(&at, report_events_get_text(in, trace, "target"));
        report_events_get_config(in, report_events_get_object(in, trace, "config"),
                                 &out->owned[i].config);
    }
    out->start.traces = out->owned;
    out->start.count = (uint32_t)count;
    return in->bad ? HOPS_ERR_FORMAT : HOPS_OK;
}

static enum hops_err get_line(struct report_events_in *in, const json_t *line, size_t line_len,
                              struct report_events_line *out) {
    json_int_t version = report_events_get_int(in, line, "v", 0, INT32_MAX);
    const char *name = report_events_get_text(in, line, "event");

    if (in->bad) {
        return HOPS_ERR_FORMAT;
    }
    if (version != REPORT_EVENTS_VERSION) {
        return hops_diag_set(in->diag, HOPS_ERR_FORMAT,
                             "schema version %d: this program reads version %d", (int)version,
                             REPORT_EVENTS_VERSION);
    }
    if (strcmp(name, "name") == 0) {
        out->kind = REPORT_EVENTS_NAME;
        return get_name_line(in, line, out);
    }
    if (strcmp(name, "start") == 0) {
        out->kind = REPORT_EVENTS_START;
        return get_start(in, line, line_len, out);
    }
    for (int i = 0; i <= HOPS_EVENT_END; i++) {
        if (strcmp(name, event_name(i)) == 0) {
            out->kind = REPORT_EVENTS_EVENT;
            out->event.kind = (enum hops_event_kind)i;
            get_event(in, line, &out->event);
            return in->bad ? HOPS_ERR_FORMAT : HOPS_OK;
        }
    }
    out->kind = REPORT_EVENTS_OTHER;
    return HOPS_OK;
}

enum hops_err report_events_read(const char *text, size_t len, struct report_events_line *out,
                                 struct hops_diag *diag) {
    struct report_events_in in = {.diag = diag};
    struct report_events_line result = {.kind = REPORT_EVENTS_OTHER};
    json_error_t error;
    json_t *line = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);

    if (line == NULL) {
        if (json_error_code(&error) == json_error_out_of_memory) {
            return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
        }
        /* The parser's own words quote the input, which may hold anything. */
        return hops_diag_set(diag, HOPS_ERR_FORMAT, "not JSON, at octet %d", error.position);
    }
    enum hops_err err = HOPS_ERR_FORMAT;
    if (!json_is_object(line)) {
        (void)hops_diag_set(diag, err, "not a JSON object");
    } else {
        err = get_line(&in, line, len, &result);
    }
    json_decref(line);
    if (err != HOPS_OK) {
        report_events_line_done(&result);
        return err;
    }
    *out = result;
    if (out->kind == REPORT_EVENTS_NAME) {
        out->name.names = out->names;
        out->name.as = out->name.as == NULL ? NULL : &out->as;
    }
    return HOPS_OK;
}

void report_events_line_done(struct report_events_line *line) {
    free(line->owned);
    free(line->texts);
    line->owned = NULL;
    line->texts = NULL;
}
