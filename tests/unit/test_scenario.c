/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "cli/scenario.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TARGET_LINES                                                                               \
    "[[target]]\nname = \"t.example\"\nnode = \"t\"\nsource = \"192.0.2.9\"\npath = [\"a\"]\n"
#define NODE_LINES                                                                                 \
    "[[node]]\nid = \"a\"\naddress = \"192.0.2.1\"\n[[node]]\nid = \"t\"\naddress = "              \
    "\"192.0.2.2\"\n"
#define HEAD NODE_LINES TARGET_LINES /* 11 lines */

static struct cli_scenario *must_parse(const char *text) {
    struct cli_scenario *scenario = NULL;
    struct hops_diag diag = {""};

    if (cli_scenario_parse(text, strlen(text), "s.toml", &scenario, &diag) != HOPS_OK) {
        fail_msg("%s", diag.text);
    }
    return scenario;
}

static void scenario_every_node_key_reaches_its_field(void **state) {
    struct cli_scenario *loaded =
        must_parse("name = \"all\"\nseed = 9\n" NODE_LINES TARGET_LINES
                   "[[node]]\nid = \"x\"\naddress = \"192.0.2.3\"\nname = [\"x1\", \"x2\"]\n"
                   "delay = 1.5\njitter = 0.25\nloss = 10\nreturn-loss = 20\nmtu = 1400\n"
                   "silent = true\nresponse-delay = 2\nresponse-jitter = 3\nresponse-loss = 30\n"
                   "rate = 2.5\nburst = 4\nreply-ttl = 255\nquote = 28\nunreachable = 10\n"
                   "tos = 0x28\nnat = \"stateful\"\nnat-address = \"192.0.2.4\"\nnat-port = 4000\n"
                   "mpls = [{label = 0x12345, exp = 1}, {label = 2, ttl = 9}]\n"
                   "objects = \"0006 0901 abCD\"\nold-extensions = true\n"
                   "bad-extension-checksum = true\nduplicate = 40\nduplicate-delay = 4\n"
                   "straggle = 50\nstraggle-delay = 5\nmalformed = \"wrong-quote\"\n"
                   "malformed-share = 60\nmalformed-extra = 3\n");
    const struct hops_scenario *s = cli_scenario_get(loaded);
    const struct hops_scenario_node *n = &s->nodes[2];
    static const uint8_t objects[] = {0x00, 0x0c, 1, 1,    0x12, 0x34, 0x52, 1,    0x00,
                                      0x00, 0x21, 9, 0x00, 0x06, 9,    1,    0xab, 0xcd};

    (void)state;
    assert_string_equal(s->name, "all");
    assert_int_equal(s->seed, 9);
    assert_int_equal(s->node_count, 3);
    assert_int_equal(n->addr.octets[3], 3);
    assert_int_equal(n->delay, 1500 * HOPS_US);
    assert_int_equal(n->jitter, 250 * HOPS_US);
    assert_float_equal(n->loss_forward, 0.1, 1e-9);
    assert_float_equal(n->loss_return, 0.2, 1e-9);
    assert_int_equal(n->mtu, 1400);
    assert_true(n->silent);
    assert_int_equal(n->response_delay, 2 * HOPS_MS);
    assert_int_equal(n->response_jitter, 3 * HOPS_MS);
    assert_float_equal(n->response_loss, 0.3, 1e-9);
    assert_float_equal(n->rate, 2.5, 1e-9);
    assert_int_equal(n->burst, 4);
    assert_int_equal(n->reply_ttl, 255);
    assert_int_equal(n->quote, 28);
    assert_true(n->unreachable);
    assert_int_equal(n->unreachable_code, 10);
    assert_true(n->set_tos);
    assert_int_equal(n->tos, 0x28);
    assert_int_equal(n->nat, HOPS_SCENARIO_NAT_STATEFUL);
    assert_int_equal(n->nat_addr.octets[3], 4);
    assert_int_equal(n->nat_port, 4000);
    check_bytes("objects", n->extensions, n->extensions_len, objects, sizeof(objects));
    assert_true(n->extensions_non_compliant);
    assert_true(n->extensions_bad_checksum);
    assert_float_equal(n->duplicate, 0.4, 1e-9);
    assert_int_equal(n->duplicate_delay, 4 * HOPS_MS);
    assert_float_equal(n->straggle, 0.5, 1e-9);
    assert_int_equal(n->straggle_delay, 5 * HOPS_MS);
    assert_int_equal(n->malformed, HOPS_SCENARIO_WRONG_QUOTE);
    assert_float_equal(n->malformed_share, 0.6, 1e-9);
    assert_int_equal(n->malformed_extra, 3);
    assert_string_equal(cli_scenario_name(s, &n->addr, 0), "x1");
    assert_string_equal(cli_scenario_name(s, &n->addr, 1), "x2");
    assert_null(cli_scenario_name(s, &n->addr, 2));
    assert_null(cli_scenario_name(s, &s->nodes[0].addr, 0));
    cli_scenario_free(loaded);
}

