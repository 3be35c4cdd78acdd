#!/usr/bin/env bash
# Provides ucp-schema, the validator of UCP's documents, and prints the path of the program.
#
#   ucp-schema.sh DIR
#
# Uses UCP_SCHEMA if it is set, or the program on PATH. Otherwise compiles it from crates.io into DIR, once.
# It is no dependency of a crate: it demands serde_json with `preserve_order`, which would order the maps of every
# program that is built with it.
set -euo pipefail

dir=${1:?directory to install into}
program=$dir/bin/ucp-schema

log() { printf 'ucp-schema.sh: %s\n' "$*" >&2; }

if [ -n "${UCP_SCHEMA:-}" ]; then printf '%s\n' "$UCP_SCHEMA"; exit; fi
if found=$(command -v ucp-schema); then printf '%s\n' "$found"; exit; fi
if [ ! -x "$program" ]; then
  mkdir -p "$dir"
  exec 9>"$dir/lock"
  flock 9
  if [ ! -x "$program" ]; then
    command -v cargo >/dev/null || { log "there is no cargo"; exit 1; }
    # Outside of the workspace, whose settings are not meant for it.
    (cd "$dir" && CARGO_TARGET_DIR=$dir/target cargo install -q --locked --no-default-features --root "$dir" \
      ucp-schema@1.4.1 >&2) || { log "ucp-schema cannot be compiled from crates.io"; exit 1; }
    rm -rf "$dir/target"
  fi
fi
printf '%s\n' "$program"
