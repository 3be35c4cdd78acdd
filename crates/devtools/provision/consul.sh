#!/usr/bin/env bash
# Provides Consul for tests, and prints the path of its program.
#
#   consul.sh DIR
#
# Uses CONSUL_BIN, or one on PATH. Otherwise unpacks Debian's package into DIR without installing it: the
# file CONSUL_DEB, one beside the checkout, or one from the Debian mirror of this machine's apt.
# CONSUL_SUITES are the suites to search [default: bullseye, the last that has it].
set -euo pipefail

dir=${1:?directory to unpack into}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$dir/usr/bin/consul

log() { printf 'consul.sh: %s\n' "$*" >&2; }

. "$here/debian.sh"

if [ -n "${CONSUL_BIN:-}" ]; then printf '%s\n' "$CONSUL_BIN"; exit; fi
if command -v consul; then exit; fi
if [ ! -x "$bin" ]; then
  alone
  near=$(ls -1 "$here"/../../../../shared/provision/deb/consul_*_"$(dpkg --print-architecture)".deb 2>/dev/null | tail -1) || true
  for package in ${CONSUL_DEB:+"$CONSUL_DEB"} ${near:+"$near"}; do
    [ -x "$bin" ] || unpack "$package" consul version || log "$package cannot be used"
  done
  for suite in ${CONSUL_SUITES:-bullseye}; do
    [ -x "$bin" ] || { package=$(fetch "$suite" consul) && unpack "$package" consul version; } || log "none in Debian $suite"
  done
  rm -rf "$dir/apt" "$dir/new"
  [ -x "$bin" ] || exit 1
fi
printf '%s\n' "$bin"
