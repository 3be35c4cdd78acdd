#!/usr/bin/env bash
# Makes sure there is a Prometheus to test with, and prints the folder of its programs, prometheus and
# promtool.
#
#   prometheus.sh DIR
#
# Those of the folder PROMETHEUS_BIN or on PATH are taken if they are there. Otherwise Debian's package
# is unpacked into DIR, and nothing is installed.
set -euo pipefail

dir=${1:?where to unpack it}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$dir/usr/bin

log() { printf 'prometheus.sh: %s\n' "$*" >&2; }
. "$here/debian.sh"

if [ -n "${PROMETHEUS_BIN:-}" ]; then printf '%s\n' "$PROMETHEUS_BIN"; exit; fi
if found=$(command -v promtool) && command -v prometheus >/dev/null; then dirname "$found"; exit; fi
if [ ! -x "$bin/promtool" ]; then
  alone
  suite=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-stable}")
  for suite in "$suite" stable; do
    [ -x "$bin/promtool" ] ||
      { package=$(fetch "$suite" prometheus) && unpack "$package" promtool --version; } ||
      log "none in Debian $suite"
  done
  rm -rf "$dir/apt" "$dir/new"
  [ -x "$bin/promtool" ] || exit 1
fi
printf '%s\n' "$bin"
