#!/usr/bin/env bash
# Provides a Debian system with systemd, PostgreSQL, Prometheus and Python, and prints the path of its archive.
#
#   debian-root.sh DIR
#
# For experiments that boot it or make images of it. Needs root and mmdebstrap (apt-get install mmdebstrap).
set -euo pipefail

dir=${1:?directory of the archive}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
archive=$dir/root.tar

log() { printf 'debian-root.sh: %s\n' "$*" >&2; }

. "$here/debian.sh"

if [ ! -s "$archive" ]; then
  command -v mmdebstrap >/dev/null || { log "mmdebstrap is missing: apt-get install mmdebstrap"; exit 1; }
  [ "$(id -u)" = 0 ] || { log "only root can make one"; exit 1; }
  alone
  if [ ! -s "$archive" ]; then
    base=$(mirror) || true # awk ends before its input does
    [ -n "$base" ] || { log "no Debian mirror in apt's sources"; exit 1; }
    # No documentation, and no cluster of PostgreSQL, which would be initialized while packages are installed.
    mmdebstrap --quiet --variant=minbase --mode=root --format=tar \
      --include=systemd,systemd-sysv,dbus,postgresql,prometheus,python3 \
      --essential-hook='mkdir -p "$1/etc/postgresql-common"' \
      --essential-hook='echo "create_main_cluster = false" >"$1/etc/postgresql-common/createcluster.conf"' \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
      bookworm "$archive.new" "$base" >&2
    mv "$archive.new" "$archive"
  fi
fi
printf '%s\n' "$archive"
