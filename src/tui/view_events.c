/* SPDX-License-Identifier: MIT
 *
 * The page of what happened, newest on top. As long as no line is selected the newest are in sight;
 * a selected line stays where it is when others come.
 */
#include "tui/events.h"
#include "tui/format.h"
#include "tui/journal.h"
#include "tui/list.h"
#include "tui/output.h"
#include "tui/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    DATES_FROM = 90,
    TARGET_MOST = 24,
    TIME_WIDTH = 8,
    DATE_WIDTH = 19,
    TTL_WIDTH = 4,
    FOOT_FROM = 6
};

struct notes {
    size_t count;
    size_t selected; /* count: none */
    const struct tui_note *note[TUI_JOURNAL_NOTES];
};

/* Those that are to be shown, newest first. */
static void choose_notes(const struct tui_app *app, struct notes *out) {
    uint64_t first = tui_journal_first(app->journal);
    uint64_t last = app->frozen ? app->frozen_note : tui_journal_last(app->journal);

    out->count = 0;
    for (uint64_t n = last; n >= first; n--) {
        const struct tui_note *note = tui_journal_note(app->journal, n);
        if (!app->notes_of_one || note->trace == TUI_NOTE_ALL || note->trace == app->trace) {
            out->note[out->count++] = note;
        }
    }
    out->selected = out->count;
    for (size_t i = 0; i < out->count && app->note != 0; i++) {
        out->selected = out->note[i]->number == app->note ? i : out->selected;
    }
}

/* Texts. */

static void add_address(const struct tui_app *app, uint8_t ttl, const struct hops_addr *addr,
                        struct tui_line *out) {
    char text[HOPS_ADDR_TEXT_MAX];

    tui_line_clear(out);
    if (tui_app_hides(app, ttl)) {
        tui_line_format(out, "**%s**", tui_app_text(app, TUI_T_HIDDEN));
        return;
    }
    struct tui_name name = {.state = TUI_LOOKUP_NONE};
    if (app->options.address_mode != TUI_ADDRESS_IP) {
        name = tui_name_of(&app->sources, addr);
    }
    bool named = name.state == TUI_LOOKUP_FOUND && name.first != NULL && name.first[0] != '\0';
    tui_line_add(out, named ? name.first : hops_addr_format(addr, text));
    if (named && app->options.address_mode == TUI_ADDRESS_BOTH) {
        tui_line_format(out, " (%s)", hops_addr_format(addr, text));
    }
}

static enum tui_text_id text_of(const struct tui_note *note) {
    switch (note->kind) {
    case TUI_NOTE_ROUTE:
        return TUI_T_NOTE_ROUTE;
    case TUI_NOTE_ROUTE_FLAPS:
        return TUI_T_NOTE_ROUTE_FLAPS;
    case TUI_NOTE_ROUTE_STEADY:
        return TUI_T_NOTE_ROUTE_STEADY;
    case TUI_NOTE_LENGTH:
        return TUI_T_NOTE_LENGTH;
    case TUI_NOTE_LENGTH_FLAPS:
        return TUI_T_NOTE_LENGTH_FLAPS;
    case TUI_NOTE_LENGTH_STEADY:
        return TUI_T_NOTE_LENGTH_STEADY;
    case TUI_NOTE_LOSS:
        return TUI_T_NOTE_LOSS;
    case TUI_NOTE_LOSS_ENDS:
        return TUI_T_NOTE_LOSS_ENDS;
    case TUI_NOTE_SEND_FAILS:
        return TUI_T_NOTE_SEND_FAILS;
    case TUI_NOTE_SEND_WORKS:
        return TUI_T_NOTE_SEND_WORKS;
    case TUI_NOTE_ERROR:
        return TUI_T_NOTE_ERROR;
    case TUI_NOTE_ENDED:
        return TUI_T_NOTE_ENDED;
    case TUI_NOTE_PAUSED:
        return TUI_T_NOTE_PAUSED;
    case TUI_NOTE_RESUMED:
        return TUI_T_NOTE_RESUMED;
    case TUI_NOTE_STALL:
        return TUI_T_NOTE_STALL;
    case TUI_NOTE_CLOCK:
        return note->duration < 0 ? TUI_T_NOTE_CLOCK_BACK : TUI_T_NOTE_CLOCK;
    }
    return TUI_T_UNKNOWN;
}

