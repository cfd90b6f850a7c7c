/* SPDX-License-Identifier: MIT */
#include "net/cmsg.h"

#include "net/sockaddr.h"

#include <hops/addr.h>

#include <assert.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>
/* needs struct timespec, and does not say so */
#include <linux/errqueue.h>

/* Both newer than the headers of the oldest system we build on. */
#define FLOWINFO_TYPE   11   /* IPV6_FLOWINFO of linux/in6.h */
#define STAMP_ID_TYPE   81   /* SCM_TS_OPT_ID */
#define RFC4884_INVALID 0x01 /* SO_EE_RFC4884_FLAG_INVALID */

static bool copy_out(void *out, size_t want, const uint8_t *data, size_t len) {
    if (len < want) {
        return false;
    }
    memcpy(out, data, want);
    return true;
}

static int16_t read_small(const uint8_t *data, size_t len) {
    int value = 0;

    /* IP_TOS comes as one octet, everything else as an int. */
    if (len == 1) {
        return data[0];
    }
    if (!copy_out(&value, sizeof(value), data, len) || value < 0 || value > 255) {
        return -1;
    }
    return (int16_t)value;
}

static hops_ns read_stamp(const uint8_t *data, size_t len) {
    struct timespec ts = {0};
    hops_ns seconds; /* of 64 bits on every system */

    /* SCM_TIMESTAMPING has three of them: software first. */
    if (!copy_out(&ts, sizeof(ts), data, len)) {
        return 0;
    }
    seconds = ts.tv_sec;
    if (seconds < 0 || seconds >= HOPS_NEVER / HOPS_SEC || ts.tv_nsec < 0 ||
        ts.tv_nsec >= HOPS_SEC) {
        return 0;
    }
    return seconds * HOPS_SEC + (hops_ns)ts.tv_nsec;
}

static void read_error(const uint8_t *data, size_t len, struct hops_net_error *out) {
    struct sock_extended_err ee;
    struct hops_net_error error = {.present = true};

    if (!copy_out(&ee, sizeof(ee), data, len)) {
        return;
    }
    error.origin = ee.ee_origin;
    error.type = ee.ee_type;
    error.code = ee.ee_code;
    error.os_errno = (int)ee.ee_errno;
    error.info = ee.ee_info;
    error.data = ee.ee_data;
    if (ee.ee_origin == SO_EE_ORIGIN_ICMP || ee.ee_origin == SO_EE_ORIGIN_ICMP6) {
        struct sock_ee_data_rfc4884 rfc4884;

        static_assert(sizeof(rfc4884) == sizeof(ee.ee_data), "shares its place with ee_data");
        memcpy(&rfc4884, &ee.ee_data, sizeof(rfc4884));
        error.extensions_at = rfc4884.len;
        error.extensions_invalid = (rfc4884.flags & RFC4884_INVALID) != 0;
    }
    error.offender = hops_net_sockaddr_get(data + sizeof(ee), len - sizeof(ee), NULL);
    *out = error;
}

static void read_pktinfo4(const uint8_t *data, size_t len, struct hops_net_cmsgs *out) {
    struct in_pktinfo info;
    uint8_t octets[4];

    if (copy_out(&info, sizeof(info), data, len)) {
        memcpy(octets, &info.ipi_addr, sizeof(octets));
        out->local = hops_addr_ipv4(octets);
        out->interface = (uint32_t)info.ipi_ifindex;
    }
}

static void read_pktinfo6(const uint8_t *data, size_t len, struct hops_net_cmsgs *out) {
    struct in6_pktinfo info;
    uint8_t octets[16];

    if (copy_out(&info, sizeof(info), data, len)) {
        memcpy(octets, &info.ipi6_addr, sizeof(octets));
        out->local = hops_addr_ipv6(octets, 0);
        out->local.scope = hops_addr_is_link_local(&out->local) ? (uint32_t)info.ipi6_ifindex : 0;
        out->interface = (uint32_t)info.ipi6_ifindex;
    }
}

static void read_socket_level(int type, const uint8_t *data, size_t len,
                              struct hops_net_cmsgs *out) {
    switch (type) {
    case SCM_TIMESTAMPNS:
    case SCM_TIMESTAMPING:
        out->stamp = read_stamp(data, len);
        break;
    case SO_RXQ_OVFL:
        out->overflow_known = copy_out(&out->overflow, sizeof(out->overflow), data, len);
        break;
    default:
        break;
    }
}

