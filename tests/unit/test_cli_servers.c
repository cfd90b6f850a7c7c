/* SPDX-License-Identifier: MIT
 *
 * --dns-server: its values, its layers, and how it stands to --dns-resolve-method.
 */
#include "cli/value.h"

#include "check.h"
#include "cli_case.h"

#include <string.h>

#define FILE_SERVER "[dns]\ndns-server = \"192.0.2.3\"\n"
#define FILE_METHOD "[dns]\ndns-resolve-method = \"google\"\n"

static const struct {
    const char *name, *args, *env, *file, *want;
} rows[] = {
    {"none", "h", NULL, NULL, ""},
    {"ipv4", "h --dns-server 192.0.2.1", NULL, NULL, "192.0.2.1:53"},
    {"ipv4 with port", "h --dns-server=192.0.2.1:5353", NULL, NULL, "192.0.2.1:5353"},
    {"ipv6", "h --dns-server 2001:db8::1", NULL, NULL, "[2001:db8::1]:53"},
    {"ipv6 with port", "h --dns-server [2001:db8::1]:65535", NULL, NULL, "[2001:db8::1]:65535"},
    {"ipv6 in brackets", "h --dns-server [::1]", NULL, NULL, "[::1]:53"},
    {"list", "h --dns-server 192.0.2.1,[::1]:1", NULL, NULL, "192.0.2.1:53, [::1]:1"},
    {"repeated", "h --dns-server 192.0.2.1 --dns-server ::1,192.0.2.2", NULL, NULL,
     "192.0.2.1:53, [::1]:53, 192.0.2.2:53"},
    {"six", "h --dns-server ::1,::2,::3,::4,::5,::6", NULL, NULL,
     "[::1]:53, [::2]:53, [::3]:53, [::4]:53, [::5]:53, [::6]:53"},
    {"blanks", "h", "HOPS_DNS_SERVER= 192.0.2.1 , ::1 ", NULL, "192.0.2.1:53, [::1]:53"},
    {"file", "h", NULL, FILE_SERVER, "192.0.2.3:53"},
    {"array", "h", NULL, "[dns]\ndns-server = [\"192.0.2.3:5\", \"::1, ::2\"]\n",
     "192.0.2.3:5, [::1]:53, [::2]:53"},
    {"empty array", "h", NULL, "[dns]\ndns-server = []\n", ""},
    {"environment before file", "h", "HOPS_DNS_SERVER=192.0.2.2", FILE_SERVER, "192.0.2.2:53"},
    {"arguments before all", "h --dns-server 192.0.2.1", "HOPS_DNS_SERVER=192.0.2.2", FILE_SERVER,
     "192.0.2.1:53"},
    {"with a method", "h -r google --dns-server 192.0.2.1", NULL, NULL, "192.0.2.1:53"},
    {"method of the file", "h --dns-server 192.0.2.1", NULL, FILE_METHOD, "192.0.2.1:53"},
    {"method of the environment", "h --dns-server 192.0.2.1", "HOPS_DNS_RESOLVE_METHOD=none", NULL,
     "192.0.2.1:53"},
    {"method of the arguments", "h -r none", "HOPS_DNS_SERVER=192.0.2.2", FILE_SERVER, ""},
    {"method of the environment over file", "h", "HOPS_DNS_RESOLVE_METHOD=system", FILE_SERVER, ""},
    {"both of the file", "h", NULL,
     "[dns]\ndns-server = \"192.0.2.3\"\ndns-resolve-method = \"none\"\n", "192.0.2.3:53"},
};

static void servers_layers_decide_who_is_asked(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct cli_case c = {.args = rows[i].args, .env = rows[i].env, .file = rows[i].file};
        struct cli_run run;
        struct cli_text text = {0};

        cli_case_run(&c, &run);
        check_int(rows[i].name, run.outcome, CLI_RUN);
        cli_servers_add(run.settings.dns_servers, &text);
        check_str(rows[i].name, cli_text_str(&text), rows[i].want);
        cli_text_done(&text);
        cli_case_done(&run);
    }
}

static const struct {
    const char *args, *env, *file;
    int status;
    const char *says;
} mistakes[] = {
    {"h --dns-server", NULL, NULL, 2, "needs a value"},
    {"h --dns-server ''", NULL, NULL, 2, "invalid value '' for '--dns-server <DNS_SERVER>'"},
    {"h --dns-server dns.example", NULL, NULL, 2, "addresses of DNS servers are expected"},
    {"h --dns-server 192.0.2.1,", NULL, NULL, 2, "invalid value '192.0.2.1,'"},
    {"h --dns-server 192.0.2.1:0", NULL, NULL, 2, "invalid value '192.0.2.1:0'"},
    {"h --dns-server 192.0.2.1:65536", NULL, NULL, 2, "invalid value"},
    {"h --dns-server 192.0.2.1:5x", NULL, NULL, 2, "invalid value"},
    {"h --dns-server 192.0.2.01", NULL, NULL, 2, "invalid value"},
    {"h --dns-server [::1", NULL, NULL, 2, "invalid value"},
    {"h --dns-server [::1]5353", NULL, NULL, 2, "invalid value"},
    {"h --dns-server fe80::1%eth0", NULL, NULL, 2, "invalid value"},
    {"h --dns-server ::1,::2,::3,::4,::5,::6,::7", NULL, NULL, 2, "at most 6 DNS servers"},
    {"h --dns-server ::1,::2,::3,::4 --dns-server ::5,::6,::7", NULL, NULL, 2,
     "at most 6 DNS servers"},
    {"h", "HOPS_DNS_SERVER=x", NULL, 2, "invalid value 'x' for 'HOPS_DNS_SERVER'"},
    {"h", NULL, "[dns]\ndns-server = \"x\"\n", 1, "hops.toml:2:14: invalid value 'x'"},
    {"h", NULL, "[dns]\ndns-server = 53\n", 1, "dns-server must be a string, not an integer"},
    {"h", NULL, "[dns]\ndns-server = [\"::1\", 5]\n", 1, "hops.toml:2:22: dns-server must be"},
};

static void servers_mistakes_are_told(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        const struct cli_case c = {
            .args = mistakes[i].args, .env = mistakes[i].env, .file = mistakes[i].file};
        struct cli_run run;

        cli_case_run(&c, &run);
        check_int(mistakes[i].says, cli_case_status(&run), mistakes[i].status);
        if (run.message.text == NULL || strstr(run.message.text, mistakes[i].says) == NULL) {
            check_str(mistakes[i].args, run.message.text, mistakes[i].says);
        }
        cli_case_done(&run);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(servers_layers_decide_who_is_asked),
        cmocka_unit_test(servers_mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
