# Sourced by run, test and check: a Python environment from a hash-locked list, and system packages where we may.
# Nothing here is executed twice without need: a stamp beside the environment says which list it holds.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
VENV="${HOMIE_VENV:-$PWD/.venv}"
unset PYTHONDONTWRITEBYTECODE # without compiled files every process pays two seconds for reading its own sources

say() { printf '%s\n' "$*" >&2; }

# need_packages NAME...: install Debian packages when we may; otherwise print the exact line and fail.
need_packages() {
  command -v dpkg-query >/dev/null || return 0
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo=(sudo -n); else
      say "Homie needs these packages. Please run this line, then start again:"
      say "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
      return 1
    fi
  fi
  say "Installing: ${missing[*]}"
  "${sudo[@]}" apt-get update -q >&2
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}" >&2
}

# offer_packages NAME...: install what Homie can do without, once, when we may; otherwise name it and go on.
offer_packages() {
  local stamp="$VENV/.homie-offered"
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$*" ] && return 0
  (need_packages "$@") || say "Homie starts without them; 'homie doctor' says what is missing then."
  printf '%s' "$*" > "$stamp"
}

# find_python: print the newest suitable interpreter, or say what to do.
find_python() {
  local candidate
  for candidate in "${HOMIE_PYTHON:-}" python3.11 python3.12 python3.13 python3 "${SYSTEM_PYTHON:-/usr/bin/python3}"; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  say "Homie needs Python 3.11 or newer. On Debian 12: sudo apt-get install -y python3 python3-venv"
  return 1
}

# ensure_environment LOCK: make $VENV hold exactly what LOCK lists, and Homie itself (editable).
ensure_environment() {
  local lock="$1" stamp="$VENV/.homie-lock" want
  want="$(cat "$lock" pyproject.toml | sha256sum | cut -d' ' -f1) $PWD"
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && return 0
  local python
  if [ ! -x "$VENV/bin/python" ]; then
    python="$(find_python)" || return 1
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
      need_packages python3-venv || return 1
    fi
    say "Creating the Python environment in $VENV"
    "$python" -m venv "$VENV"
  fi
  say "Installing the locked packages ($lock)"
  local log="$VENV/install.log" quiet=(--quiet --disable-pip-version-check)
  if ! { "$VENV/bin/pip" install "${quiet[@]}" --require-hashes --only-binary=:all: --requirement "$lock" &&
    "$VENV/bin/pip" install "${quiet[@]}" --no-deps --no-build-isolation --editable .; } > "$log" 2>&1; then
    cat "$log" >&2
    say "The packages could not be installed. Is the network there? The same command may be run again."
    return 1
  fi
  printf '%s' "$want" > "$stamp"
}
