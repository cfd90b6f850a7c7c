/* SPDX-License-Identifier: MIT */
#include "tui/layout.h"

static int larger(int a, int b) {
    return a > b ? a : b;
}

/* To the nearest, halves upwards. */
static int nearest(double value) {
    return (int)(value + 0.5);
}

/* Takes up to `most` cells from *band to fill *missing. */
static void give(int *band, int most, int *missing) {
    int n = *missing < most ? *missing : most;

    n = n < *band ? n : *band;
    *band -= n;
    *missing -= n;
}

struct tui_layout tui_layout(int columns, int rows, bool tabs, bool flows) {
    int header = 4;
    int middle = tabs ? 3 : flows ? 6 : 0;
    int history = 6;
    int info = 1;
    int missing = larger(0, header + middle + 10 + history + info - rows);
    int left = nearest(0.75 * columns);
    struct tui_layout l = {0};

    give(&history, 5, &missing);
    give(&info, 1, &missing);
    give(&history, 1, &missing);
    give(&header, 4, &missing);
    give(&middle, middle, &missing);

    int body = larger(0, rows - header - middle - history - info);
    int y = 0;
    l.header = (struct tui_rect){0, y, columns, header};
    y += header;
    *(tabs ? &l.tabs : &l.flows) = (struct tui_rect){0, y, columns, middle};
    y += middle;
    l.body = (struct tui_rect){0, y, columns, body};
    y += body;
    l.history = (struct tui_rect){0, y, left, history};
    l.frequency = (struct tui_rect){left, y, columns - left, history};
    y += history;
    l.info = (struct tui_rect){0, y, columns, info};
    return l;
}

struct tui_rect tui_layout_dialog(int columns, int rows) {
    int left = nearest(0.2 * columns);
    int top = nearest(0.2 * rows);

    return (struct tui_rect){left, top, nearest(0.8 * columns) - left, nearest(0.8 * rows) - top};
}

/* The level at which widths, cut (or raised) to it, add up to the space. */
static double level(const double min[], size_t n, double space, bool raise) {
    double low = 0.0;
    double high = space > 0.0 ? space : 0.0;

    for (int step = 0; step < 64; step++) {
        double middle = (low + high) / 2.0;
        double sum = 0.0;
        for (size_t i = 0; i < n; i++) {
            sum += (min[i] > middle) == raise ? min[i] : middle;
        }
        if (sum < space) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (low + high) / 2.0;
}

void tui_layout_columns(int columns, size_t n, int host, const int min[], int out_x[],
                        int out_w[]) {
    double least[TUI_COLUMNS_MAX] = {0};
    double space = columns - 2.0 - ((double)n - 1.0);
    double sum = 0.0;
    double x = 0.0;

    for (size_t i = 0; i < n; i++) {
        least[i] = (int)i == host ? 0.0 : min[i];
        sum += least[i];
    }
    if (host >= 0 && sum < columns) {
        least[host] = columns - sum;
        sum = columns;
    }
    bool raise = sum < space;
    double l = level(least, n, space, raise);
    for (size_t i = 0; i < n; i++) {
        double w = (least[i] > l) == raise ? least[i] : l;
        out_x[i] = nearest(x);
        out_w[i] = larger(0, nearest(x + w) - out_x[i]);
        x += w + 1.0;
    }
}
