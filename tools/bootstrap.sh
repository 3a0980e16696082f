#!/usr/bin/env bash
# Makes a checkout ready: tools/bootstrap.sh run|test|bench. Needs Python 3.11 or newer and nothing else; safe to repeat.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose="${1:-run}"
extra=build
[ "$purpose" = run ] || extra=dev

say() { printf '%s\n' "$*" >&2; }

find_python() {
  local name
  for name in "${PYTHON:-}" python3.13 python3.12 python3.11 python3 python; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 &&
      "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  say "Mindgap needs Python 3.11 or newer. Install it, or name it: make PYTHON=/path/to/python3"
  return 1
}

is_root_with_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >&2 && apt-get install -y -qq --no-install-recommends "$@" >&2
}

make_environment() {
  [ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1 && return
  local python
  python="$(find_python)"
  say "Making .venv with $python …"
  rm -rf .venv
  if ! "$python" -m venv .venv >/dev/null 2>&1; then
    rm -rf .venv
    if is_root_with_apt; then
      apt_install python3-venv
      "$python" -m venv .venv
    else
      say "Python cannot make virtual environments here. On Debian or Ubuntu: sudo apt install python3-venv"
      return 1
    fi
  fi
}

install_packages() {
  local extra="$1" wanted stamp=".venv/.installed-$1"
  wanted="$(cat pyproject.toml requirements.lock | cksum)"
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && return
  say "Installing packages …"
  # What is never imported need not be compiled; the rest is when it is first.
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile -c requirements.lock -e ".[$extra]"
  printf '%s\n' "$wanted" >"$stamp"
}

make_environment
install_packages "$extra"
# What benchmarks compare with is nobody else's business: where it cannot be had, they say so.
if [ "$purpose" = bench ]; then
  install_packages bench || say "The packages to compare with could not be installed."
fi
.venv/bin/python frontend/build.py >&2
.venv/bin/python tools/translations.py compile >&2
if [ "$purpose" != run ] && ! .venv/bin/python tools/chromium.py >/dev/null 2>&1; then
  say "Installing Chromium for the tests of the pages …"
  if is_root_with_apt; then
    apt_install chromium fonts-noto-cjk
  else
    .venv/bin/python -m playwright install chromium >&2
  fi
fi
