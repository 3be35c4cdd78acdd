#!/bin/sh
# Writes rules.yaml from deploy/prometheus/alerts.yml; a test says when it is out of date.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
{
  printf '# Made by rules.sh from deploy/prometheus/alerts.yml.\n'
  printf 'apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: catalogue-platform\nspec:\n'
  sed -e '/^#/d' -e '/./s/^/  /' "$here/../../../prometheus/alerts.yml"
} >"${1:-$here/rules.yaml}"
