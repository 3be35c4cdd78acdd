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

# The base address of the mirror that apt uses.
mirror() {
  {
    cat /etc/apt/sources.list.d/*.sources 2>/dev/null |
      awk 'tolower($1) == "uris:" { for (i = 2; i <= NF; i++) print $i }'
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
      sed -n 's/^deb[[:space:]]\+\(\[[^]]*\][[:space:]]*\)\?\([^[:space:]]*\)[[:space:]].*/\2/p'
  } | awk '!/security/ && /debian/ { print; exit }'
}

# The path of the package of a suite, fetched by an apt whose state is all in a folder of its own, so
# that it shares no lock with another and leaves the machine's sources alone.
fetch() { # SUITE
  local apt=$dir/apt base keyring=/usr/share/keyrings/debian-archive-keyring.gpg signed=
  base=$(mirror)
  [ -n "$base" ] || { log "no Debian mirror in apt's sources"; return 1; }
  rm -rf "$apt"
  mkdir -p "$apt"/lists/partial "$apt"/cache/archives/partial "$apt"/parts "$apt"/preferences "$apt"/deb
  if [ -e "$keyring" ]; then signed="signed-by=$keyring "; fi
  printf 'deb [%sarch=%s] %s %s main\n' "$signed" "$(dpkg --print-architecture)" "$base" "$1" \
    >"$apt/sources.list"
  local options=(-q -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts="$apt/parts"
    -o Dir::Etc::preferencesparts="$apt/preferences" -o Dir::State::lists="$apt/lists"
    -o Dir::Cache="$apt/cache" -o Acquire::Languages=none -o Acquire::Retries=3
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
    -o APT::Update::Post-Invoke::= -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update >&2 &&
    (cd "$apt/deb" && apt-get "${options[@]}" download consul >&2) &&
    ls -1 "$apt"/deb/consul_*.deb
}

unpack() { # PACKAGE
  # Elsewhere first, so that half of it is never taken for all.
  rm -rf "$dir/new" && mkdir -p "$dir/new" && dpkg-deb -x "$1" "$dir/new" &&
    "$dir/new/usr/bin/consul" version >/dev/null && rm -rf "$dir/usr" && mv "$dir/new/usr" "$dir/usr"
}

if [ -n "${CONSUL_BIN:-}" ]; then printf '%s\n' "$CONSUL_BIN"; exit; fi
if command -v consul; then exit; fi
if [ ! -x "$bin" ]; then
  command -v dpkg-deb >/dev/null || { log "this is no Debian-like system"; exit 1; }
  mkdir -p "$dir"
  exec 9>"$dir/lock"
  flock 9
  near=$(ls -1 "$here"/../../../../shared/provision/deb/consul_*_"$(dpkg --print-architecture)".deb 2>/dev/null | tail -1) || true
  for package in ${CONSUL_DEB:+"$CONSUL_DEB"} ${near:+"$near"}; do
    [ -x "$bin" ] || unpack "$package" || log "$package cannot be used"
  done
  for suite in ${CONSUL_SUITES:-bullseye}; do
    [ -x "$bin" ] || { package=$(fetch "$suite") && unpack "$package"; } || log "none in Debian $suite"
  done
  rm -rf "$dir/apt" "$dir/new"
  [ -x "$bin" ] || exit 1
fi
printf '%s\n' "$bin"
