#!/bin/sh
# Assembles what the images contain, from programs that were built on this system or a compatible one.
#
#   rootfs.sh DIR PROGRAM..
#
# DIR/root: the shared libraries of the programs, certificates of authorities, the user 65532.
# DIR/bin: the programs, stripped. DIR/data: an empty folder.
set -eu
umask 022

out=${1:?directory to fill}
shift
here=$(cd "$(dirname "$0")" && pwd)
# Only what this script has made before.
rm -rf "$out/root" "$out/bin" "$out/data"
mkdir -p "$out/root/etc/ssl/certs" "$out/root/usr/share/doc/catalogue" "$out/root/tmp" "$out/bin" "$out/data"
chmod 1777 "$out/root/tmp"

for program in "$@"; do
  strip -o "$out/bin/$(basename "$program")" "$program"
  # `ldd` prints NAME => FILE (ADDRESS), or FILE (ADDRESS) for the loader.
  ldd "$program" | sed -n 's/^.*[[:space:]]\(\/[^ ]*\) (.*$/\1/p'
done | sort -u | while read -r library; do
  mkdir -p "$out/root$(dirname "$library")"
  cp -L "$library" "$out/root$library"
  chmod 755 "$out/root$library"
done

cp /etc/ssl/certs/ca-certificates.crt "$out/root/etc/ssl/certs/"
cp "$here/../../LICENSE" "$out/root/usr/share/doc/catalogue/LICENSE"
cp -L /usr/share/doc/libc6/copyright "$out/root/usr/share/doc/catalogue/libc6.copyright" 2>/dev/null || true
echo 'catalogue:x:65532:65532::/data:/sbin/nologin' >"$out/root/etc/passwd"
echo 'catalogue:x:65532:' >"$out/root/etc/group"
echo 'hosts: files dns' >"$out/root/etc/nsswitch.conf"
chmod -R a+rX "$out"
