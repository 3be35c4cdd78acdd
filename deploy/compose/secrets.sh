#!/bin/sh
# Makes the secrets of a composed system once, in a volume that only its containers have.
set -eu
dir=$1
random() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
[ -s "$dir/service.secret" ] || random >"$dir/service.secret"
if [ ! -s "$dir/catalogue.toml" ]; then
  password=$(random)
  printf '%s' "$password" >"$dir/postgres.password"
  printf 'database-url = "postgres://catalogue:%s@postgres/catalogue"\n' "$password" >"$dir/catalogue.toml"
fi
# For the services' user; PostgreSQL reads its own as root.
chown 65532:65532 "$dir"/service.secret "$dir"/catalogue.toml
chmod 0440 "$dir"/service.secret "$dir"/catalogue.toml "$dir"/postgres.password
