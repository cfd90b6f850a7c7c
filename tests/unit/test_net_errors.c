/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "net/errors.h"

#include <hops/err.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { O = HOPS_SEND_OK, T = HOPS_SEND_PORT_TAKEN, F = HOPS_SEND_FAILED, B = HOPS_SEND_BUSY };
enum { X = HOPS_SEND_FATAL };

/* One column per call: socket, setsockopt, bind, connect, sendto. */
static const struct {
    const char *name;
    int os_errno;
    int want[5];
} rows[] = {
    {"EADDRINUSE", EADDRINUSE, {X, X, T, T, F}},
    {"EADDRNOTAVAIL", EADDRNOTAVAIL, {F, F, F, F, F}},
    {"EHOSTUNREACH", EHOSTUNREACH, {X, X, F, F, F}},
    {"ENETUNREACH", ENETUNREACH, {X, X, F, F, F}},
    {"EHOSTDOWN", EHOSTDOWN, {X, X, F, F, F}},
    {"ENETDOWN", ENETDOWN, {X, X, F, F, F}},
    {"ENOBUFS", ENOBUFS, {B, B, F, F, F}},
    {"ENOMEM", ENOMEM, {B, B, F, F, F}},
    {"EPERM", EPERM, {X, X, F, F, F}},
    {"EACCES", EACCES, {X, X, F, F, F}},
    {"EINVAL", EINVAL, {X, X, F, F, F}},
    {"EMSGSIZE", EMSGSIZE, {X, X, F, F, F}},
    {"ENODEV", ENODEV, {X, F, F, F, F}},
    {"ENONET", ENONET, {X, X, F, F, F}},
    {"EAFNOSUPPORT", EAFNOSUPPORT, {X, X, F, F, F}},
    {"EPROTO", EPROTO, {X, X, F, F, F}},
    {"ENOPROTOOPT", ENOPROTOOPT, {X, X, F, F, F}},
    {"EOPNOTSUPP", EOPNOTSUPP, {X, X, F, F, F}},
    {"ECONNABORTED", ECONNABORTED, {X, X, F, F, F}},
    {"ECONNRESET", ECONNRESET, {X, X, F, F, F}},
    {"ETIMEDOUT", ETIMEDOUT, {X, X, F, F, F}},
    {"EPIPE", EPIPE, {X, X, F, F, F}},
    {"ECONNREFUSED", ECONNREFUSED, {X, X, F, O, F}},
    {"EINPROGRESS", EINPROGRESS, {X, X, F, O, F}},
    {"EAGAIN", EAGAIN, {X, X, F, F, B}},
    {"EINTR", EINTR, {B, B, B, B, B}},
    {"EMFILE", EMFILE, {B, X, F, F, F}},
    {"ENFILE", ENFILE, {B, X, F, F, F}},
    {"EBADF", EBADF, {X, X, X, X, X}},
    {"ENOTSOCK", ENOTSOCK, {X, X, X, X, X}},
    {"EFAULT", EFAULT, {X, X, X, X, X}},
    {"ENOSYS", ENOSYS, {X, X, X, X, X}},
    {"EDESTADDRREQ", EDESTADDRREQ, {X, X, X, X, X}},
    {"EISCONN", EISCONN, {X, X, X, X, X}},
    {"EALREADY", EALREADY, {X, X, X, X, X}},
    {"EPROTOTYPE", EPROTOTYPE, {X, X, X, X, X}},
    {"EPROTONOSUPPORT", EPROTONOSUPPORT, {X, X, F, F, F}},
    {"EIO", EIO, {X, X, F, F, F}},
    {"none", 0, {O, O, O, O, O}},
};

static const enum hops_call calls[5] = {HOPS_CALL_SOCKET, HOPS_CALL_SETSOCKOPT, HOPS_CALL_BIND,
                                        HOPS_CALL_CONNECT, HOPS_CALL_SENDTO};

static void net_errors_each_call_and_errno_has_its_outcome(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (size_t c = 0; c < 5; c++) {
            char name[64];

            (void)snprintf(name, sizeof(name), "(%s, %s)", hops_call_name(calls[c]), rows[i].name);
            check_int(name, hops_net_classify(calls[c], rows[i].os_errno), rows[i].want[c]);
        }
    }
}

/* Whatever the kernel invents: a port is taken in two cases only, and no number but the listed ones
 * ends a trace at bind, connect or sendto. */
static void net_errors_any_number_takes_a_port_only_as_eaddrinuse(void **state) {
    (void)state;
    for (size_t c = 0; c < 5; c++) {
        for (int e = 0; e < 600; e++) {
            bool may =
                e == EADDRINUSE && (calls[c] == HOPS_CALL_BIND || calls[c] == HOPS_CALL_CONNECT);
            char name[64];

            (void)snprintf(name, sizeof(name), "(%s, %d)", hops_call_name(calls[c]), e);
            check_int(name, hops_net_classify(calls[c], e) == HOPS_SEND_PORT_TAKEN, may);
            if (e >= 134 && c >= 2) {
                check_int(name, hops_net_classify(calls[c], e), HOPS_SEND_FAILED);
            }
        }
    }
}

static void net_errors_refusal_is_an_answer_at_connect_only(void **state) {
    (void)state;
    assert_true(hops_net_refused(HOPS_CALL_CONNECT, ECONNREFUSED));
    assert_false(hops_net_refused(HOPS_CALL_SENDTO, ECONNREFUSED));
    assert_false(hops_net_refused(HOPS_CALL_CONNECT, EINPROGRESS));
}

static void net_errors_result_keeps_what_belongs_to_its_status(void **state) {
    struct hops_send_result ok = hops_net_result(HOPS_CALL_CONNECT, EINPROGRESS, 7);
    struct hops_send_result failed = hops_net_result(HOPS_CALL_BIND, EADDRNOTAVAIL, 7);

    (void)state;
    assert_int_equal(ok.status, HOPS_SEND_OK);
    assert_int_equal(ok.call, HOPS_CALL_NONE);
    assert_int_equal(ok.os_errno, 0);
    assert_int_equal(ok.when, 7);
    assert_int_equal(failed.status, HOPS_SEND_FAILED);
    assert_int_equal(failed.call, HOPS_CALL_BIND);
    assert_int_equal(failed.os_errno, EADDRNOTAVAIL);
    assert_int_equal(failed.when, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(net_errors_each_call_and_errno_has_its_outcome),
        cmocka_unit_test(net_errors_any_number_takes_a_port_only_as_eaddrinuse),
        cmocka_unit_test(net_errors_refusal_is_an_answer_at_connect_only),
        cmocka_unit_test(net_errors_result_keeps_what_belongs_to_its_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
