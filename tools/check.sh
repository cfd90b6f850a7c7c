#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The gates. Each is a function below and can be run alone; without arguments all are run:
#
#     tools/check.sh [GATE...]
#
# A gate is quiet when it passes; its output is kept in build-check/GATE.log and shown when it fails.
# Ends with "N passed, N failed, 0 skipped". Build folders live below build-check and are kept, so a
# second run only compiles what changed.
set -u
cd "$(dirname "$0")/.." || exit 1
out=build-check
jobs=$(nproc)

all_gates=(format gcc clang headers arch san-gcc san-clang tidy cppcheck analyzer faults fuzz man scripts cross)

describe() {
    case $1 in
    format) echo 'clang-format changes nothing' ;;
    gcc) echo 'gcc builds everything without a warning' ;;
    clang) echo 'clang builds everything without a warning' ;;
    headers) echo 'each header compiles alone, the public ones as C++ too' ;;
    arch) echo 'who may include and call whom' ;;
    san-gcc) echo 'all tests under gcc address and undefined behaviour sanitizers' ;;
    san-clang) echo 'all tests under clang address and undefined behaviour sanitizers' ;;
    tidy) echo 'clang-tidy finds nothing' ;;
    cppcheck) echo 'cppcheck finds nothing' ;;
    analyzer) echo 'gcc -fanalyzer finds nothing' ;;
    faults) echo 'each allocation and each system call fails once' ;;
    fuzz) echo 'ten seconds of each fuzz target find nothing' ;;
    man) echo 'mandoc has no complaint about the manual pages' ;;
    scripts) echo 'shell and Python scripts parse' ;;
    cross) echo 'unit and scenario tests of libhops pass big-endian (s390x) and 32-bit (i686), emulated' ;;
    *) return 1 ;;
    esac
}

# configure NAME COMPILER [meson options...]: makes build-check/NAME once.
configure() {
    local dir=$out/$1 cc=$2 cxx=g++
    shift 2
    [ "$cc" = clang ] && cxx=clang++
    [ -f "$dir/build.ninja" ] || CC=$cc CXX=$cxx meson setup "$dir" "$@"
}

tracked() {
    git ls-files -- "$@"
}

gate_format() {
    tracked '*.c' '*.h' '*.cpp' | xargs clang-format --dry-run -Werror
}

gate_gcc() {
    configure gcc gcc -Dwerror=true && ninja -C $out/gcc
}

gate_clang() {
    configure clang clang -Dwerror=true && ninja -C $out/clang
}

gate_headers() {
    tests/arch/headers.py gcc g++ . && tests/arch/headers.py clang clang++ .
}

gate_arch() {
    gate_gcc && tools/test.sh $out/gcc --strict --suite arch
}

# Every test but those of the architecture, which look at objects without instrumentation.
# cmocka catches signals to go on with the next case; the sanitizers' own report must win.
sanitize() {
    local name=$1 cc=$2
    configure "$name" "$cc" -Db_sanitize=address,undefined -Db_lundef=false \
        -Dc_args=-fno-sanitize-recover=all -Dcpp_args=-fno-sanitize-recover=all || return 1
    ASAN_OPTIONS=handle_segv=2:handle_sigbus=2:handle_sigfpe=2:handle_sigill=2:abort_on_error=0 \
        UBSAN_OPTIONS=print_stacktrace=1 \
        tools/test.sh "$out/$name" --no-suite arch --timeout-multiplier 4
}

gate_san-gcc() {
    sanitize san-gcc gcc
}

gate_san-clang() {
    sanitize san-clang clang
}

gate_tidy() {
    configure clang clang -Dwerror=true || return 1
    # kqueue.c needs headers that only macOS and the BSDs have.
    tracked 'src/*.c' 'tests/*.c' 'examples/*.c' 'fuzz/*.c' 'bench/*.c' | grep -v '^src/net/kqueue\.c$' |
        xargs -r -P "$jobs" -n 1 clang-tidy -p $out/clang --quiet
}

