/* SPDX-License-Identifier: MIT
 *
 * For switch arms that our own code cannot reach. Never for packets, configuration or users.
 */
#ifndef BASE_UNREACHABLE_H
#define BASE_UNREACHABLE_H

#include <assert.h>

#define hops_unreachable() (assert(0 && "unreachable"), __builtin_unreachable())

#endif
