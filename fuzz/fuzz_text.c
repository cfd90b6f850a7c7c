/* SPDX-License-Identifier: MIT
 *
 * Text from anywhere on its way to a screen, a table or a document: cleaning, widths, JSON strings
 * and cells of a grid.
 */
#include "fuzz.h"
#include "text_check.h"

#include <jansson.h>
#include <string.h>

#include "base/text.h"
#include "report/buf.h"
#include "report/json.h"
#include "report/value.h"
#include "report/width.h"
#include "tui/grid.h"

enum { ROOM = 8192 };

/* Clean, the same again when cleaned again, and cut between characters if there is no room. */
static void clean(const char *text, size_t len) {
    char out[ROOM];
    char again[ROOM];
    char cut[ROOM];
    size_t whole = hops_text_sanitize(text, len, out, sizeof(out));

    fuzz_check_clean(out, sizeof(out));
    FUZZ_CHECK(whole == hops_text_sanitize(text, len, NULL, 0));
    FUZZ_CHECK(whole <= 4 * len && (whole >= sizeof(out) || strlen(out) == whole));
    (void)hops_text_sanitize(out, strlen(out), again, sizeof(again));
    FUZZ_CHECK(strcmp(out, again) == 0);
    for (size_t size = 1; size <= 9 && size <= whole; size++) {
        FUZZ_CHECK(hops_text_sanitize(text, len, cut, size) == whole);
        fuzz_check_clean(cut, size);
        FUZZ_CHECK(strncmp(cut, out, strlen(cut)) == 0);
    }
    FUZZ_CHECK(report_width_text(out, strlen(out)) <= strlen(out));
}

/* A JSON document with the text as key's value: jansson, which is strict, must read it back. */
static void json(const char *text) {
    char *document = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&document, &len);
    struct report_json writer;
    json_error_t error;

    if (out == NULL) {
        abort();
    }
    report_json_init(&writer, out);
    report_json_object(&writer, NULL);
    report_json_string(&writer, "text", text);
    report_json_close(&writer);
    (void)fclose(out);
    json_t *read = json_loadb(document, len, 0, &error);
    FUZZ_CHECK(json_is_string(json_object_get(read, "text")));
    json_decref(read);
    free(document);
}

/* Whatever is written, no cell outside the clip rectangle changes, and none holds a control
 * character. */
static void grid(const char *text, int x, int y, bool ascii) {
    static const struct tui_style style = {0};
    struct tui_grid g = {.ascii = ascii};

    if (!tui_grid_resize(&g, 20, 5)) {
        abort();
    }
    struct tui_rect before = tui_grid_clip(&g, (struct tui_rect){2, 1, 15, 3});
    int width = tui_grid_text(&g, x, y, style, text);
    FUZZ_CHECK(width >= 0 && width == tui_text_width(text));
    tui_grid_centre(&g, 2, 2, 15, style, text);
    (void)tui_grid_text_in(&g, x, 3, 7, style, text);
    tui_grid_unclip(&g, before);
    for (int row = 0; row < 5; row++) {
        for (int column = 0; column < 20; column++) {
            const struct tui_cell *cell = tui_grid_at(&g, column, row);
            bool inside = column >= 2 && column < 17 && row >= 1 && row < 4;
            fuzz_check_clean(cell->text, sizeof(cell->text));
            FUZZ_CHECK(inside || strcmp(cell->text, " ") == 0);
            FUZZ_CHECK(cell->width != 2 || tui_grid_at(&g, column + 1, row)->width == 0);
        }
    }
    tui_grid_done(&g);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) {
        return 0;
    }
    char *text = fuzz_string(data + 2, size - 2);
    struct report_buf buf = {0};

    clean((const char *)data + 2, size - 2);
    json(text);
    grid(text, (int)data[0] - 100, (int)data[1] % 8 - 2, (data[1] & 0x80) != 0);
    report_add_clean(&buf, text);
    fuzz_check_clean(report_buf_text(&buf), buf.len + 1);
    report_buf_done(&buf);
    free(text);
    return 0;
}