static void scenario_interface_information_is_encoded(void **state) {
    struct cli_scenario *loaded = must_parse(
        HEAD "[[node]]\nid = \"x\"\naddress = \"192.0.2.3\"\ninterface = {role = \"outgoing\", "
             "index = 7, name = \"xe-0\", address = \"192.0.2.3\", mtu = 1500}\n");
    const struct hops_scenario_node *n = &cli_scenario_get(loaded)->nodes[2];
    struct hops_extensions extensions = {.present = true, .len = n->extensions_len};
    struct hops_extension object;
    struct hops_interface_info info;
    size_t offset = 0;

    (void)state;
    memcpy(extensions.octets, n->extensions, n->extensions_len);
    assert_true(hops_extension_next(&extensions, &offset, &object));
    assert_true(hops_extension_interface_info(&object, &info));
    assert_int_equal(info.role, 2);
    assert_int_equal(info.index, 7);
    assert_string_equal(info.name, "xe-0");
    assert_int_equal(info.addr.octets[3], 3);
    assert_int_equal(info.mtu, 1500);
    cli_scenario_free(loaded);
}

static void scenario_target_path_and_troubles_are_read(void **state) {
    struct cli_scenario *loaded = must_parse(
        NODE_LINES
        "[[target]]\nnode = \"t\"\nsource = \"192.0.2.9\"\n"
        "path = [\"a\", [\"a\", \"t\"], {nodes = [\"t\", \"a\"], balancer = 3, per-packet = true},"
        " {node = \"a\", from = 1.5, until = 2}]\nloop = {from = 3, to = 2}\n"
        "icmp = \"silent\"\nudp = \"open\"\ntcp = \"prohibited\"\n"
        "ports = [{protocol = \"tcp\", port = 80, policy = \"open\"},"
        " {protocol = \"udp\", port = [5, 9], policy = \"closed\"}]\n"
        "[[error]]\ncall = \"bind\"\nerrno = \"EADDRINUSE\"\ntarget = \"192.0.2.2\"\nttl = [2, 4]\n"
        "from = 1\nuntil = 3\nshare = 25\nmax = 7\n[[error]]\ncall = \"sendto\"\n"
        "errno = \"EPERM\"\n[[taken]]\nprotocol = \"udp\"\nport = [1, 2]\nfrom = 5\n");
    const struct hops_scenario *s = cli_scenario_get(loaded);
    const struct hops_scenario_target *t = &s->targets[0];

    (void)state;
    assert_null(t->name);
    assert_int_equal(t->node, 1);
    assert_int_equal(t->step_count, 4);
    assert_int_equal(t->steps[1].node_count, 2);
    assert_int_equal(t->steps[1].nodes[1], 1);
    assert_int_equal(t->steps[2].balancer, 3);
    assert_true(t->steps[2].per_packet);
    assert_int_equal(t->steps[3].when.from, 1500 * HOPS_MS);
    assert_int_equal(t->steps[3].when.until, 2 * HOPS_SEC);
    assert_true(t->loop);
    assert_int_equal(t->loop_from, 2);
    assert_int_equal(t->loop_to, 1);
    assert_int_equal(t->icmp, HOPS_SCENARIO_SILENT);
    assert_int_equal(t->udp, HOPS_SCENARIO_OPEN);
    assert_int_equal(t->tcp, HOPS_SCENARIO_PROHIBITED);
    assert_int_equal(t->port_count, 2);
    assert_int_equal(t->ports[0].protocol, HOPS_PROTOCOL_TCP);
    assert_int_equal(t->ports[1].first, 5);
    assert_int_equal(t->ports[1].last, 9);
    assert_int_equal(t->ports[1].policy, HOPS_SCENARIO_CLOSED);
    assert_int_equal(s->error_count, 2);
    assert_int_equal(s->errors[0].call, HOPS_CALL_BIND);
    assert_int_equal(s->errors[0].os_errno, EADDRINUSE);
    assert_int_equal(s->errors[0].target, 0);
    assert_int_equal(s->errors[0].first_ttl, 2);
    assert_int_equal(s->errors[0].last_ttl, 4);
    assert_int_equal(s->errors[0].when.until, 3 * HOPS_SEC);
    assert_float_equal(s->errors[0].share, 0.25, 1e-9);
    assert_int_equal(s->errors[0].max, 7);
    assert_int_equal(s->errors[1].target, HOPS_SCENARIO_ANY_TARGET);
    assert_int_equal(s->errors[1].last_ttl, 0);
    assert_int_equal(s->taken_count, 1);
    assert_int_equal(s->taken[0].last, 2);
    assert_int_equal(s->taken[0].when.from, 5 * HOPS_SEC);
    cli_scenario_free(loaded);
}

