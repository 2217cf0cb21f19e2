#!/bin/sh
# Installs claude-proxy for the user who runs it, without root:
#   curl -fsSL https://github.com/claude-proxy/claude-proxy/releases/latest/download/install.sh | sh
# Settings, all optional:
#   CLAUDE_PROXY_VERSION       the version to install, for example 0.1.0; otherwise the newest
#   CLAUDE_PROXY_INSTALL_DIR   where the program goes; otherwise ~/.local/bin
#   CLAUDE_PROXY_DOWNLOAD_URL  where archives and checksums.txt are; otherwise the project's releases
set -eu

repository=https://github.com/claude-proxy/claude-proxy

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

download() {
  if command -v curl >/dev/null 2>&1; then
    curl --fail --silent --show-error --location --output "$2" "$1" || fail "This cannot be downloaded: $1"
  elif command -v wget >/dev/null 2>&1; then
    wget -q -O "$2" "$1" || fail "This cannot be downloaded: $1"
  else
    fail "Neither curl nor wget is on this machine. Install one of them and try again."
  fi
}

sha256_of() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  else
    fail "Neither sha256sum nor shasum is on this machine, so the download cannot be checked."
  fi
}

detect_target() {
  case $(uname -m) in
    x86_64 | amd64) architecture=x64 ;;
    arm64 | aarch64) architecture=arm64 ;;
    *) fail "There is no build for the processor $(uname -m)." ;;
  esac
  case $(uname -s) in
    Darwin)
      # A shell under Rosetta says x86_64 on an Apple processor.
      if [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || true)" = 1 ]; then
        architecture=arm64
      fi
      target=macos-$architecture
      ;;
    Linux)
      target=linux-$architecture
      for loader in /lib/ld-musl-*; do
        if [ -e "$loader" ] && [ ! -e /lib/ld-linux-aarch64.so.1 ] && [ ! -e /lib64/ld-linux-x86-64.so.2 ]; then
          target=$target-musl
        fi
      done
      ;;
    *) fail "This script is for Linux and macOS. For Windows there is install.ps1." ;;
  esac
}

main() {
  [ -n "${HOME:-}" ] || fail "HOME is not set, so there is no folder to install into."
  install_dir=${CLAUDE_PROXY_INSTALL_DIR:-$HOME/.local/bin}
  if [ -n "${CLAUDE_PROXY_DOWNLOAD_URL:-}" ]; then
    url=$CLAUDE_PROXY_DOWNLOAD_URL
  elif [ -n "${CLAUDE_PROXY_VERSION:-}" ]; then
    url=$repository/releases/download/v$CLAUDE_PROXY_VERSION
  else
    url=$repository/releases/latest/download
  fi
  detect_target

  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM

  download "$url/checksums.txt" "$work/checksums.txt"
  line=$(grep -E "^[0-9a-f]{64}  claude-proxy-[0-9A-Za-z.+-]+-$target\.tar\.gz\$" "$work/checksums.txt" |
    grep -F "claude-proxy-${CLAUDE_PROXY_VERSION:-}" | head -n 1) || true
  [ -n "$line" ] || fail "The release at $url has no archive for $target."
  expected=${line%% *}
  archive=${line##* }
  download "$url/$archive" "$work/$archive"
  actual=$(sha256_of "$work/$archive")
  if [ "$actual" != "$expected" ]; then
    fail "$archive is not what was released, so it is not installed.
  expected $expected
  got      $actual"
  fi

  tar -xzf "$work/$archive" -C "$work"
  mkdir -p "$install_dir"
  # Beside the place and then over it: a proxy that is running keeps the old file.
  cp "$work/${archive%.tar.gz}/claude-proxy" "$install_dir/.claude-proxy.new"
  chmod 755 "$install_dir/.claude-proxy.new"
  if ! installed=$("$install_dir/.claude-proxy.new" --version 2>&1); then
    rm -f "$install_dir/.claude-proxy.new"
    case $target in
      *-musl) fail "The program does not start here. On Alpine it needs: apk add libstdc++
$installed" ;;
      *) fail "The program does not start here:
$installed" ;;
    esac
  fi
  mv -f "$install_dir/.claude-proxy.new" "$install_dir/claude-proxy"

  printf '%s\n' "claude-proxy $installed is installed: $install_dir/claude-proxy"
  case :$PATH: in
    *:"$install_dir":*) program=claude-proxy ;;
    *)
      program=$install_dir/claude-proxy
      # shellcheck disable=SC2016 # $PATH is for the user's own shell
      printf '%s\n' "To run it by its name, put its folder on your PATH:" "  export PATH=\"$install_dir:\$PATH\""
      ;;
  esac
  printf '%s\n' "See it work, without a key:" "  $program demo" "Then put in your settings and serve:" "  $program serve"
}

# In a function, so that a download that was cut off runs nothing.
main
