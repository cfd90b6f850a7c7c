/* SPDX-License-Identifier: MIT
 *
 * Sends ICMP errors that look as if they answered probes and answer none: time exceeded, from a
 * router, quoting an echo request to the target with another identifier.
 *
 *     flood SOURCE DESTINATION TARGET PER_SECOND SECONDS
 *
 * Prints what it sent. It has a raw socket of its own and runs in the namespace of a router.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LEN = 20 + 8 + 20 + 8, BURST = 256 };

static void put16(uint8_t *at, unsigned value) {
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put_checksum(uint8_t *begin, size_t len, uint8_t *at) {
    uint32_t sum = 0;

    put16(at, 0);
    for (size_t i = 0; i < len; i += 2) {
        sum += (uint32_t)begin[i] << 8 | begin[i + 1];
    }
    sum = (sum & 0xffff) + (sum >> 16);
    put16(at, ~(sum + (sum >> 16)) & 0xffff);
}

static void put_ip(uint8_t *p, size_t len, uint8_t ttl, struct in_addr from, struct in_addr to) {
    p[0] = 0x45;
    put16(p + 2, (unsigned)len);
    p[8] = ttl;
    p[9] = IPPROTO_ICMP;
    memcpy(p + 12, &from, 4);
    memcpy(p + 16, &to, 4);
    put_checksum(p, 20, p + 10);
}

static void make(uint8_t *p, uint16_t id, struct in_addr src, struct in_addr dst,
                 struct in_addr target) {
    memset(p, 0, LEN);
    put_ip(p, LEN, 64, src, dst);
    p[20] = 11; /* time exceeded */
    put_ip(p + 28, 28 + 56, 1, dst, target);
    p[48] = 8; /* echo request */
    put16(p + 52, id);
    put16(p + 54, 33434);
    put_checksum(p + 48, 8, p + 50);
    put_checksum(p + 20, LEN - 20, p + 22);
}

static double now(void) {
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    struct in_addr src;
    struct in_addr dst;
    struct in_addr target;
    uint8_t packet[LEN];
    unsigned long sent = 0;

    if (argc != 6 || inet_pton(AF_INET, argv[1], &src) != 1 ||
        inet_pton(AF_INET, argv[2], &dst) != 1 || inet_pton(AF_INET, argv[3], &target) != 1) {
        return 2;
    }
    double rate = atof(argv[4]);
    double seconds = atof(argv[5]);
    int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr = dst};
    double begin = now();
    while (fd >= 0) {
        double passed = now() - begin;
        if (passed >= seconds) {
            break;
        }
        if ((double)sent >= passed * rate) {
            (void)usleep(100);
            continue;
        }
        for (int i = 0; i < BURST; i++) {
            make(packet, (uint16_t)sent, src, dst, target);
            sent += sendto(fd, packet, LEN, 0, (const struct sockaddr *)&to, sizeof(to)) == LEN;
        }
    }
    (void)printf("%lu\n", sent);
    return fd >= 0 && sent > 0 ? 0 : 1;
}
