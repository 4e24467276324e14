#!/bin/bash
# Plays java.exe of a node: records each call in $NODE/calls and $NODE/arguments, and runs the service with the real Java and a simulated cluster.
# A file $NODE/fail-COMMAND makes "service COMMAND" fail with its content.
set -u
here=$(dirname "$(dirname "$(readlink -f "$0")")")
touch "$here/was-run"
if [ "$1" = -XshowSettings:properties ] && [ "$2" = -version ]; then
    cat "$here/properties" >&2
    exit 0
fi
[ "$1" = -jar ] || { echo "unexpected: $*" >&2; exit 9; }
jar=$2
shift 2
if [ "$*" = version ]; then
    if [ "$(head -c 2 "$jar")" = PK ]; then exec "$REAL_JAVA" -XX:TieredStopAtLevel=1 -jar "$jar" version; fi
    exec cat "$jar"
fi
[ -e "$jar" ] || { echo "Error: Unable to access jarfile $jar" >&2; exit 1; }
# Only looks: "service install --check" is not among the calls, but in $NODE/checks.
if [ "${*: -1}" = --check ]; then
    echo "$(basename "$(dirname "$jar")")/$(basename "$jar") $*" >> "$NODE/checks"
    ls "$(dirname "$jar")" > "$NODE/beside-the-checked-jar"
    if [ -e "$NODE/fail-check" ]; then
        echo "csv-backup-agent: $(cat "$NODE/fail-check")" >&2
        exit 2
    fi
    exit 0
fi
echo "$(basename "$here") $(basename "$jar") $*" >> "$NODE/calls"
# The same with one argument a line, and an empty line after each call.
printf '%s\n' "$@" '' >> "$NODE/arguments"
[ "$1" = service ] || { echo "unexpected: $*" >&2; exit 9; }
command=$2
shift 2
if [ -e "$NODE/fail-$command" ]; then
    echo "csv-backup-agent: $(cat "$NODE/fail-$command")" >&2
    exit 1
fi
stop() {
    if [ -e "$NODE/running" ]; then
        kill "$(cat "$NODE/running")"
        while kill -0 "$(cat "$NODE/running")" 2>/dev/null; do sleep 0.1; done
        rm "$NODE/running"
    fi
}
case $command in
    install)
        java=$here options= java_options= copied= granted=
        for argument; do
            case $argument in
                --java=*) java=${argument#--java=} ;;
                --copy-java) copied=yes ;;
                --account=*)
                    echo "${argument#--account=}" > "$NODE/account"
                    granted='; it got the right to log on as a service'
                    ;;
                --java-option=*' '*) java_options="$java_options \"${argument#--java-option=}\"" ;;
                --java-option=*) java_options="$java_options ${argument#--java-option=}" ;;
                --*=*) case $argument in *' '*) options="$options \"$argument\"" ;; *) options="$options $argument" ;; esac ;;
                *) echo "csv-backup-agent: Unknown argument '$argument'." >&2; exit 2 ;;
            esac
        done
        if [ -n "$copied" ]; then
            copy=$(dirname "$jar")/java-17
            mkdir -p "$copy"
            cp -r "$java/." "$copy"
            touch "$copy/copied-by-csv-backup-agent.txt"
            java=$copy
        fi
        echo "\"$java/bin/java.exe\"${java_options:- -Xrs} -jar \"$jar\" service run$options" > "$NODE/service"
        echo "Account: $(cat "$NODE/account" 2>/dev/null || echo LocalSystem)$granted"
        if [ -e "$NODE/install-note" ]; then cat "$NODE/install-note"; fi
        ;;
    start)
        eval "arguments=($(cat "$NODE/service"))"
        for at in "${!arguments[@]}"; do [ "${arguments[$at]}" = run ] && break; done
        rm -f "$NODE/running"
        case "${arguments[*]}" in *--state-dir=*) ;; *) arguments+=("--state-dir=$NODE/ProgramData/csv-backup-agent") ;; esac
        "$REAL_JAVA" -XX:TieredStopAtLevel=1 -jar "$jar" --backend=simulated "${arguments[@]:$((at + 1))}" > "$NODE/out" 2>&1 < /dev/null &
        echo $! > "$NODE/running"
        for argument in "${arguments[@]}"; do case $argument in --port=*) echo "${argument#--port=}" > "$NODE/running-port" ;; esac; done
        ;;
    status)
        echo "The last start failed: $(head -n 1 "$NODE/out")"
        exit 3
        ;;
    stop) stop ;;
    uninstall)
        stop
        rm -f "$NODE/service"
        echo "The service has been removed. Its state directory stays: $NODE/ProgramData/csv-backup-agent"
        if [ -e "$NODE/account" ]; then
            echo "The account $(cat "$NODE/account") keeps the right to log on as a service; other services may need it."
        fi
        for mark in "$(dirname "$jar")"/java-*/copied-by-csv-backup-agent.txt; do
            copy=$(dirname "$mark")
            if [ "$copy" = "$here" ]; then
                echo "The copy of Java in $copy is in use and stays. Delete it when nothing uses it, such as this command."
            elif [ -e "$mark" ]; then
                rm -r "$copy"
            fi
        done
        ;;
    *) echo "unexpected: $command" >&2; exit 9 ;;
esac
