#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Builds and runs the tests of one build folder and ends with "N passed, N failed, N skipped":
#
#     tools/test.sh BUILD [--strict] [arguments for meson test...]
#
# --strict counts skipped tests as failed: for machines that can run all of them.
set -u
build=$1
shift
strict=
if [ "${1-}" = --strict ]; then
    strict=--strict
    shift
fi

# Without a log there is nothing to sum, so a build that fails cannot pass for the run before it.
rm -f "$build"/meson-logs/testlog*
ninja -C "$build" --quiet || { echo "0 passed, 1 failed, 0 skipped" && exit 1; }
meson test -C "$build" --no-rebuild --print-errorlogs "$@" </dev/null
status=$?
"$(dirname "$0")"/tally.py $strict "$build" || exit 1
exit $status
