#!/usr/bin/env bash
# Runs everything that needs a GPU, and writes one report.
#
#   app/gpu-check.sh [REPORT.md]
#
# Needs NVIDIA's driver, a JDK 25 and Maven, and
#   HEADLIGHT_NATIVES  the folder with ONNX Runtime's libraries for CUDA (assets/docs/gpu.md)
#   HEADLIGHT_NVRTC    the folder of CUDA's run-time compiler, where the system does not find it
#   HEADLIGHT_LENGTHS  tokens of the benchmark (default 8192,32768,131072)
# Without a GPU it says what is missing and ends with status 3.
set -u
called=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

# A file or folder as it was named where the script was called.
named() {
    case $1 in
        /*) echo "$1" ;;
        *) echo "$called/$1" ;;
    esac
}

report=$(named "${1:-gpu-report.md}")
headlight=app/target/headlight/bin/headlight
lengths=${HEADLIGHT_LENGTHS:-8192,32768,131072}
failed=0

fail() {
    echo "$1" >&2
    exit 3
}

driver_found() {
    command -v nvidia-smi >/dev/null 2>&1 && nvidia-smi -L 2>/dev/null | grep -q GPU
}

driver_found || fail "There is no GPU of NVIDIA here (nvidia-smi lists none); run this on a machine with one."
command -v mvn >/dev/null 2>&1 || fail "Maven is not found; install it, or put mvn on the PATH."
[ -n "${HEADLIGHT_NATIVES:-}" ] && [ -d "$(named "$HEADLIGHT_NATIVES")" ] ||
    fail "HEADLIGHT_NATIVES does not name a folder; name the one with the natives of onnxruntime_gpu (assets/docs/gpu.md says where they come from)."
natives=$(cd "$(named "$HEADLIGHT_NATIVES")" && pwd)
nvrtc=()
if [ -n "${HEADLIGHT_NVRTC:-}" ]; then
    HEADLIGHT_NVRTC=$(named "$HEADLIGHT_NVRTC")
    nvrtc=(--nvrtc "$HEADLIGHT_NVRTC")
elif compgen -G "$natives/libnvrtc.so*" >/dev/null; then
    # Models find it there; the tests are to, as well.
    HEADLIGHT_NVRTC=$natives
fi
export HEADLIGHT_NVRTC=${HEADLIGHT_NVRTC:-}

draft=$(mktemp "$report.XXXXXX") || fail "$report cannot be written; name another file."
trap 'rm -f "$draft"' EXIT

echo "Building"
if ! mvn -q -B -DskipTests package; then
    [ -x "$headlight" ] || fail "Headlight does not build here; the lines above say why."
    echo "Headlight does not build here; the program that was built before is measured." >&2
fi

verdicts=$(mktemp) || fail "There is no place for temporary files; set TMPDIR."
details=$(mktemp) || fail "There is no place for temporary files; set TMPDIR."
trap 'rm -f "$draft" "$verdicts" "$details"' EXIT

# A part of the report: a title, and what a command prints; and a line of the table at its top.
part() {
    local title=$1 status
    shift
    echo "$title"
    {
        printf '## %s\n\n' "$title"
        printf '    $ %s\n' "$*"
        "$@" 2>&1 | sed 's/^/    /'
        status=${PIPESTATUS[0]}
        printf '\nStatus %s.\n\n' "$status"
    } >>"$details"
    if [ "$status" -eq 0 ]; then
        printf '| PASS | %s |\n' "$title" >>"$verdicts"
    else
        printf '| **FAIL** | %s |\n' "$title" >>"$verdicts"
        failed=$((failed + 1))
    fi
}

part 'The device' nvidia-smi
part 'Doctor' "$headlight" doctor --natives "$natives"
# Tests that find no GPU are to fail here, not to be left out.
tests() {
    part "$1" env "JAVA_TOOL_OPTIONS=-Donnxruntime.native.path=$natives" \
        "HEADLIGHT_NATIVES=$natives" HEADLIGHT_NEEDS_GPU=1 \
        mvn -B -pl "$2" -am test "-Dtest=$3" -Dsurefire.failIfNoSpecifiedTests=false
}
tests 'Kernels against double precision, memory over 1000 runs, a model on the GPU' \
    engine 'Gpu*Test,NvrtcTest,DeviceOpeningTest'
tests 'Every policy on the GPU against the processor' app PoliciesOnDeviceTest
# Models look for NVRTC in the natives' folder and where the system looks.
libraries=${LD_LIBRARY_PATH:-}
[ -z "$HEADLIGHT_NVRTC" ] || libraries=$HEADLIGHT_NVRTC${libraries:+:$libraries}
# Each thing that is compared has a line with PASS or FAIL, how far it is apart, and what is allowed.
part 'Models on the GPU against the processor, in floats and in halves: heads, policies, a response' \
    env "LD_LIBRARY_PATH=$libraries" "$headlight" bench devices --natives "$natives"
part 'Attention on the device' env "HEADLIGHT_NATIVES=$natives" \
    "$headlight" bench cuda --lengths "$lengths" --natives "$natives" ${nvrtc[@]+"${nvrtc[@]}"}

{
    echo '# Headlight on a GPU'
    echo
    echo "$(date -u '+%Y-%m-%d %H:%M') UTC, $(uname -sr), commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown), $(nvidia-smi --query-gpu=name,driver_version --format=csv,noheader | head -1)."
    echo
    echo '| | part |'
    echo '|---|---|'
    cat "$verdicts"
    echo
    if [ "$failed" -eq 0 ]; then
        echo 'Every part passed.'
    else
        echo "$failed parts failed; see their status below."
    fi
    echo
    echo '## What was compared'
    echo
    # The lines that say so themselves, once more where they are seen at once.
    grep -E '^    (PASS|FAIL) ' "$details" || echo '    Nothing: see below why.'
    echo
    cat "$details"
} >"$draft"
chmod a+r "$draft"
mv "$draft" "$report" || fail "$report cannot be written; name another file."
rm -f "$verdicts" "$details"
trap - EXIT
echo "$report is written; $failed parts failed."
[ "$failed" -eq 0 ]
