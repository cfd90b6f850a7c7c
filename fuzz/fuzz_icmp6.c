/* SPDX-License-Identifier: MIT
 *
 * Transport messages without IP header, as IPv6 raw sockets deliver them: ICMPv6 without and with
 * its checksum looked at, and the same octets as TCP and UDP.
 */
#include "fuzz.h"

#include <string.h>

#include <hops/addr.h>

static void icmp6(const uint8_t *data, size_t size, const struct hops_addr *from,
                  const struct hops_addr *to) {
    for (int extensions = 0; extensions <= 1; extensions++) {
        struct hops_reply reply;
        enum hops_packet_status status;

        memset(&reply, 0, sizeof(reply));
        status = hops_packet_parse_icmp6(data, size, from, to, 64, extensions != 0, &reply);
        fuzz_check_reply(status, &reply);
        FUZZ_CHECK(extensions != 0 || !reply.extensions.present);
    }
}

static void transport(const uint8_t *data, size_t size, const struct hops_addr *from,
                      const struct hops_addr *to) {
    struct hops_reply reply;
    enum hops_packet_status status;

    memset(&reply, 0, sizeof(reply));
    status = hops_packet_parse_tcp(data, size, from, to, -1, &reply);
    fuzz_check_reply(status, &reply);
    memset(&reply, 0, sizeof(reply));
    status = hops_packet_parse_udp(data, size, from, to, -1, &reply);
    fuzz_check_reply(status, &reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const uint8_t theirs[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 9};
    static const uint8_t ours[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 10};
    struct hops_addr from = hops_addr_ipv6(theirs, 0);
    struct hops_addr to = hops_addr_ipv6(ours, 0);

    icmp6(data, size, &from, NULL);
    icmp6(data, size, &from, &to);
    transport(data, size, &from, NULL);
    transport(data, size, &from, &to);
    return 0;
}
