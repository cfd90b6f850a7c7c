/* SPDX-License-Identifier: MIT
 *
 * One function decides; the others put values into their fields.
 */
#include "cli/layer.h"

#include "base/unreachable.h"

#include <assert.h>
#include <string.h>

/* Writes a value, or its absence, into the field of the option. */
static void store(const struct cli_option *option, const struct cli_value *value,
                  struct cli_settings *settings) {
    char *field = (char *)settings + option->offset;
    int number = value->set ? (int)value->number : CLI_NONE;
    bool on = value->set && value->number != 0;
    const void *servers = value->servers;

    switch (option->type) {
    case CLI_SWITCH_FILE:
        memcpy((char *)settings + option->file_offset, &value->text, sizeof(value->text));
        memcpy(field, &on, sizeof(on));
        return;
    case CLI_SWITCH:
        memcpy(field, &on, sizeof(on));
        return;
    case CLI_U8:
    case CLI_U16:
    case CLI_CHOICE:
        memcpy(field, &number, sizeof(number));
        return;
    case CLI_SIZE:
    case CLI_DURATION:
        memcpy(field, &value->number, sizeof(value->number));
        return;
    case CLI_ADDR:
        memcpy(field, &value->addr, sizeof(value->addr));
        return;
    case CLI_SERVERS:
        memcpy(field, &servers, sizeof(servers));
        return;
    case CLI_STRING:
    case CLI_PATH:
        memcpy(field, &value->text, sizeof(value->text));
        return;
    case CLI_COLORS:
    case CLI_KEYS:
        return; /* item by item, below */
    }
    hops_unreachable();
}

static struct cli_value built_in(const struct cli_option *option, struct cli_arena *arena) {
    struct cli_value value = {0};

    if (option->deflt != NULL && !cli_option_is_switch(option)) {
        struct cli_text why = {0};
        bool ok = cli_value_parse(option, option->deflt, arena, &value, &why);

        assert(ok);
        (void)ok;
        cli_text_done(&why);
    }
    return value;
}

static void merge_lists(const struct cli_layer *const layers[3], struct cli_settings *settings) {
    for (size_t i = 0; i < CLI_THEME_ITEMS; i++) {
        (void)cli_color_parse(cli_theme_item(i)->deflt, &settings->theme[i]);
        for (size_t layer = 0; layer < 3; layer++) {
            if (layers[layer]->theme_set[i]) {
                settings->theme[i] = layers[layer]->theme[i];
                settings->theme_given[i] = true;
            }
        }
    }
    for (size_t i = 0; i < CLI_COMMANDS; i++) {
        const char *deflt = cli_command(i)->deflt;

        (void)cli_key_parse(deflt, strlen(deflt), &settings->bindings[i], NULL);
        for (size_t layer = 0; layer < 3; layer++) {
            if (layers[layer]->binding_set[i]) {
                settings->bindings[i] = layers[layer]->bindings[i];
                settings->binding_given[i] = true;
            }
        }
    }
}

void cli_layer_merge(const struct cli_layer *args, const struct cli_layer *env,
                     const struct cli_layer *file, struct cli_settings *settings) {
    const struct cli_layer *const rising[3] = {file, env, args};

    for (size_t i = 0; i < cli_option_count(); i++) {
        const struct cli_option *option = cli_option(i);
        struct cli_value value = built_in(option, &settings->arena);

        settings->source[i] = CLI_SOURCE_BUILT_IN;
        for (size_t layer = 0; layer < 3; layer++) {
            const struct cli_value *v = &rising[layer]->values[i];
            bool undone = option->layering == CLI_LAYER_ON && value.number != 0 && v->number == 0;

            if (v->set && !undone) {
                value = *v;
                settings->source[i] = (uint8_t)(CLI_SOURCE_FILE + layer);
            }
        }
        store(option, &value, settings);
    }
    merge_lists(rising, settings);
    const struct cli_layer *from = args->target_count > 0 ? args : env;
    settings->targets = from->targets;
    settings->target_count = from->target_count;
}
