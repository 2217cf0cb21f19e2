#!/bin/sh
# Puts together everything the container image holds: sh assemble-container-root.sh PROGRAM FOLDER
# The Dockerfile and the smoke run use the same script, so what is tried out is what is shipped: the program, the five
# libraries it is linked with, a user without rights, and nothing else. No shell, no package manager.
set -eu

program=$1
root=$2
user=65532

mkdir -p "$root/usr/local/bin" "$root/etc/claude-proxy" "$root/tmp" "$root/proc" "$root/dev"
cp "$program" "$root/usr/local/bin/claude-proxy"
chmod 755 "$root/usr/local/bin/claude-proxy"

# "libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)", and the loader as "/lib64/ld-linux-x86-64.so.2 (0x…)"
ldd "$program" | grep -o '/[^ ]*' | while read -r library; do
  mkdir -p "$root$(dirname "$library")"
  cp -L "$library" "$root$library"
done

# The licence of those libraries; `claude-proxy licenses` has the others.
mkdir -p "$root/usr/share/doc/libc6"
cp /usr/share/doc/libc6/copyright "$root/usr/share/doc/libc6/"

printf 'root:x:0:0:root:/:/sbin/nologin\nclaude-proxy:x:%s:%s::/var/lib/claude-proxy:/sbin/nologin\n' "$user" "$user" >"$root/etc/passwd"
printf 'root:x:0:\nclaude-proxy:x:%s:\n' "$user" >"$root/etc/group"
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
chmod 1777 "$root/tmp"
