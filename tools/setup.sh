#!/bin/sh
# Builds .venv so that .venv/bin/apaise exists, from the hashed lock.
#   tools/setup.sh        what running Apaise needs
#   tools/setup.sh dev    also what testing and checking it needs
# Costs a few milliseconds when nothing changed. PYTHON=/some/python chooses the interpreter.
set -eu

wanted=${1:-base}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd -- "$root"
venv=$root/.venv
UV_PYTHON_DOWNLOADS=never
UV_NO_PROGRESS=1
PIP_DISABLE_PIP_VERSION_CHECK=1
export UV_PYTHON_DOWNLOADS UV_NO_PROGRESS PIP_DISABLE_PIP_VERSION_CHECK

fail() {
    printf 'setup: %s\n' "$1" >&2
    exit 1
}

# What the environment was made from: the locks, this file, and the place (a moved folder is set up anew).
fingerprint() {
    { printf '%s\n' "$root"; cat "requirements/$1.lock" requirements/setup.lock tools/setup.sh; } | cksum
}

is_ready() {
    [ -x "$venv/bin/python" ] && [ -f "$venv/.made-from-$1" ] && [ "$(cat "$venv/.made-from-$1")" = "$(fingerprint "$1")" ]
}

find_python() {
    without_venv=
    for name in ${PYTHON:+"$PYTHON"} python3.11 python3.12 python3.13; do
        command -v "$name" >/dev/null 2>&1 || continue
        "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || continue
        if "$name" -c 'import ensurepip, venv' 2>/dev/null; then
            python=$name
            return
        fi
        without_venv=${without_venv:-$(basename -- "$name")}
    done
    [ -z "$without_venv" ] || fail "$without_venv has no venv module. On Debian or Ubuntu: apt-get install $without_venv-venv"
    fail "Python 3.11, 3.12 or 3.13 is needed and none was found. On Debian or Ubuntu: apt-get install python3 python3-venv"
}

make_venv() {
    find_python
    printf 'Setting up .venv with %s …\n' "$("$python" --version)" >&2
    rm -rf -- "$venv"
    "$python" -m venv "$venv" || fail "the virtual environment could not be made in .venv; see the lines above."
}

install_lock() {
    lock=requirements/$1.lock
    if [ -n "${APAISE_SETUP_WITHOUT_UV:-}" ] || ! get_uv || ! "$venv/bin/uv" pip sync --quiet --require-hashes --python "$venv/bin/python" "$lock"; then
        printf 'setup: going on with pip, which takes longer.\n' >&2
        "$venv/bin/python" -m pip install --quiet --require-hashes -r "$lock" ||
            fail "the packages of $lock could not be installed; check the network and run this again."
    fi
}

get_uv() {
    [ -x "$venv/bin/uv" ] || "$venv/bin/python" -m pip install --quiet --require-hashes -r requirements/setup.lock
}

# The project itself: a path file and a script. No build backend, no network, nothing for a sync to remove.
link_project() {
    site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    printf '%s\n' "$root" >"$site/apaise-checkout.pth"
    # Not the interpreter on the first line: the kernel takes no spaces there.
    cat >"$venv/bin/apaise.new" <<'SCRIPT'
#!/bin/sh
exec "$(dirname -- "$(readlink -f -- "$0")")/python" -P -m apaise "$@"
SCRIPT
    chmod 755 "$venv/bin/apaise.new"
    mv -f "$venv/bin/apaise.new" "$venv/bin/apaise"
}

case $wanted in base | dev) ;; *) fail "say base or dev, not “$wanted”." ;; esac
is_ready dev && exit 0 # it holds everything that base holds
is_ready "$wanted" && exit 0

# A moved or broken environment is made anew; a sound one is only brought up to date.
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1 || [ "$(cat "$venv/.place" 2>/dev/null)" != "$root" ]; then
    make_venv
fi
rm -f "$venv/.made-from-base" "$venv/.made-from-dev"
install_lock "$wanted"
link_project
printf '%s\n' "$root" >"$venv/.place"
fingerprint "$wanted" >"$venv/.made-from-$wanted"
