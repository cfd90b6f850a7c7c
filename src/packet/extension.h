/* SPDX-License-Identifier: MIT
 *
 * Where ICMP extension structures (RFC 4884) begin and whether they can be believed. Reading the
 * objects of one is public: <hops/extension.h>.
 */
#ifndef PACKET_EXTENSION_H
#define PACKET_EXTENSION_H

#include <hops/extension.h>

enum {
    HOPS_EXTENSION_HEADER_LEN = 4,
    HOPS_EXTENSION_QUOTE_MIN = 128, /* octets a quote is padded to before a structure */
    HOPS_EXTENSION_VERSION = 2
};

/* The subtype of an interface information object: role, then one bit per part that is there
 * (RFC 5837 4.1); address families as IANA numbers them. */
enum {
    HOPS_INTERFACE_ROLE_SHIFT = 6,
    HOPS_INTERFACE_HAS_INDEX = 0x08,
    HOPS_INTERFACE_HAS_ADDR = 0x04,
    HOPS_INTERFACE_HAS_NAME = 0x02,
    HOPS_INTERFACE_HAS_MTU = 0x01,
    HOPS_INTERFACE_AFI_IPV4 = 1,
    HOPS_INTERFACE_AFI_IPV6 = 2
};

/* How the octets after the ICMP header fall apart. */
struct hops_extension_split {
    size_t quoted_len;    /* the quoted datagram is [0, quoted_len) */
    size_t extension_at;  /* the structure is [extension_at, extension_at + extension_len) */
    size_t extension_len; /* 0: there is none */
    bool announced;       /* the length attribute told of it */
};

/* payload_len: octets after the ICMP header; quoted_len: the length attribute in octets. */
void hops_extension_split(size_t payload_len, size_t quoted_len, struct hops_extension_split *out);

/* Reads a structure that its sender announced. *out is always written: absent for fewer than 4
 * octets; present and empty for another version; present, malformed and empty for a wrong checksum
 * (0 stands for "not computed"); otherwise the objects up to the first one that is not whole. An
 * MPLS object without an entry is kept and makes the structure malformed. */
void hops_extension_read(const uint8_t *data, size_t len, struct hops_extensions *out);

/* Reads what may be a structure that an old router put after 128 octets without saying so (RFC 4884
 * 5.5). False, and *out absent, unless version, checksum and the first object are right: it is part
 * of the quoted datagram then. */
bool hops_extension_read_unannounced(const uint8_t *data, size_t len, struct hops_extensions *out);

#endif
