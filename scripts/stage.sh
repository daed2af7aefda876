# Sourced by the other scripts: goes to the root of the repository, and prints stages with the time they took.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target_folder=${CARGO_TARGET_DIR:-target}
stage_title=

# Ends the stage before and names the next one.
stage() {
    stage_end
    stage_title=$1
    stage_began=$SECONDS
    printf '\n==> %s\n' "$stage_title"
}

stage_end() {
    [ -z "$stage_title" ] || printf '<== %s: %s s\n' "$stage_title" "$((SECONDS - stage_began))"
    stage_title=
}

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# The runner of choice gives each test its own process and time limit; cargo's own will do without it.
has_nextest() {
    cargo nextest --version >/dev/null 2>&1
}
