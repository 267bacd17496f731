#!/bin/sh
# Installs what some tests need, on Debian and Ubuntu: chromium (browser), dovecot (imap), postgresql.
#   tools/test_parts.sh [browser] [imap] [postgres]      without a name: all three
# As root or with sudo. Starts PostgreSQL if none answers.
set -eu

fail() {
    printf 'test-parts: %s\n' "$1" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

here() {
    PATH=$PATH:/usr/sbin command -v "$1" >/dev/null 2>&1
}

[ "$#" -gt 0 ] || set -- browser imap postgres
packages=
for part in "$@"; do
    case $part in
    browser) here chromium || packages="$packages chromium fonts-dejavu-core fonts-liberation fonts-noto-color-emoji" ;;
    imap) here dovecot || packages="$packages dovecot-imapd" ;;
    postgres) here pg_ctlcluster || packages="$packages postgresql" ;;
    *) fail "there is no part “$part”; say browser, imap or postgres." ;;
    esac
done

if [ -n "$packages" ]; then
    here apt-get || fail "this is no Debian. Install by its own means:$packages"
    [ "$(id -u)" -eq 0 ] || here sudo || fail "become root, or install sudo; then run this again."
    as_root apt-get update -qq
    # shellcheck disable=SC2086  # a list of words
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi

case " $* " in *" postgres "*) ;; *) exit 0 ;; esac
if ! pg_isready -q -h 127.0.0.1; then
    pg_lsclusters -h | while read -r version cluster _; do
        as_root pg_ctlcluster "$version" "$cluster" start || true
    done
fi
waited=0
until pg_isready -q -h 127.0.0.1; do
    waited=$((waited + 1))
    [ "$waited" -le 30 ] || fail "PostgreSQL does not start; look at its log in /var/log/postgresql."
    sleep 1
done
# Tests make databases of their own: on this machine's server whoever runs them may do so, over the local socket.
me=$(id -un)
if ! psql -qAt -d postgres -c 'select 1' >/dev/null 2>&1; then
    if [ "$(id -u)" -eq 0 ]; then
        runuser -u postgres -- createuser --createdb "$me"
    else
        sudo -u postgres createuser --createdb "$me"
    fi
fi
