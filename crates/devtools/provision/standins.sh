#!/usr/bin/env bash
# Builds the images of ../standins with buildah, and prints the file with the variables that make
# deploy/compose.yaml use them.
#
#   standins.sh DIR
#
# Takes the Debian system of debian-root.sh, the Consul of consul.sh and two packages from PyPI.
set -euo pipefail

dir=${1:?directory of the build}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
context=$dir/context
names="postgres consul prometheus collector grafana"

log() { printf 'standins.sh: %s\n' "$*" >&2; }

. "$here/debian.sh"

command -v buildah >/dev/null || { log "buildah is missing: apt-get install buildah"; exit 1; }
alone
mkdir -p "$context"
root=$("$here/debian-root.sh" "$(dirname "$dir")/debian-root")
consul=$("$here/consul.sh" "$(dirname "$dir")/consul" | tail -1)
if ! buildah images -q localhost/standins/root:bookworm >/dev/null 2>&1; then
  container=$(buildah from scratch)
  buildah add -q "$container" "$root" / >&2
  buildah commit -q --rm "$container" localhost/standins/root:bookworm >&2
fi
if [ ! -d "$context/python" ]; then
  # For the Python of Debian 12, whichever runs here.
  python3 -m pip --disable-pip-version-check install -q --only-binary=:all: --python-version 3.11 --target "$context/python.new" \
    grpcio==1.85.1 opentelemetry-proto==1.45.2 >&2 || { log "PyPI cannot be reached"; exit 1; }
  mv "$context/python.new" "$context/python"
fi
cp "$here/otlp_sink.py" "$here/../standins/postgres.sh" "$consul" "$context/"
for name in $names; do
  buildah build -q --layers -f "$here/../standins/Containerfile" --target "$name" \
    -t "localhost/standins/$name:bookworm" "$context" >&2
  printf '%s_IMAGE=localhost/standins/%s:bookworm\n' "${name^^}" "$name"
done >"$dir/images.env.new"
mv "$dir/images.env.new" "$dir/images.env"
printf '%s\n' "$dir/images.env"