static void scenario_as_data_goes_by_the_longest_prefix(void **state) {
    struct cli_scenario *loaded = must_parse(
        HEAD "[[as]]\nprefix = \"192.0.2.0/24\"\nnumber = 64500\nname = \"N\"\ncountry = \"ZZ\"\n"
             "registry = \"r\"\nallocated = \"2001-09-08\"\n"
             "[[as]]\nprefix = \"192.0.2.8/29\"\nnumber = 64501\n"
             "[[as]]\nprefix = \"192.0.2.3/32\"\nnumber = 64502\n"
             "[[as]]\nprefix = \"2001:db8::/33\"\nnumber = 64503\n");
    const struct hops_scenario *s = cli_scenario_get(loaded);
    static const struct {
        const char *addr;
        uint32_t number; /* 0: none */
    } rows[] = {{"192.0.2.1", 64500},  {"192.0.2.15", 64501}, {"192.0.2.16", 64500},
                {"192.0.2.3", 64502},  {"198.51.100.1", 0},   {"2001:db8:7fff::", 64503},
                {"2001:db8:8000::", 0}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_addr addr;
        assert_true(hops_addr_parse(rows[i].addr, &addr));
        const struct hops_scenario_as *as = cli_scenario_as(s, &addr);
        check_int(rows[i].addr, as == NULL ? 0 : as->number, rows[i].number);
    }
    assert_string_equal(s->as[0].allocated, "2001-09-08");
    assert_null(s->as[1].name);
    cli_scenario_free(loaded);
}

