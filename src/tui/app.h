/* SPDX-License-Identifier: MIT
 *
 * The screen as a value: what is shown, and how keys change it. No terminal, no clock, no network:
 * keys, events and time come in, a grid of cells comes out. Views read this struct; only commands
 * change it.
 */
#ifndef TUI_APP_H
#define TUI_APP_H

#include <hops/event.h>

#include "tui/command.h"
#include "tui/grid.h"
#include "tui/key.h"
#include "tui/layout.h"
#include "tui/line.h"
#include "tui/model.h"
#include "tui/text.h"
#include "tui/theme.h"

enum tui_address_mode { TUI_ADDRESS_IP, TUI_ADDRESS_HOST, TUI_ADDRESS_BOTH };

enum tui_as_mode {
    TUI_AS_ASN,
    TUI_AS_PREFIX,
    TUI_AS_COUNTRY_CODE,
    TUI_AS_REGISTRY,
    TUI_AS_ALLOCATED,
    TUI_AS_NAME
};

enum tui_extension_mode {
    TUI_EXTENSION_OFF,
    TUI_EXTENSION_MPLS,
    TUI_EXTENSION_FULL,
    TUI_EXTENSION_ALL
};

enum tui_geoip_mode { TUI_GEOIP_OFF, TUI_GEOIP_SHORT, TUI_GEOIP_LONG, TUI_GEOIP_LOCATION };

enum { TUI_COLUMN_CODES = 40 };

/* What the program was told, and what keys changed since. */
struct tui_options {
    const char *version; /* borrows */
    const char *locale;  /* "en"; borrows */
    bool privileged;
    enum tui_address_mode address_mode;
    enum tui_as_mode as_mode;
    enum tui_extension_mode extension_mode;
    enum tui_geoip_mode geoip_mode;
    unsigned max_addrs;             /* 0: automatic */
    int privacy;                    /* hops up to this TTL are hidden; -1: none, nor the source */
    char columns[TUI_COLUMN_CODES]; /* codes of the columns shown, in order */
    bool as_possible;               /* there is something to ask for AS data */
    bool as_info;                   /* and it is to be asked */
    bool preserve_screen;
    bool status_letters; /* letters instead of coloured marks; also with COLORBLIND */
    bool mouse;
    hops_ns refresh;        /* least time between two frames */
    const char *timezone;   /* for the settings; NULL: the system's; borrows */
    const char *geoip_file; /* NULL: none; borrows */
    enum tui_preset preset;
    bool color_given[TUI_ITEMS]; /* an item's colour is not the preset's */
    struct tui_theme theme;
    struct tui_key bindings[TUI_COMMANDS];
};

/* Everything at its built-in value. A preset is put on with tui_theme_change(). */
void tui_options_init(struct tui_options *options);

/* The settings dialog. */

enum tui_tab {
    TUI_TAB_TUI,
    TUI_TAB_TRACE,
    TUI_TAB_DNS,
    TUI_TAB_GEOIP,
    TUI_TAB_BINDINGS, /* rows from here on are the screen's own */
    TUI_TAB_THEME,
    TUI_TAB_COLUMNS,
    TUI_TABS
};

/* A row of the dialog as the program gives it. Where the screen knows better (what keys changed,
 * what the current target has of its own), value is not looked at. */
struct tui_setting {
    enum tui_tab tab;
    const char *name;        /* "dns-ttl"; borrows */
    const char *value;       /* fit to be shown; NULL: absent; borrows */
    enum tui_text_id absent; /* what is shown then */
};

/* What was changed since the start or since it was saved. */
enum { TUI_CHANGES_MAX = 16, TUI_CHANGE_VALUE = 48 };
struct tui_change {
    const char *name;             /* as in struct tui_setting */
    char value[TUI_CHANGE_VALUE]; /* "": no longer set */
};

enum tui_saving {
    TUI_SAVED,
    TUI_SAVED_BESIDE, /* into another file, since the right one could not be changed: why */
    TUI_NOT_SAVED     /* why */
};
struct tui_saved {
    enum tui_saving how;
    enum tui_text_id reason; /* why, or TUI_TEXTS: the system's text does */
    char path[128];
    char why[128];
};