static void add_ends(const struct tui_app *app, const struct tui_note *note,
                     struct tui_line *before, struct tui_line *after) {
    tui_line_clear(before);
    tui_line_clear(after);
    if (note->kind == TUI_NOTE_LENGTH || note->kind == TUI_NOTE_LENGTH_FLAPS) {
        tui_line_format(before, "%u", note->length_before);
        tui_line_format(after, "%u", note->ttl);
    } else if (note->kind == TUI_NOTE_ROUTE || note->kind == TUI_NOTE_ROUTE_FLAPS) {
        add_address(app, note->ttl, &note->before, before);
        add_address(app, note->ttl, &note->after, after);
    }
}

/* To tenths of a second, which is finer than what is noted at all. */
static hops_ns rounded(hops_ns duration) {
    hops_ns tenth = HOPS_SEC / 10;

    return (duration < 0 ? -(duration / tenth) : duration / tenth) * tenth;
}

static void note_text(const struct tui_app *app, const struct tui_note *note,
                      struct tui_line *out) {
    char duration[TUI_FORMAT_MAX];
    char count[24];
    char error[160];
    char text[512];
    struct tui_line before;
    struct tui_line after;

    add_ends(app, note, &before, &after);
    (void)snprintf(count, sizeof(count), "%" PRIu64, note->count);
    (void)snprintf(error, sizeof(error), "%s: %s", hops_call_name(note->call),
                   strerror(note->os_errno));
    const struct tui_pair pairs[] = {
        {"before", before.text},
        {"after", after.text},
        {"count", count},
        {"error", error},
        {"duration", tui_format_duration(rounded(note->duration), duration)},
        {NULL, NULL}};
    tui_line_add(out, tui_text_fill(tui_app_text(app, text_of(note)), pairs, text, sizeof(text)));
}

/* "2031-04-04 06:07:08", or the time alone. */
static void time_text(const struct tui_app *app, const struct tui_note *note, bool date,
                      struct tui_line *out) {
    int64_t seconds = note->wall_ns / HOPS_SEC;
    char clock[TUI_FORMAT_MAX];

    tui_format_clock(seconds, tui_app_utc_offset(app, seconds), clock);
    char *t = strchr(clock, 'T');
    if (t == NULL || strlen(t) < 1 + TIME_WIDTH) {
        return;
    }
    *t = ' ';
    t[1 + TIME_WIDTH] = '\0';
    tui_line_add(out, date ? clock : t + 1);
}

static void target_text(const struct tui_app *app, const struct tui_note *note,
                        struct tui_line *out) {
    if (note->trace != TUI_NOTE_ALL) {
        tui_app_target_text(app, note->trace, out);
    }
}

static void ttl_text(const struct tui_note *note, struct tui_line *out) {
    if (note->ttl != 0) {
        tui_line_format(out, "#%u", note->ttl);
    }
}

/* Drawing. */

struct widths {
    int time, target; /* target 0: not shown */
};

static struct widths choose_widths(const struct tui_app *app, int w) {
    struct widths out = {.time = w >= DATES_FROM ? DATE_WIDTH : TIME_WIDTH};

    for (size_t i = 0; i < app->trace_count && app->trace_count > 1 && !app->notes_of_one; i++) {
        struct tui_line line;
        tui_line_clear(&line);
        tui_app_target_text(app, i, &line);
        int target = tui_text_width(line.text);
        out.target = target > out.target ? target : out.target;
    }
    int most = w / 4 < TARGET_MOST ? w / 4 : TARGET_MOST;
    out.target = out.target < most ? out.target : most;
    return out;
}

static int text_column(const struct widths *widths) {
    return widths->time + 1 + (widths->target > 0 ? widths->target + 1 : 0) + TTL_WIDTH + 1;
}

