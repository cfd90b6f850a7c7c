#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Runs the fuzz targets (clang, address and undefined behaviour sanitizers):
#
#     tools/fuzz.sh [-s SECONDS] [-j JOBS] [TARGET...]
#
# Each target, all without arguments, for so many seconds (10), so many at a time (2). New inputs
# that reach further are kept in build-check/fuzz-work/TARGET, so the next run begins where this one
# ended; inputs that break something go to build-check/fuzz-findings and fail the run. Replay one with
# build-check/fuzz/fuzz/fuzz_TARGET FILE.
set -u
cd "$(dirname "$0")/.." || exit 1
out=build-check
seconds=10
jobs=2
while getopts s:j: option; do
    case $option in
    s) seconds=$OPTARG ;;
    j) jobs=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))

[ -f $out/fuzz/build.ninja ] ||
    CC=clang CXX=clang++ meson setup $out/fuzz -Dfuzz=true -Db_sanitize=address,undefined \
        -Db_lundef=false -Dc_args=-fno-sanitize-recover=all -Dcpp_args=-fno-sanitize-recover=all ||
    exit 1
all=()
for directory in fuzz/corpus/*/; do
    all+=("$(basename "$directory")")
done
targets=("$@")
[ $# -gt 0 ] || targets=("${all[@]}")
ninja -C $out/fuzz "${targets[@]/#/fuzz/fuzz_}" || exit 1
mkdir -p $out/fuzz-findings

one() {
    local target=$1 log=$out/fuzz-work/$1.log
    mkdir -p "$out/fuzz-work/$target"
    if UBSAN_OPTIONS=print_stacktrace=1 "$out/fuzz/fuzz/fuzz_$target" -max_total_time="$seconds" \
        -timeout=20 -rss_limit_mb=2560 -print_final_stats=1 \
        -artifact_prefix="$out/fuzz-findings/$target-" \
        "$out/fuzz-work/$target" "fuzz/corpus/$target" >"$log" 2>&1 </dev/null; then
        echo "ok      $target: $(sed -n 's/^stat::number_of_executed_units: //p' "$log") inputs"
    else
        echo "FAILED  $target; $log:"
        grep -E -m 8 'not true|runtime error|ERROR: |SUMMARY|Test unit written' "$log"
        return 1
    fi
}

status=0
running=0
for target in "${targets[@]}"; do
    if [ "$running" -ge "$jobs" ]; then
        wait -n || status=1
        running=$((running - 1))
    fi
    one "$target" &
    running=$((running + 1))
done
while [ "$running" -gt 0 ]; do
    wait -n || status=1
    running=$((running - 1))
done
exit $status
