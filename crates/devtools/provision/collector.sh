#!/usr/bin/env bash
# Provides a Python that can run otlp_sink.py, and prints its path.
#
#   collector.sh DIR
#
# Uses OTLP_SINK_PYTHON if it is set, or python3 if it has the packages. Otherwise creates a virtual
# environment in DIR, with packages from PyPI.
set -euo pipefail

dir=${1:?directory of the virtual environment}
python=$dir/bin/python

log() { printf 'collector.sh: %s\n' "$*" >&2; }
can() { "$1" -c 'import grpc, opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc' 2>/dev/null; }

if [ -n "${OTLP_SINK_PYTHON:-}" ]; then printf '%s\n' "$OTLP_SINK_PYTHON"; exit; fi
command -v python3 >/dev/null || { log "there is no python3"; exit 1; }
if can python3; then command -v python3; exit; fi
if ! can "$python"; then
  mkdir -p "$dir"
  exec 9>"$dir/lock"
  flock 9
  if ! can "$python"; then
    python3 -m venv "$dir" >&2 || { log "python3 lacks venv: apt-get install python3-venv"; exit 1; }
    "$python" -m pip --disable-pip-version-check install -q --only-binary=:all: \
      grpcio==1.85.1 opentelemetry-proto==1.45.2 >&2 || { log "PyPI cannot be reached"; exit 1; }
  fi
  can "$python" || { log "the installed packages do not work"; exit 1; }
fi
printf '%s\n' "$python"