/* Where the selected note is said in full: at the bottom, if its line is too short for it. */
static struct tui_rect foot_of(const struct tui_app *app, struct tui_rect inside,
                               const struct notes *notes) {
    struct tui_rect foot = {inside.x, inside.y + inside.h, inside.w, 0};
    struct widths widths = choose_widths(app, inside.w);
    struct tui_line line;

    if (notes->selected == notes->count || inside.h < FOOT_FROM) {
        return foot;
    }
    tui_line_clear(&line);
    note_text(app, notes->note[notes->selected], &line);
    int w = tui_text_width(line.text);
    if (w > inside.w - text_column(&widths)) {
        foot.h = w <= inside.w ? 1 : 2;
        foot.y -= foot.h;
    }
    return foot;
}

static void draw_foot(const struct tui_app *app, struct tui_grid *grid, struct tui_rect foot,
                      const struct tui_note *note) {
    struct tui_style style = tui_app_style(app, TUI_HEADER_TEXT, TUI_HEADER_BG);
    struct tui_line line;
    const char *at = line.text;

    tui_line_clear(&line);
    note_text(app, note, &line);
    tui_grid_fill(grid, foot, style);
    for (int i = 0; i < foot.h; i++) {
        char part[sizeof(line.text)];
        size_t n = tui_text_fit(at, foot.w);
        memcpy(part, at, n);
        part[n] = '\0';
        tui_grid_text_in(grid, foot.x, foot.y + i, foot.w, style, part);
        at += n;
        at += *at == ' ';
    }
}

static void draw_note(const struct tui_app *app, struct tui_grid *grid, struct tui_rect rect,
                      const struct widths *widths, const struct tui_note *note) {
    bool selected = note->number == app->note;
    struct tui_style style =
        selected ? tui_app_style(app, TUI_ROW_ACTIVE_SELECTED_TEXT, TUI_ROW_ACTIVE_SELECTED_BG)
                 : tui_app_style(app, TUI_ROW_ACTIVE_TEXT, TUI_BG);
    struct tui_line line;
    int x = rect.x;

    tui_grid_fill(grid, rect, style);
    tui_line_clear(&line);
    time_text(app, note, widths->time == DATE_WIDTH, &line);
    tui_grid_text_in(grid, x, rect.y, widths->time, style, line.text);
    x += widths->time + 1;
    if (widths->target > 0) {
        tui_line_clear(&line);
        target_text(app, note, &line);
        tui_grid_text_in(grid, x, rect.y, widths->target, style, line.text);
        x += widths->target + 1;
    }
    tui_line_clear(&line);
    ttl_text(note, &line);
    tui_grid_text_in(grid, x, rect.y, TTL_WIDTH, style, line.text);
    x += TTL_WIDTH + 1;
    tui_line_clear(&line);
    note_text(app, note, &line);
    tui_grid_text_in(grid, x, rect.y, rect.x + rect.w - x, style, line.text);
}

static void draw_title(const struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_line title;

    tui_line_clear(&title);
    tui_line_add(&title, tui_app_text(app, TUI_T_TITLE_EVENTS));
    if (app->notes_of_one) {
        tui_line_add(&title, ": ");
        tui_app_target_text(app, app->trace, &title);
    }
    tui_grid_title(grid, rect, tui_app_style(app, TUI_BORDER, TUI_BG), title.text);
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_rect inside =
        tui_grid_frame(grid, rect, TUI_BOX_ROUND, tui_app_style(app, TUI_BORDER, TUI_BG));
    struct notes notes;

    draw_title(app, grid, rect);
    choose_notes(app, &notes);
    struct tui_rect foot = foot_of(app, inside, &notes);
    size_t visible = inside.h > 0 ? (size_t)(inside.h - foot.h) : 0;
    app->note_scroll =
        notes.selected == notes.count
            ? 0
            : tui_list_scroll(app->note_scroll, notes.selected, notes.count, visible);
    tui_list_more(app, grid, rect, app->note_scroll > 0, app->note_scroll + visible < notes.count);
    struct tui_rect before = tui_grid_clip(grid, inside);
    struct widths widths = choose_widths(app, inside.w);
    for (size_t i = 0; i < visible && app->note_scroll + i < notes.count; i++) {
        struct tui_rect line = {inside.x, inside.y + (int)i, inside.w, 1};
        draw_note(app, grid, line, &widths, notes.note[app->note_scroll + i]);
    }
    if (foot.h > 0) {
        draw_foot(app, grid, foot, notes.note[notes.selected]);
    }
    if (notes.count == 0) {
        tui_grid_centre(grid, inside.x, inside.y + inside.h / 3, inside.w,
                        tui_app_style(app, TUI_TEXT, TUI_BG), tui_app_text(app, TUI_T_NO_EVENTS));
    }
    tui_grid_unclip(grid, before);
}