/* A report to be saved: all targets, in a format of report_format_find(). */
struct tui_save {
    const char *format;
    size_t trace;          /* the one that is shown, which gives the file its name */
    int64_t local_seconds; /* the time on the screen's clock, as if it were UTC */
};

/* What the screen asks of the program. A function may be NULL: it cannot be had. */
struct tui_actions {
    void (*pause)(void *user, bool paused); /* probing */
    /* Saves it in a new file; out is the file's name, or (false) why there is none. */
    bool (*save)(void *user, const struct tui_save *save, char *out, size_t size);
    /* The report as text, to be freed; NULL: it could not be made. */
    char *(*report)(void *user, const char *format);
    /* Seconds east of UTC at a time; NULL: the C library's local time. */
    int32_t (*utc_offset)(void *user, int64_t unix_seconds);
    /* Writes the changes to the configuration file and tells how it went. */
    void (*save_settings)(void *user, const struct tui_change *changes, size_t count,
                          struct tui_saved *out);
    void *user;
};

enum tui_body { TUI_BODY_HOPS, TUI_BODY_CHART, TUI_BODY_MAP, TUI_BODY_OVERVIEW, TUI_BODY_EVENTS };
enum tui_dialog { TUI_DIALOG_NONE, TUI_DIALOG_HELP, TUI_DIALOG_SETTINGS };
enum tui_prompt { TUI_PROMPT_NONE, TUI_PROMPT_SEARCH, TUI_PROMPT_TTL, TUI_PROMPT_SAVE };
enum tui_exit { TUI_EXIT_NO, TUI_EXIT_QUIT, TUI_EXIT_PRESERVE };

enum { TUI_PROMPT_MAX = 64, TUI_MESSAGE_MAX = 160, TUI_ZOOM_MAX = 16 };

/* The clock of a recording. Its events are told in a time of their own, and its wall clock runs as
 * fast as it is replayed. */
struct tui_recorded {
    hops_ns time;    /* of events, at the same moment as ... */
    int64_t wall_ns; /* ... this */
};

struct tui_app {
    struct tui_options options;
    struct tui_sources sources;
    struct tui_actions actions;
    struct tui_catalogue catalogue;

    struct tui_trace *traces;
    size_t trace_count;
    size_t trace; /* the one that is shown */

    uint32_t flow;        /* 0: all flows together */
    bool flows;           /* the panel is open */
    size_t flow_scroll;   /* first bar shown */
    uint8_t selected_ttl; /* 0: no row is selected */
    size_t scroll;        /* first row shown */
    size_t address;       /* of the selected hop, in order of first answer */
    bool details;
    unsigned limit_before_details; /* max_addrs to go back to */
    char sort;                     /* code of the column rows are ordered by; 0: by the path */
    bool sort_reversed;

    enum tui_body body;
    enum tui_dialog dialog;
    unsigned zoom;                      /* of the chart, 1..TUI_ZOOM_MAX */
    const struct tui_setting *settings; /* borrows */
    size_t setting_count;
    size_t settings_tab;
    int settings_row;                    /* -1: none */
    size_t settings_scroll;              /* first row shown */
    char column_order[TUI_COLUMN_CODES]; /* all columns, those that are not shown too */
    struct tui_options saved;            /* what the configuration file is known to say */
    size_t help_scroll;                  /* first line shown */
    enum tui_dialog help_over;           /* what the help was opened from, and gives way to again */
    bool chart_hidden[256];              /* by TTL: the hop has no curve in the chart */

    struct tui_overview *overview;
    struct tui_journal *journal;
    uint64_t note;      /* number of the selected one; 0: none, the newest are in sight */
    size_t note_scroll; /* first one shown */
    bool notes_of_one;  /* only those of the target that is shown */
    size_t save_format; /* number of the one that is chosen */
    char *clipboard;    /* text to be put on it; whoever does it frees and clears it */

    bool frozen;
    hops_ns frozen_since;
    uint64_t frozen_note; /* the newest one then */
    bool paused;

