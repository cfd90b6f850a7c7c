/* SPDX-License-Identifier: MIT */
#ifndef HOPS_HOPS_H
#define HOPS_HOPS_H

#include <hops/addr.h>
#include <hops/config.h>
#include <hops/err.h>
#include <hops/event.h>
#include <hops/extension.h>
#include <hops/link.h>
#include <hops/net.h>
#include <hops/probe.h>
#include <hops/run.h>
#include <hops/sim.h>
#include <hops/stats.h>
#include <hops/tracer.h>
#include <hops/types.h>

#endif
