#!/bin/sh
# Tries a program out on a machine of its own system, with nothing installed: sh try-program.sh PROGRAM
# Its demonstration sends a streamed request with a tool through the proxy, and needs neither key nor network.
set -eu

program=$1

# Says a program's words when they are not the right ones.
expect() {
  words=$1
  shift
  output=$("$@" 2>&1) || {
    printf '%s\n' "$output" "FAILED: $*" >&2
    exit 1
  }
  case $output in
    *"$words"*) printf '%s\n' "ok: $*" ;;
    *)
      printf '%s\n' "$output" "FAILED, not there: $words" >&2
      exit 1
      ;;
  esac
}

expect . "$program" --version
expect "serve" "$program" --help
expect "JavaScriptCore" "$program" licenses
expect "message_stop" "$program" demo --once --port 0
