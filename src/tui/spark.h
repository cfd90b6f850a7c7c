/* SPDX-License-Identifier: MIT
 *
 * Samples as columns of one cell each, newest on the left, the tallest as high as the rectangle.
 */
#ifndef TUI_SPARK_H
#define TUI_SPARK_H

#include "tui/grid.h"

enum { TUI_SPARK_MAX = 1000 }; /* columns */

/* samples as hops_stats_sample() gives them. A lost one is told apart by its shape where there is
 * one row only, and in ASCII. */
void tui_spark_draw(struct tui_grid *grid, struct tui_rect rect, const uint32_t samples[],
                    size_t count, struct tui_style answered, struct tui_style lost);

#endif