static void read_ip_level(int type, const uint8_t *data, size_t len, struct hops_net_cmsgs *out) {
    switch (type) {
    case IP_TTL:
        out->ttl = read_small(data, len);
        break;
    case IP_TOS:
        out->tos = read_small(data, len);
        break;
    case IP_PKTINFO:
        read_pktinfo4(data, len, out);
        break;
    case IP_RECVERR:
        read_error(data, len, &out->error);
        break;
    default:
        break;
    }
}

static void read_ipv6_level(int type, const uint8_t *data, size_t len, struct hops_net_cmsgs *out) {
    switch (type) {
    case IPV6_HOPLIMIT:
        out->ttl = read_small(data, len);
        break;
    case IPV6_TCLASS:
        out->tos = read_small(data, len);
        break;
    case IPV6_PKTINFO:
        read_pktinfo6(data, len, out);
        break;
    case IPV6_RECVERR:
        read_error(data, len, &out->error);
        break;
    default:
        break;
    }
}

void hops_net_cmsg_read(struct msghdr *msg, struct hops_net_cmsgs *out) {
    const uint8_t *end = (const uint8_t *)msg->msg_control + msg->msg_controllen;

    *out = (struct hops_net_cmsgs){.ttl = -1, .tos = -1};
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
        const uint8_t *data = CMSG_DATA(c);
        size_t len;

        if (c->cmsg_len < CMSG_LEN(0)) {
            return;
        }
        len = c->cmsg_len - CMSG_LEN(0);
        if (len > (size_t)(end - data)) {
            return; /* CMSG_FIRSTHDR() looks only whether the header is there */
        }
        switch (c->cmsg_level) {
        case SOL_SOCKET:
            read_socket_level(c->cmsg_type, data, len, out);
            break;
        case SOL_IP:
            read_ip_level(c->cmsg_type, data, len, out);
            break;
        case SOL_IPV6:
            read_ipv6_level(c->cmsg_type, data, len, out);
            break;
        default:
            break;
        }
    }
}

/* Writing. */

static void put(struct hops_net_control *control, int level, int type, const void *data,
                size_t len) {
    struct cmsghdr header = {
        .cmsg_len = (socklen_t)CMSG_LEN(len), .cmsg_level = level, .cmsg_type = type};
    uint8_t *at = control->octets + control->len;

    assert(control->len + CMSG_SPACE(len) <= sizeof(control->octets));
    memset(at, 0, CMSG_SPACE(len));
    memcpy(at, &header, sizeof(header));
    memcpy(at + CMSG_LEN(0), data, len);
    control->len += CMSG_SPACE(len);
}

static void put_int(struct hops_net_control *control, int level, int type, int value) {
    put(control, level, type, &value, sizeof(value));
}

void hops_net_control_clear(struct hops_net_control *control) {
    control->len = 0;
}

void hops_net_control_ttl(struct hops_net_control *control, enum hops_family family, uint8_t ttl) {
    if (family == HOPS_IPV6) {
        put_int(control, SOL_IPV6, IPV6_HOPLIMIT, ttl);
    } else {
        put_int(control, SOL_IP, IP_TTL, ttl);
    }
}

void hops_net_control_tos(struct hops_net_control *control, enum hops_family family, uint8_t tos) {
    if (family == HOPS_IPV6) {
        put_int(control, SOL_IPV6, IPV6_TCLASS, tos);
    } else {
        put_int(control, SOL_IP, IP_TOS, tos);
    }
}

void hops_net_control_source(struct hops_net_control *control, const struct hops_addr *source) {
    if (source->family == HOPS_IPV6) {
        struct in6_pktinfo info = {0};

        memcpy(&info.ipi6_addr, source->octets, sizeof(info.ipi6_addr));
        info.ipi6_ifindex = hops_addr_is_link_local(source) ? source->scope : 0;
        put(control, SOL_IPV6, IPV6_PKTINFO, &info, sizeof(info));
    } else if (source->family == HOPS_IPV4) {
        struct in_pktinfo info = {0};

        memcpy(&info.ipi_spec_dst, source->octets, sizeof(info.ipi_spec_dst));
        put(control, SOL_IP, IP_PKTINFO, &info, sizeof(info));
    }
}

void hops_net_control_flow_label(struct hops_net_control *control, uint32_t label) {
    uint32_t wire = htonl(label & 0xfffff);

    put(control, SOL_IPV6, FLOWINFO_TYPE, &wire, sizeof(wire));
}

void hops_net_control_stamp_id(struct hops_net_control *control, uint32_t id) {
    put(control, SOL_SOCKET, STAMP_ID_TYPE, &id, sizeof(id));
}

void hops_net_control_attach(struct hops_net_control *control, struct msghdr *msg) {
    msg->msg_control = control->len == 0 ? NULL : control->octets;
    msg->msg_controllen = (socklen_t)control->len;
}