static void scenario_errors_say_where_and_what_was_expected(void **state) {
    static const struct {
        const char *text;
        const char *want;
    } rows[] = {
        {"a = = 1\n", "s.toml:1:5: "},
        {"sead = 1\n", "s.toml:1:1: unknown key \"sead\" in a scenario"},
        {"\"\\u001b[31m\" = 1\n", "s.toml:1:1: unknown key \"\\027[31m\" in a scenario"},
        {"seed = \"x\"\n", "s.toml:1:8: seed: expected an integer, found a string"},
        {"seed = -1\n", "s.toml:1:8: seed: expected 0 to"},
        {"node = 1\n", "s.toml:1:8: node: expected [[node]], found an integer"},
        {"node = [1]\n", "s.toml:1:9: [[node]]: expected a table, found an integer"},
        {NODE_LINES, "s.toml:1:1: expected at least one [[target]]"},
        {"[[node]]\nid = \"a\"\n", "s.toml:1:1: a node needs an id and an address"},
        {"[[node]]\nid = \"a\"\naddress = \"192.0.2\"\n",
         "s.toml:3:11: address: expected an IPv4 or IPv6 address, found \"192.0.2\""},
        {"[[node]]\nid = \"a\\u0000\"\naddress = \"192.0.2.1\"\n",
         "s.toml:2:6: id: expected text without NUL"},
        {NODE_LINES "[[node]]\nid = \"a\"\naddress = \"192.0.2.3\"\n",
         "s.toml:8:6: id: expected one of its own, found \"a\""},
        {"[[node]]\ndelay = -1\n", "s.toml:2:9: delay: expected 0 to 3600000, found -1"},
        {"[[node]]\ndelay = nan\n", "s.toml:2:9: delay: expected 0 to 3600000"},
        {"[[node]]\ndelay = true\n", "s.toml:2:9: delay: expected a number, found a boolean"},
        {"[[node]]\nloss = 101\n", "s.toml:2:8: loss: expected 0 to 100, found 101"},
        {"[[node]]\nsilent = 1\n", "s.toml:2:10: silent: expected true or false, found an integer"},
        {"[[node]]\nreply-ttl = 256\n", "s.toml:2:13: reply-ttl: expected 1 to 255, found 256"},
        {"[[node]]\nnat = \"full\"\n",
         "s.toml:2:7: nat: expected one of none, stateless, stateful, found \"full\""},
        {"[[node]]\ntos = 256\nid = \"a\"\naddress = \"192.0.2.1\"\n", "s.toml:2:7: tos: expected"},
        {"[[node]]\nunreachable = \"host\"\nid = \"a\"\naddress = \"192.0.2.1\"\n",
         "s.toml:2:15: unreachable: expected an integer"},
        {"[[node]]\nid = \"a\"\naddress = \"192.0.2.1\"\nnat = \"stateless\"\n",
         "s.toml:1:1: nat: expected a nat-address"},
        {"[[node]]\nid = \"a\"\naddress = \"192.0.2.1\"\nquote = 27\n",
         "s.toml:4:9: quote: expected at least 28"},
        {"[[node]]\nid = \"a\"\naddress = \"192.0.2.1\"\nmpls = []\n",
         "s.toml:4:8: mpls: expected 1 to 16"},
        {"[[node]]\nid = \"a\"\naddress = \"192.0.2.1\"\nmpls = [{label = 1048576}]\n",
         "s.toml:4:18: label: expected 0 to 1048575"},
        {"[[node]]\nid = \"a\"\naddress = \"192.0.2.1\"\nobjects = \"0g\"\n",
         "s.toml:4:11: objects: expected hexadecimal"},
        {"[[node]]\nid = \"a\"\naddress = \"192.0.2.1\"\nobjects = \"000\"\n",
         "s.toml:4:11: objects: expected whole octets"},
        {"[[node]]\nid = \"a\"\naddress = \"192.0.2.1\"\nname = 4\n" TARGET_LINES,
         "s.toml:4:8: name: expected a string"},
        {NODE_LINES "[[target]]\nnode = \"t\"\nsource = \"192.0.2.9\"\n",
         "s.toml:7:1: a target needs node, source and path"},
        {NODE_LINES "[[target]]\nnode = \"u\"\nsource = \"192.0.2.9\"\npath = []\n",
         "s.toml:8:8: node: expected the id of a node, found \"u\""},
        {NODE_LINES "[[target]]\nnode = \"t\"\nsource = \"2001:db8::1\"\npath = []\n",
         "s.toml:9:10: source: expected an address of the target's family"},
        {NODE_LINES "[[target]]\nnode = \"t\"\nsource = \"192.0.2.9\"\npath = [\"b\"]\n",
         "s.toml:10:9: path: expected the id of a node"},
        {NODE_LINES "[[target]]\nnode = \"t\"\nsource = \"192.0.2.9\"\npath = [[]]\n",
         "s.toml:10:9: path: expected 1 to 16 ids"},
        {NODE_LINES "[[target]]\nnode = \"t\"\nsource = \"192.0.2.9\"\npath = [{balancer = 1}]\n",
         "s.toml:10:9: path: expected either node or nodes"},
        {NODE_LINES "[[target]]\nnode = \"t\"\nsource = \"192.0.2.9\"\n"
                    "path = [{node = \"a\", from = 2, until = 2}]\n",
         "s.toml:10:9: until: expected a time after from"},
        {HEAD "loop = {from = 1, to = 2}\n", "s.toml:12:8: loop: expected from and to"},
        {HEAD "loop = {from = 2, to = 1}\n", "s.toml:12:8: loop: expected from and to"},
        {HEAD "ports = [{protocol = \"tcp\", port = 0, policy = \"open\"}]\n",
         "s.toml:12:36: port: expected 1 to 65535"},
        {HEAD "ports = [{protocol = \"tcp\", port = 1}]\n",
         "s.toml:12:10: ports: expected protocol, port and policy"},
        {HEAD "ports = [{protocol = \"icmp\", port = 1}]\n",
         "s.toml:12:22: protocol: expected one of udp, tcp"},
        {HEAD "ports = [{protocol = \"udp\", port = [9, 5], policy = \"open\"}]\n",
         "s.toml:12:36: port: expected the lower number first"},
        {HEAD "[[error]]\ncall = \"bind\"\n", "s.toml:12:1: an error needs call and errno"},
        {HEAD "[[error]]\ncall = \"bind\"\nerrno = \"ENOSENSE\"\n",
         "s.toml:14:9: errno: expected a name such as ENETUNREACH, found \"ENOSENSE\""},
        {HEAD "[[error]]\ncall = \"bind\"\nerrno = \"EPERM\"\nshare = 0\n",
         "s.toml:15:9: share: expected more than 0"},
        {HEAD "[[error]]\ncall = \"send\"\n", "s.toml:13:8: call: expected one of socket,"},
        {HEAD "[[error]]\ncall = \"bind\"\nerrno = \"EPERM\"\nttl = 255\n",
         "s.toml:15:7: ttl: expected 1 to 254, found 255"},
        {HEAD "[[error]]\ncall = \"bind\"\nerrno = \"EPERM\"\ntarget = \"x\"\n",
         "s.toml:15:10: target: expected a name or address of a target"},
        {HEAD "[[taken]]\nprotocol = \"udp\"\n", "s.toml:12:1: a taken port needs"},
        {HEAD "[[as]]\nnumber = 1\n", "s.toml:12:1: AS data need prefix and number"},
        {HEAD "[[as]]\nnumber = 1\nprefix = \"192.0.2.0/33\"\n",
         "s.toml:14:10: prefix: expected ADDRESS/LENGTH"},
        {HEAD "[[as]]\nnumber = 1\nprefix = \"192.0.2.0\"\n",
         "s.toml:14:10: prefix: expected ADDRESS/LENGTH"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cli_scenario *loaded = NULL;
        struct hops_diag diag = {""};

        check_int(rows[i].want,
                  cli_scenario_parse(rows[i].text, strlen(rows[i].text), "s.toml", &loaded, &diag),
                  HOPS_ERR_FORMAT);
        check_int(rows[i].want, loaded == NULL, 1);
        char start[512] = "";
        memcpy(start, diag.text, strlen(rows[i].want));
        check_str(rows[i].want, start, rows[i].want);
        check_int(rows[i].want, strchr(diag.text, '\n') == NULL, true);
    }
}

/* Each shipped file is a network that can be created. */
static void scenario_shipped_files_are_good(void **state) {
    static const char *const files[] = {"demo.toml", "nat.toml",         "ipv6.toml",
                                        "loss.toml", "path-change.toml", "errors.toml"};

    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char path[512];
        struct cli_scenario *loaded = NULL;
        struct hops_link *link = NULL;
        struct hops_diag diag = {""};

        (void)snprintf(path, sizeof(path), "%s/%s", SCENARIOS, files[i]);
        enum hops_err err = cli_scenario_load(path, &loaded, &diag);
        check_str(files[i], diag.text, "");
        check_int(files[i], err, HOPS_OK);
        check_int(files[i], hops_sim_new(cli_scenario_get(loaded), NULL, &link, &diag), HOPS_OK);
        link->ops->close(link);
        cli_scenario_free(loaded);
    }
}

