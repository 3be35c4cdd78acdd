# Functions for the other scripts: unpack Debian packages without installing them.
# Require $dir, the directory to unpack into, and the function log.

# The base address of the mirror that apt uses.
mirror() {
  {
    cat /etc/apt/sources.list.d/*.sources 2>/dev/null |
      awk 'tolower($1) == "uris:" { for (i = 2; i <= NF; i++) print $i }'
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
      sed -n 's/^deb[[:space:]]\+\(\[[^]]*\][[:space:]]*\)\?\([^[:space:]]*\)[[:space:]].*/\2/p'
  } | awk '!/security/ && /debian/ { print; exit }'
}

# Prints the path of a package of a suite, downloaded by an apt with its state in a separate directory, so
# that it shares no lock and does not change the sources of this machine.
fetch() { # SUITE PACKAGE
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
    (cd "$apt/deb" && apt-get "${options[@]}" download "$2" >&2) &&
    ls -1 "$apt"/deb/"$2"_*.deb
}

# Unpacks a package into $dir/usr, if one of its programs runs.
unpack() { # PACKAGE PROGRAM ARGUMENT
  # Into another directory first, so that $dir/usr is always complete.
  rm -rf "$dir/new" && mkdir -p "$dir/new" && dpkg-deb -x "$1" "$dir/new" &&
    "$dir/new/usr/bin/$2" "$3" >/dev/null && rm -rf "$dir/usr" && mv "$dir/new/usr" "$dir/usr"
}

# Takes the lock of $dir.
alone() {
  command -v dpkg-deb >/dev/null || { log "this is no Debian-like system"; exit 1; }
  mkdir -p "$dir"
  exec 9>"$dir/lock"
  flock 9
}
