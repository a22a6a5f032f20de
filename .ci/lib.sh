# What .ci/run and .ci/long share; they source it and call run_steps.
set -uo pipefail

# Tests that use public test suites find them through CORPUS, and that of the core specification through CORE_SUITE.
if [ -z "${CORPUS:-}" ] && [ -d ../shared/corpus ]; then
    CORPUS=$(cd ../shared/corpus && pwd)
    export CORPUS
fi
if [ -z "${CORE_SUITE:-}" ] && [ -d ../shared/core-suite ]; then
    CORE_SUITE=$(cd ../shared/core-suite && pwd)
    export CORE_SUITE
fi

# The npm packages that .ci/tools installs, unless MORTISE_JCO names others.
if [ -z "${MORTISE_JCO:-}" ] && [ -d .tools/npm/node_modules/@bytecodealliance ]; then
    MORTISE_JCO=$PWD/.tools/npm
    export MORTISE_JCO
fi

failed=() skipped=() passed=()

# skip REASON leaves out the step that calls it.
skip() {
    echo "SKIPPED: $1"
    skipped+=("$current")
}

# run_steps NAME... calls run_NAME for each, in this shell, so that a step can export what later ones need.
# It goes on after a failure and ends the script with a summary.
run_steps() {
    local start before
    for current in "$@"; do
        if ! declare -F "run_$current" >/dev/null; then
            echo "no step $current; there are: ${steps[*]}" >&2
            exit 2
        fi
    done
    go version || exit 1
    for current in "$@"; do
        printf '\n==> %s\n' "$current"
        start=$SECONDS
        before=${#skipped[@]}
        if "run_$current" </dev/null; then
            if [ "${#skipped[@]}" = "$before" ]; then passed+=("$current"); fi
            echo "    $current: $((SECONDS - start)) s"
        else
            failed+=("$current")
            echo "    $current: FAILED after $((SECONDS - start)) s"
        fi
    done
    printf '\npassed:  %s\nskipped: %s\nfailed:  %s\n' "${passed[*]:-none}" "${skipped[*]:-none}" "${failed[*]:-none}"
    [ ${#failed[@]} -eq 0 ]
    exit
}