static void scenario_builtin_is_the_demo_file(void **state) {
    struct cli_scenario *loaded = NULL;
    struct hops_diag diag = {""};
    const struct hops_scenario *s;
    size_t labelled = 0, silent = 0, lossy = 0, balanced = 0;

    (void)state;
    if (cli_scenario_builtin(&loaded, &diag) != HOPS_OK) {
        fail_msg("%s", diag.text);
    }
    s = cli_scenario_get(loaded);
    assert_string_equal(s->name, "demo");
    const struct hops_scenario_target *t = &s->targets[0];
    assert_string_equal(t->name, "www.example");
    assert_int_equal(t->step_count + 1, 12);
    for (size_t i = 0; i < t->step_count; i++) {
        const struct hops_scenario_node *n = &s->nodes[t->steps[i].nodes[0]];
        labelled += n->extensions_len > 0;
        silent += n->silent;
        lossy += n->loss_forward > 0;
        balanced += t->steps[i].node_count > 1;
    }
    assert_true(labelled >= 2 && silent == 1 && lossy == 1 && balanced == 2);
    assert_non_null(cli_scenario_as(s, &s->nodes[t->node].addr));
    cli_scenario_free(loaded);
    cli_scenario_free(NULL);
}

static void scenario_file_that_cannot_be_read_is_a_system_error(void **state) {
    struct cli_scenario *loaded = NULL;
    struct hops_diag diag = {""};

    (void)state;
    assert_int_equal(cli_scenario_load(SCENARIOS "/absent.toml", &loaded, &diag), HOPS_ERR_SYSTEM);
    assert_non_null(strstr(diag.text, "No such file"));
    assert_int_equal(cli_scenario_load(SCENARIOS, &loaded, &diag), HOPS_ERR_SYSTEM);
    assert_int_equal(cli_scenario_load("/dev/zero", &loaded, &diag), HOPS_ERR_SYSTEM);
    assert_non_null(strstr(diag.text, "larger than 1 MiB"));
    assert_null(loaded);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenario_every_node_key_reaches_its_field),
        cmocka_unit_test(scenario_interface_information_is_encoded),
        cmocka_unit_test(scenario_target_path_and_troubles_are_read),
        cmocka_unit_test(scenario_as_data_goes_by_the_longest_prefix),
        cmocka_unit_test(scenario_errors_say_where_and_what_was_expected),
        cmocka_unit_test(scenario_shipped_files_are_good),
        cmocka_unit_test(scenario_builtin_is_the_demo_file),
        cmocka_unit_test(scenario_file_that_cannot_be_read_is_a_system_error),
    };

    return cmocka_run_group_tests_name("scenario", tests, NULL, NULL);
}
