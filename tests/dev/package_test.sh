#!/usr/bin/env bash
# usage: package_test.sh install|deb|apt <build folder>
# install: the installed folder works after it was moved elsewhere. deb: the package holds what it should and says what it needs.
# apt: apt installs it, it runs the demo scenario by name, and removing it leaves nothing (root only).
set -euo pipefail
readonly mode=$1 build=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset MISFIRE_SHARE MISFIRE_DATA
export XDG_DATA_HOME=$scratch/data

fail() { echo "package_test: $*" >&2; exit 1; }

# runs_demo <program>: finds shipped scenario, models and data by name, and leaves its results in runs/ of the current folder.
runs_demo() {
    mkdir -p "$scratch/elsewhere"
    cd "$scratch/elsewhere"
    "$1" list scenarios --names | grep -qx demo || fail "demo is not among the scenarios of $1"
    "$1" run demo --limit 50 --set 'shifts.0.severities=0,5' >"$scratch/demo.txt" || fail "the demo scenario does not run: $(cat "$scratch/demo.txt")"
    grep -q '^results .*runs/demo/results.h5' "$scratch/demo.txt" || fail "the demo does not name its results: $(cat "$scratch/demo.txt")"
    [[ -s runs/demo/results.h5 ]] || fail "there is no runs/demo/results.h5"
}

has() { [[ -s $1 ]] || fail "$1 is missing or empty"; }

has_documents() {
    local share=$1/share
    has "$share/doc/misfire/copyright"
    has "$share/doc/misfire/README.md"
    has "$share/doc/misfire/docs/scenario.md"
    has "$share/man/man1/misfire.1"
    has "$share/zsh/vendor-completions/_misfire"
    has "$share/fish/vendor_completions.d/misfire.fish"
    has "$share/bash-completion/completions/misfire"
}

# The completion offers verbs, and options of a verb.
bash_completes() {
    # shellcheck disable=SC2016  # expanded by the inner shell
    bash -c 'set -eu; source "$1"
        COMP_WORDS=(misfire res) COMP_CWORD=1 COMPREPLY=(); _misfire; [[ " ${COMPREPLY[*]} " == *" resume "* ]]
        COMP_WORDS=(misfire run --se) COMP_CWORD=2 COMPREPLY=(); _misfire; [[ " ${COMPREPLY[*]} " == *" --seed "* ]]' \
        bash "$1" || fail "the bash completion does not complete"
}

case "$mode" in
    install)
        cmake --install "$build" --prefix "$scratch/first" >/dev/null
        mv "$scratch/first" "$scratch/moved"
        has_documents "$scratch/moved"
        bash_completes "$scratch/moved/share/bash-completion/completions/misfire"
        ! grep -rlF -e "$scratch/first" -e "$build" "$scratch/moved" || fail "these installed files name the folder they were built in"
        runs_demo "$scratch/moved/bin/misfire"
        ;;
    deb)
        cpack --config "$build/CPackConfig.cmake" -G DEB -B "$scratch" >"$scratch/cpack.txt" 2>&1 || fail "$(cat "$scratch/cpack.txt")"
        package=$(echo "$scratch"/misfire_*.deb)
        has "$package"
        for field in Section:science 'Maintainer:misfire developers'; do
            dpkg-deb --field "$package" "${field%%:*}" | grep -q "^${field#*:}" || fail "the field ${field%%:*} is not ${field#*:}"
        done
        for library in libtorch libhdf5 libopencv-imgcodecs libsqlite3 libpangocairo fonts-dejavu-core; do
            dpkg-deb --field "$package" Depends | grep -q "$library" || fail "the package does not depend on $library"
        done
        dpkg-deb --extract "$package" "$scratch/root"
        has_documents "$scratch/root/usr"
        runs_demo "$scratch/root/usr/bin/misfire"
        ;;
    apt)
        ((EUID == 0)) || { echo "SKIPPED: only root can install a package"; exit 77; }
        ! dpkg-query -W misfire >/dev/null 2>&1 || { echo "SKIPPED: a package misfire is installed here already"; exit 77; }
        cpack --config "$build/CPackConfig.cmake" -G DEB -B "$scratch" >"$scratch/cpack.txt" 2>&1 || fail "$(cat "$scratch/cpack.txt")"
        chmod 755 "$scratch"  # apt reads the file as another user
        trap 'DEBIAN_FRONTEND=noninteractive apt-get -qq -y purge misfire >/dev/null 2>&1 || true; rm -rf "$scratch"' EXIT
        DEBIAN_FRONTEND=noninteractive apt-get -qq -y install "$scratch"/misfire_*.deb </dev/null >"$scratch/apt.txt" 2>&1 || fail "$(cat "$scratch/apt.txt")"
        runs_demo /usr/bin/misfire
        DEBIAN_FRONTEND=noninteractive apt-get -qq -y purge misfire </dev/null >"$scratch/apt.txt" 2>&1 || fail "$(cat "$scratch/apt.txt")"
        [[ ! -e /usr/bin/misfire && ! -e /usr/share/misfire ]] || fail "removing the package leaves files behind"
        ;;
    *) fail "unknown mode $mode" ;;
esac
