#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes src/tui/world_table.h from the land outlines of Natural Earth 1:110m (public domain), as
the npm package world-atlas 2.0.2 (ISC) ships them in TopoJSON. Run by hand, should the world change:

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    tools/make_world.py package/land-110m.json > src/tui/world_table.h
"""

import json
import sys

PER_LINE = 6


def vertices(topology):
    """Longitude and latitude of every vertex, in hundredths of a degree, none twice. Arcs are
    quantised and delta-coded: a running sum, scaled and shifted."""
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    seen = {}
    for arc in topology["arcs"]:
        x = y = 0
        for dx, dy in arc:
            x, y = x + dx, y + dy
            point = (round(100 * (x * scale[0] + translate[0])),
                     round(100 * (y * scale[1] + translate[1])))
            seen[point] = True
    return list(seen)


with open(sys.argv[1], encoding="utf-8") as file:
    points = vertices(json.load(file))

print(f"""/* SPDX-License-Identifier: MIT
 *
 * Written by tools/make_world.py from Natural Earth 1:110m land (public domain), packaged by
 * world-atlas 2.0.2; do not edit. The {len(points)} vertices of the outlines of all land: longitude and
 * latitude in hundredths of a degree.
 */
#ifndef TUI_WORLD_TABLE_H
#define TUI_WORLD_TABLE_H

#include <stdint.h>

struct world_vertex {{
    int16_t longitude, latitude;
}};

/* clang-format off */
static const struct world_vertex world[] = {{""")
for i in range(0, len(points), PER_LINE):
    print("    " + " ".join(f"{{{x},{y}}}," for x, y in points[i : i + PER_LINE]))
print("""};
/* clang-format on */

#endif""")
