# Sourced by benchmarks that start programs: a folder that goes away, programs that are ended, and Switchboard on SQLite.
: "${SWITCHBOARD:?the program to measure; make bench builds it and says where}"

folder=$(mktemp -d)
started=()
finish() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT

# Waits for the first line of $1, which the process $pid writes once it is ready, and leaves it in $line.
first_line() {
    for _ in $(seq 200); do
        line=$(head -n 1 "$1" 2>/dev/null || true)
        [ -z "$line" ] || return 0
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.02
    done
    cat "$folder/errors" >&2
    exit 1
}

# Starts a program whose first line says that it is ready; the line is left in $line, the process in $pid.
begin() {
    local out=$folder/out.$RANDOM
    "$@" >"$out" 2>>"$folder/errors" &
    pid=$!
    started+=("$pid")
    first_line "$out"
}

# Starts a server of its own whose provider is at $1, and prints how quick it was. Its process is left in $server.
serve_with_provider() {
    (umask 077 && head -c 32 /dev/urandom | base64 >"$folder/key")
    export SWITCHBOARD_LISTEN=127.0.0.1:0 SWITCHBOARD_DATABASE_URL=sqlite:$folder/bench.db
    export SWITCHBOARD_ENCRYPTION_KEY_FILE=$folder/key SWITCHBOARD_LOG_FILTER=warn
    SWITCHBOARD_TOKEN=$("$SWITCHBOARD" token create)
    export SWITCHBOARD_TOKEN
    local ready_from
    ready_from=$(date +%s%N)
    begin "$SWITCHBOARD" serve
    printf 'switchboard: ready in %s ms\n' "$((($(date +%s%N) - ready_from) / 1000000))"
    server=$pid
    SWITCHBOARD_URL=${line#ready url=}
    export SWITCHBOARD_URL=${SWITCHBOARD_URL%% *}
    TWILIO_AUTH_TOKEN=00000000000000000000000000000001 "$SWITCHBOARD" credentials add main \
        --account-sid AC00000000000000000000000000000001 --api-base "$1" >/dev/null
}

# Memory of a process in MB: what it holds (VmRSS) or the most that it held (VmHWM).
memory() {
    awk -v of="$2:" '$1 == of { printf "%d", $2 / 1024 }' "/proc/$1/status"
}

# Starts a program that takes commands, one a line, and answers each with one line. Its first line is left in $line.
begin_people() {
    mkfifo "$folder/commands"
    "$@" <"$folder/commands" >"$folder/figures" 2>>"$folder/errors" &
    pid=$!
    started+=("$pid")
    people=$pid told=1
    exec 3>"$folder/commands"
    first_line "$folder/figures"
}

# Gives that program a command, and waits for its line, which is left in $figures.
tell() {
    echo "$*" >&3
    told=$((told + 1))
    until [ "$(wc -l <"$folder/figures")" -ge "$told" ]; do
        kill -0 "$people" 2>/dev/null || { cat "$folder/errors" >&2; exit 1; }
        sleep 0.05
    done
    figures=$(tail -n 1 "$folder/figures")
}
