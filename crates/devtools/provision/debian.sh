# For the scripts beside this one: packages of Debian, unpacked and not installed.
# Needs $dir, where they are unpacked to, and log.

# The base address of the mirror that apt uses.
mirror() {
  {
    cat /etc/apt/sources.list.d/*.sources 2>/dev/null |
      awk 'tolower($1) == "uris:" { for (i = 2; i <= NF; i++) print $i }'
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
      sed -n 's/^deb[[:space:]]\+\(\[[^]]*\][[:space:]]*\)\?\([^[:space:]]*\)[[:space:]].*/\2/p'
  } | awk '!/security/ && /debian/ { print; exit }'
}

# The path of a package of a suite, fetched by an apt whose state is all in a folder of its own, so
# that it shares no lock with another and leaves the machine's sources alone.
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

# Unpacks a package into $dir/usr, if a program of it runs.
unpack() { # PACKAGE PROGRAM ARGUMENT
  # Elsewhere first, so that half of it is never taken for all.
  rm -rf "$dir/new" && mkdir -p "$dir/new" && dpkg-deb -x "$1" "$dir/new" &&
    "$dir/new/usr/bin/$2" "$3" >/dev/null && rm -rf "$dir/usr" && mv "$dir/new/usr" "$dir/usr"
}

# Waits until no other process unpacks into $dir.
alone() {
  command -v dpkg-deb >/dev/null || { log "this is no Debian-like system"; exit 1; }
  mkdir -p "$dir"
  exec 9>"$dir/lock"
  flock 9
}