    enum tui_prompt prompt;
    char input[TUI_PROMPT_MAX];
    char last_search[TUI_PROMPT_MAX];
    char message[TUI_MESSAGE_MAX]; /* in the info bar, until message_until */
    hops_ns message_until;

    hops_ns now;
    int64_t wall_ns; /* UTC, since 1970 */
    bool is_recorded;
    struct tui_recorded recorded;
    bool dirty;
    enum tui_exit exit;
    bool suspend, redraw; /* asked for; whoever does it clears it */

    int columns, rows; /* of the last frame */
    struct tui_layout layout;
};

struct tui_app_inputs {
    const struct tui_options *options;
    const struct tui_sources *sources;     /* NULL: none */
    const struct tui_actions *actions;     /* NULL: none */
    const struct tui_catalogue *catalogue; /* NULL: English */
    const struct tui_setting *settings;    /* rows of the settings dialog; NULL: none */
    size_t setting_count;
    const struct tui_trace *traces;      /* name, config, stats, max_flows are taken over */
    size_t trace_count;                  /* at least 1 */
    const struct tui_recorded *recorded; /* NULL: it happens now */
};

/* False: no memory. */
bool tui_app_init(struct tui_app *app, const struct tui_app_inputs *inputs);
void tui_app_done(struct tui_app *app);

void tui_app_key(struct tui_app *app, const struct tui_key *key);
void tui_app_command(struct tui_app *app, enum tui_command command);

enum tui_mouse_kind { TUI_MOUSE_PRESS, TUI_MOUSE_WHEEL_UP, TUI_MOUSE_WHEEL_DOWN };
void tui_app_mouse(struct tui_app *app, enum tui_mouse_kind kind, int x, int y);

/* After the event was applied to the statistics of its trace. */
void tui_app_event(struct tui_app *app, const struct hops_event *event);
void tui_app_names_changed(struct tui_app *app);

/* Lets time pass; deadline: when something on the screen changes by time alone. */
void tui_app_tick(struct tui_app *app, hops_ns now, int64_t wall_ns);
hops_ns tui_app_deadline(const struct tui_app *app);

/* Draws everything on a grid of any size; clears dirty. */
void tui_app_draw(struct tui_app *app, struct tui_grid *grid);
bool tui_app_dirty(const struct tui_app *app);

/* For views. */
struct tui_trace *tui_app_trace(const struct tui_app *app);
const char *tui_app_text(const struct tui_app *app, enum tui_text_id id);
const char *tui_app_column_title(const struct tui_app *app, const struct report_column *column);
struct tui_style tui_app_style(const struct tui_app *app, enum tui_item fg, enum tui_item bg);

/* Shows that target, if there is one of that number. */
void tui_app_go_to_trace(struct tui_app *app, size_t trace);

/* Shows a message in the info bar for a while. */
void tui_app_say(struct tui_app *app, const char *message);

/* Seconds east of UTC at a time, where the user is. */
int32_t tui_app_utc_offset(const struct tui_app *app, int64_t unix_seconds);

/* Name of a target, or what stands for it where privacy hides it. */
void tui_app_target_text(const struct tui_app *app, size_t trace, struct tui_line *out);

/* Is it among the hops that privacy hides? */
bool tui_app_hides_target(const struct tui_app *app, size_t trace);

/* Opens the help; when it is closed, the dialog that was open is back. */
void tui_app_open_help(struct tui_app *app);

/* Text of the key of a command. */
char *tui_app_key_text(const struct tui_app *app, enum tui_command command, char out[TUI_KEY_TEXT]);

/* TTLs of the rows in the order in which they are shown. */
enum { TUI_ROWS_MAX = 256 };
size_t tui_app_rows(const struct tui_app *app, uint8_t out[TUI_ROWS_MAX]);

/* TTL of the selected hop, or of the target's if none is selected; 0: no data. */
uint8_t tui_app_marked_ttl(const struct tui_app *app);

/* Is this TTL within what privacy hides? */
bool tui_app_hides(const struct tui_app *app, uint8_t ttl);

#endif
