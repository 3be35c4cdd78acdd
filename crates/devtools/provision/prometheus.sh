#!/usr/bin/env bash
# Provides Prometheus for tests, and prints the directory of its programs, prometheus and promtool.
#
#   prometheus.sh DIR
#
# Uses the directory PROMETHEUS_BIN, or programs on PATH. Otherwise unpacks Debian's package into DIR
# without installing it.
set -euo pipefail

dir=${1:?directory to unpack into}
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
