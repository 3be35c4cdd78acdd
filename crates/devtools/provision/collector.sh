#!/usr/bin/env bash
# Makes sure there is a Python that can run otlp_sink.py, and prints its path.
#
#   collector.sh DIR
#
# That of OTLP_SINK_PYTHON is taken if it is set, else python3 if it has what is needed. Otherwise a
# virtual environment is made in DIR, with packages from PyPI.
set -euo pipefail

dir=${1:?where to make it}
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
  can "$python" || { log "what was installed does not work"; exit 1; }
fi
printf '%s\n' "$python"