gate_cppcheck() {
    mkdir -p $out/cppcheck
    # The compilers know the system's headers and what hops_unreachable() says about missing returns.
    # This version takes a result returned by value for a reference to the arguments (lifetimes), and
    # out-parameters for reads (ctuuninitvar); the sanitizers see both when they are real.
    tracked 'src/*.c' 'tests/*.c' 'examples/*.c' 'fuzz/*.c' 'bench/*.c' |
        cppcheck --enable=warning,performance,portability --std=c11 --language=c --inline-suppr \
            --suppress=missingIncludeSystem --suppress=missingReturn --suppress=internalAstError \
            --suppress=returnDanglingLifetime --suppress=invalidLifetime --suppress=ctuuninitvar \
            --error-exitcode=1 --quiet -j "$jobs" \
            --cppcheck-build-dir=$out/cppcheck -D_GNU_SOURCE -D__linux__ -D__GNUC__=12 \
            -Iinclude -Isrc -Itests --file-list=-
}

# The library and the program; the harness of the tests leaves functions by longjmp, which the
# analyzer takes for leaks.
gate_analyzer() {
    configure analyzer gcc -Dc_args=-fanalyzer -Dwerror=true || return 1
    local targets=(libhops.a)
    if ninja -C $out/analyzer -t query hops >/dev/null 2>&1; then
        targets+=(hops)
    fi
    ninja -C $out/analyzer "${targets[@]}"
}

# All of what the test suite tries a selection of.
gate_faults() {
    configure gcc gcc -Dwerror=true && ninja -C $out/gcc || return 1
    HOPS=$out/gcc/hops SHIM=$PWD/$out/gcc/tests/faults/libfaultshim.so tests/faults/test_faults.py --all
}

gate_fuzz() {
    tools/fuzz.sh -s 10 -j 2
}

gate_man() {
    local pages page
    mapfile -t pages < <(tracked 'docs/man/*.[1-9]')
    for page in "${pages[@]}"; do
        mandoc -Tlint -Wwarning "$page" || return 1
    done
    # The generated page, from whichever build there is.
    for page in build/hops $out/gcc/hops; do
        if [ -x "$page" ]; then
            "$page" --generate-man >$out/hops.1 && mandoc -Tlint -Wwarning $out/hops.1
            return
        fi
    done
}

gate_scripts() {
    local script status=0
    while read -r script; do
        case $(head -n 1 "$script") in
        '#!'*python3*) python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read())' \
            "$script" || status=1 ;;
        '#!'*bash*) bash -n "$script" || status=1 ;;
        '#!'*sh*) sh -n "$script" || status=1 ;;
        esac
    done < <(tracked tools .ci tests bench fuzz examples)
    return $status
}

# libhops, its unit and scenario tests; the program needs libraries that are not there for these. Both are
# built and run even if the first fails, and their sums stay in the log.
gate_cross() {
    local arch status=0
    for arch in s390x i686; do
        [ -f "$out/cross-$arch/build.ninja" ] ||
            meson setup "$out/cross-$arch" --cross-file "tools/cross/$arch.ini" -Dprogram=false \
                -Dwerror=true || return 1
        tools/test.sh "$out/cross-$arch" --strict --timeout-multiplier 4 || status=1
    done
    return $status
}

gates=("$@")
[ $# -gt 0 ] || gates=("${all_gates[@]}")
mkdir -p $out
passed=0
failed=0
for gate in "${gates[@]}"; do
    if ! about=$(describe "$gate"); then
        echo "tools/check.sh: no gate '$gate'; there are: ${all_gates[*]}" >&2
        exit 2
    fi
    begin=$SECONDS
    if "gate_$gate" >"$out/$gate.log" 2>&1 </dev/null; then
        passed=$((passed + 1))
        echo "ok      $gate: $about ($((SECONDS - begin)) s)"
    else
        failed=$((failed + 1))
        echo "FAILED  $gate: $about ($((SECONDS - begin)) s); the end of $out/$gate.log:"
        # What a compiler or a checker said first is what counts; of test runs, the end.
        grep -E -m 20 '(error|warning):|^not ok|^failed:|ERROR: ' "$out/$gate.log" | sed 's/^/    /'
        echo '    ...'
        tail -n 60 "$out/$gate.log" | sed 's/^/    /'
    fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
