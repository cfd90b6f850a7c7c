/* SPDX-License-Identifier: MIT
 *
 * pretty and markdown: the same table in two drawings. Cells are gathered first, because every
 * column is as wide as its widest line; a cell may have several lines.
 */
#include "report/fields.h"
#include "report/width.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 3 + REPORT_FIELD_COUNT };

struct rule {
    const char *left, *fill, *cross, *right;
};

struct drawing {
    struct rule top, head, row, bottom; /* left NULL: none */
    const char *side, *between;
    bool escape_bar; /* a bar inside a cell would end it */
};

static const struct drawing box = {
    .top = {"┌", "─", "┬", "┐"},
    .head = {"╞", "═", "╪", "╡"},
    .row = {"├", "╌", "┼", "┤"},
    .bottom = {"└", "─", "┴", "┘"},
    .side = "│",
    .between = "┆",
};

static const struct drawing bars = {
    .head = {"|", "-", "|", "|"},
    .side = "|",
    .between = "|",
    .escape_bar = true,
};

struct table {
    const struct drawing *drawing;
    struct report_buf text; /* the cells one after the other, each with a NUL behind */
    size_t *starts;         /* where they begin */
    size_t count, room;
    size_t width[COLUMNS];
    bool bad;
};

/* One physical line of a cell; moves *at past it. False if there is none left. */
static bool next_line(const char **at, const char **line, size_t *len) {
    if (*at == NULL) {
        return false;
    }
    const char *end = strchr(*at, '\n');
    *line = *at;
    *len = end == NULL ? strlen(*at) : (size_t)(end - *at);
    *at = end == NULL ? NULL : end + 1;
    return true;
}

static bool remember_start(struct table *table) {
    if (table->count == table->room) {
        size_t room = table->room == 0 ? 64 * (size_t)COLUMNS : 2 * table->room;
        size_t *starts = realloc(table->starts, room * sizeof(*starts));
        if (starts == NULL) {
            table->bad = true;
            return false;
        }
        table->starts = starts;
        table->room = room;
    }
    table->starts[table->count] = table->text.len;
    return true;
}

static void add_cell(struct table *table, const char *text) {
    if (table->bad || !remember_start(table)) {
        return;
    }
    size_t start = table->text.len;
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '|' && table->drawing->escape_bar) {
            report_buf_str(&table->text, "\\");
        }
        report_buf_add(&table->text, p, 1);
    }
    report_buf_add(&table->text, "", 1);
    if (table->text.bad) {
        table->bad = true;
        return;
    }

    size_t *width = &table->width[table->count % COLUMNS];
    const char *at = table->text.text + start;
    const char *line;
    size_t len;
    while (next_line(&at, &line, &len)) {
        size_t cells = report_width_text(line, len);
        *width = cells > *width ? cells : *width;
    }
    table->count++;
}

static void add_head(struct table *table) {
    add_cell(table, "Hop");
    add_cell(table, "IPs");
    add_cell(table, "Addrs");
    for (size_t i = 0; i < REPORT_FIELD_COUNT; i++) {
        add_cell(table, report_fields[i].title);
    }
}

/* Adds the gathered text as a cell and empties it. */
static void take_cell(struct table *table, struct report_buf *text) {
    table->bad = table->bad || text->bad;
    add_cell(table, text->len == 0 ? "???" : text->text);
    report_buf_clear(text);
}

static void add_hop(struct table *table, const struct report_row *row,
                    const struct hops_names *names) {
    struct report_buf text = {0};
    char number[REPORT_NUMBER_MAX];

    report_buf_format(&text, "%u", row->hop->ttl);
    take_cell(table, &text);
    report_add_addrs(&text, row->hop, "\n");
    take_cell(table, &text);
    report_add_names(&text, row->hop, names, "\n");
    take_cell(table, &text);
    report_buf_done(&text);
    for (size_t i = 0; i < REPORT_FIELD_COUNT; i++) {
        const struct report_field *field = &report_fields[i];
        add_cell(table, report_field_text(field, field->text_decimals, row, number));
    }
}

static void draw_rule(struct report_buf *out, const struct table *table, const struct rule *rule) {
    if (rule->left == NULL) {
        return;
    }
    report_buf_str(out, rule->left);
    for (size_t c = 0; c < COLUMNS; c++) {
        report_buf_str(out, c == 0 ? "" : rule->cross);
        for (size_t i = 0; i < table->width[c] + 2; i++) {
            report_buf_str(out, rule->fill);
        }
    }
    report_buf_str(out, rule->right);
    report_buf_str(out, "\n");
}

static void draw_row(struct report_buf *out, const struct table *table, size_t row) {
    const char *at[COLUMNS];
    bool more = true;

    for (size_t c = 0; c < COLUMNS; c++) {
        at[c] = table->text.text + table->starts[row * COLUMNS + c];
    }
    while (more) {
        more = false;
        for (size_t c = 0; c < COLUMNS; c++) {
            const char *line = "";
            size_t len = 0;

            (void)next_line(&at[c], &line, &len);
            report_buf_str(out, c == 0 ? table->drawing->side : table->drawing->between);
            report_buf_str(out, " ");
            report_buf_add(out, line, len);
            for (size_t w = report_width_text(line, len); w < table->width[c] + 1; w++) {
                report_buf_str(out, " ");
            }
            more = more || at[c] != NULL;
        }
        report_buf_str(out, table->drawing->side);
        report_buf_str(out, "\n");
    }
}

static void draw(struct report_buf *out, const struct table *table) {
    size_t rows = table->count / COLUMNS;

    draw_rule(out, table, &table->drawing->top);
    draw_row(out, table, 0);
    draw_rule(out, table, &table->drawing->head);
    for (size_t row = 1; row < rows; row++) {
        if (row > 1) {
            draw_rule(out, table, &table->drawing->row);
        }
        draw_row(out, table, row);
    }
    draw_rule(out, table, &table->drawing->bottom);
}

static void add_table(struct report_buf *out, const struct drawing *drawing,
                      const struct report_target *target, const struct hops_names *names) {
    struct table table = {.drawing = drawing};
    struct hops_hop hop;
    unsigned ttl = 0;

    add_head(&table);
    while (report_next_hop(target, &ttl, &hop)) {
        struct report_row row = {.hop = &hop, .stats = target->stats};
        add_hop(&table, &row, names);
    }
    if (table.bad) {
        out->bad = true;
    } else {
        draw(out, &table);
    }
    free(table.starts);
    report_buf_done(&table.text);
}

static bool write_tables(FILE *out, const struct report_input *input,
                         const struct drawing *drawing) {
    struct report_buf buf = {0};

    for (size_t t = 0; t < input->count; t++) {
        report_buf_str(&buf, t == 0 ? "" : "\n");
        report_add_title(&buf, input, t, "");
        add_table(&buf, drawing, &input->targets[t], input->names);
    }
    return report_finish(out, &buf);
}

bool report_pretty(FILE *out, const struct report_input *input) {
    return write_tables(out, input, &box);
}

bool report_markdown(FILE *out, const struct report_input *input) {
    return write_tables(out, input, &bars);
}
