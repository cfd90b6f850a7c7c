/* SPDX-License-Identifier: MIT
 *
 * ICMP extension objects (RFC 4884) as they came in a reply, and how to read them: MPLS label
 * stacks (RFC 4950), interface information (RFC 5837), anything else as octets.
 */
#ifndef HOPS_EXTENSION_H
#define HOPS_EXTENSION_H

#include <hops/addr.h>
#include <hops/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The object area of an extension structure. present and len 0: there was a structure, but nothing
 * readable in it (another version). */
struct hops_extensions {
    bool present;
    bool malformed; /* checksum wrong, or an object lied about its length: what is here came before
                     */
    bool truncated; /* there was more than HOPS_EXTENSIONS_MAX octets */
    uint16_t len;   /* octets used of octets[] */
    uint8_t octets[HOPS_EXTENSIONS_MAX];
};

enum {
    HOPS_EXTENSION_MPLS = 1,           /* RFC 4950 */
    HOPS_EXTENSION_INTERFACE_INFO = 2, /* RFC 5837 */
    HOPS_EXTENSION_INTERFACE_ID = 3    /* RFC 8335 */
};

/* One object; payload points into the hops_extensions it came from (borrows). */
struct hops_extension {
    uint8_t class_num;
    uint8_t class_subtype;
    uint16_t len; /* octets of payload */
    const uint8_t *payload;
};

/* Walks the objects: start with *offset = 0; false when there is no further whole object. */
HOPS_API bool hops_extension_next(const struct hops_extensions *extensions, size_t *offset,
                                  struct hops_extension *out);

/* One MPLS label stack entry. */
struct hops_mpls {
    uint32_t label; /* 20 bits */
    uint8_t exp;    /* 3 bits, "TC" since RFC 5462 */
    bool bottom;    /* S bit */
    uint8_t ttl;
};

/* Walks the entries of an MPLS object, up to and including the bottom of the stack: start with
 * *offset = 0; false at the end, or for an object that is not class 1. */
HOPS_API bool hops_extension_next_mpls(const struct hops_extension *extension, size_t *offset,
                                       struct hops_mpls *out);

/* Interface information (RFC 5837 section 4). Absent parts are zero. */
struct hops_interface_info {
    uint8_t role; /* 0 incoming IP, 1 sub-IP, 2 outgoing, 3 next hop */
    bool has_index, has_addr, has_name, has_mtu;
    uint32_t index;
    struct hops_addr addr;
    char name[64]; /* as sent: clean it before showing it; always terminated */
    uint32_t mtu;
};

/* Decodes a class 2 object; false if it is of another class or does not add up. */
HOPS_API bool hops_extension_interface_info(const struct hops_extension *extension,
                                            struct hops_interface_info *out);

#ifdef __cplusplus
}
#endif

#endif