/* Commands. */

bool tui_events_search(struct tui_app *app) {
    struct notes notes;

    choose_notes(app, &notes);
    size_t from = notes.selected < notes.count ? notes.selected + 1 : 0;
    if (app->input[0] != '\0') {
        memcpy(app->last_search, app->input, sizeof(app->last_search));
    }
    for (size_t i = 0; i < notes.count && app->last_search[0] != '\0'; i++) {
        const struct tui_note *note = notes.note[(from + i) % notes.count];
        struct tui_line line;
        tui_line_clear(&line);
        target_text(app, note, &line);
        tui_line_add(&line, " ");
        note_text(app, note, &line);
        if (strcasestr(line.text, app->last_search) != NULL) {
            app->note = note->number;
            return true;
        }
    }
    return false;
}

/* The target and the hop that a note is about. */
static void open_note(struct tui_app *app, const struct tui_note *note) {
    if (note->trace != TUI_NOTE_ALL) {
        tui_app_go_to_trace(app, note->trace);
        app->selected_ttl = note->ttl;
        app->address = 0;
        app->body = TUI_BODY_HOPS;
    }
}

static void copy_note(struct tui_app *app, const struct tui_note *note) {
    struct tui_line line;

    tui_line_clear(&line);
    time_text(app, note, true, &line);
    tui_line_add(&line, "\t");
    target_text(app, note, &line);
    tui_line_add(&line, "\t");
    ttl_text(note, &line);
    tui_line_add(&line, "\t");
    note_text(app, note, &line);
    tui_output_copy(app, line.text);
}

static bool command(struct tui_app *app, enum tui_command command) {
    size_t page = app->layout.body.h > 3 ? (size_t)(app->layout.body.h - 3) : 1;
    struct notes notes;
    size_t to;

    choose_notes(app, &notes);
    bool selected = notes.selected < notes.count;
    if (command == TUI_CMD_FILTER_EVENTS) {
        app->notes_of_one = !app->notes_of_one;
    } else if (command == TUI_CMD_CLEAR_SELECTION) {
        app->note = 0;
    } else if (command == TUI_CMD_OPEN && selected) {
        open_note(app, notes.note[notes.selected]);
    } else if (command == TUI_CMD_COPY_ROW && selected) {
        copy_note(app, notes.note[notes.selected]);
    } else if (notes.count > 0 && tui_list_step(command, notes.selected, notes.count, page, &to)) {
        app->note = notes.note[to]->number;
    } else {
        return false;
    }
    return true;
}

static void click(struct tui_app *app, struct tui_rect rect, int x, int y) {
    size_t line = y > rect.y ? (size_t)(y - rect.y - 1) : TUI_JOURNAL_NOTES;
    struct notes notes;

    (void)x;
    choose_notes(app, &notes);
    struct tui_rect inside = {rect.x + 1, rect.y + 1, rect.w - 2, rect.h - 2};
    if (y < foot_of(app, inside, &notes).y && app->note_scroll + line < notes.count) {
        const struct tui_note *note = notes.note[app->note_scroll + line];
        if (note->number == app->note) {
            open_note(app, note); /* the second click */
        }
        app->note = note->number;
    }
}

const struct tui_view tui_view_events = {.draw = draw, .command = command, .click = click};
