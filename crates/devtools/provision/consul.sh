#!/usr/bin/env bash
# Makes sure there is a Consul to test with, and prints the path of its program.
#
#   consul.sh DIR
#
# That of CONSUL_BIN or on PATH is taken if there is one. Otherwise Debian's package is unpacked into
# DIR, and nothing is installed: from the file CONSUL_DEB, from one that lies beside the checkout, or
# from the Debian mirror that this machine's apt uses. CONSUL_SUITES are the suites looked in
# [bullseye: the last that carries it].
set -euo pipefail

dir=${1:?where to unpack it}
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
