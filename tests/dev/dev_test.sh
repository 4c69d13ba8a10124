#!/usr/bin/env bash
# usage: dev_test.sh <source folder>
# ./dev in a folder of its own, with stand-ins for apt-get, dpkg-query, cmake and ctest that write down how they were called.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
mkdir -p "$scratch/tree" "$scratch/bin"
cp "$1/dev" "$scratch/tree/dev"
calls=$scratch/calls
: >"$calls"
chmod 666 "$calls"

fail() { echo "dev_test: $*" >&2; exit 1; }
stand_in() { { echo '#!/bin/bash'; cat; } >"$scratch/bin/$1"; chmod 755 "$scratch/bin/$1"; }
says() { [[ $output == *"$1"* ]] || fail "\`$last\` does not say \"$1\" but: $output"; }
silent() { [[ -z $output ]] || fail "\`$last\` should be silent but says: $output"; }
called() { grep -qE -- "$1" "$calls" || fail "\`$last\` does not call $1 but: $(cat "$calls")"; }
not_called() { ! grep -qE -- "$1" "$calls" || fail "\`$last\` calls $1: $(cat "$calls")"; }

# dev <expected code> <words>: runs it with nothing on PATH but the stand-ins and the plain tools; sets $output and $calls.
dev() {
    local expected=$1 code=0
    shift
    last="./dev $*"
    : >"$calls"
    output=$("${as_user[@]}" env PATH="$scratch/bin" "$scratch/tree/dev" "$@" 2>&1 </dev/null) || code=$?
    ((code == expected)) || fail "\`$last\` ends with $code, not $expected: $output"
}

as_user=()
for tool in bash env dirname cat sed grep mktemp rm paste nproc awk python3 chmod; do ln -s "$(command -v "$tool")" "$scratch/bin/$tool"; done

# --- Packages: nothing missing, some missing, nobody to install them, no Debian -------------------------------------------------
stand_in apt-get <<<"echo \"apt-get \$*\" >>'$calls'"
stand_in dpkg-query <<<'echo installed'
dev 0 install-deps
silent
not_called .

# shellcheck disable=SC2016  # expanded by the stand-in
stand_in dpkg-query <<<'case "${!#}" in libyaml-cpp-dev | python3-scipy | npm) exit 1 ;; *) echo installed ;; esac'
stand_in npm <<<''
if ((EUID == 0)); then
    dev 0 install-deps
    says "installing to compile misfire and its tests: libyaml-cpp-dev"
    says "installing to check results against independent implementations: python3-scipy"
    called 'apt-get .*update$'
    called 'apt-get .*install -y --no-install-recommends libyaml-cpp-dev python3-scipy$'
    dev 0 install-deps build
    not_called python3-scipy
    rm "$scratch/bin/npm"
    dev 0 install-deps run
    called 'install -y --no-install-recommends npm$'
    stand_in apt-get <<<'echo "E: Unable to locate package libyaml-cpp-dev"; exit 100'
    dev 1 install-deps build
    says "Unable to locate package"
    stand_in apt-get <<<"echo \"apt-get \$*\" >>'$calls'"
    as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
dev 1 install-deps build
says "neither root nor sudo"
says "libyaml-cpp-dev"
not_called .
stand_in sudo <<<"echo \"sudo \$*\" >>'$calls'; while [[ \$1 == -* ]]; do shift; done; exec \"\$@\""
dev 0 install-deps build
called 'sudo -n env DEBIAN_FRONTEND=noninteractive apt-get .*install -y --no-install-recommends libyaml-cpp-dev$'

rm "$scratch/bin/apt-get"
dev 0 install-deps build
says "not Debian or Ubuntu"
says "libyaml-cpp-dev"
as_user=()

# --- Verbs ------------------------------------------------------------------------------------------------------------------------
stand_in apt-get <<<"echo \"apt-get \$*\" >>'$calls'"
stand_in dpkg-query <<<'echo installed'
stand_in npm <<<''
stand_in cmake <<<"echo \"cmake \$*\" >>'$calls'"
stand_in ctest <<EOF_CTEST
echo "ctest \$*" >>'$calls'
mkdir -p build/release/Testing/Temporary
printf '%s\n' '1/2 Testing: models.needs_files' 'Output:' 'a_test.cpp:3: Skipped' 'needs models/x.pt, which is not here' '' \
    '2/2 Testing: dev.apt' 'SKIPPED: only root can install a package' >build/release/Testing/Temporary/LastTest.log
printf '%s\n' '1/2 Test #1: models.needs_files ...***Skipped 0.1 sec' '50% tests passed, 1 tests failed out of 2' '' \
    'Total Test time (real) =   0.10 sec' 'The following tests FAILED:' '2 - dev.other (Failed)' 'Errors while running CTest'
exit 8
EOF_CTEST
ln -s "$(command -v mkdir)" "$scratch/bin/mkdir"

dev 8 test
says "skipped: models.needs_files: needs models/x.pt, which is not here"
says "skipped: dev.apt: only root can install a package"
[[ $output == *"skipped: dev.apt"*"50% tests passed"*"Errors while running CTest" ]] || fail "ctest's summary is not the last word: $output"
called 'cmake --build --preset release --'
called 'ctest --preset release .*-LE long'
dev 8 test --long -R runner
called 'ctest --preset release .*-R runner'
not_called '-LE long'

mkdir -p "$scratch/tree/build/release/bin"
ln -s "$scratch/bin/misfire" "$scratch/tree/build/release/bin/misfire"
stand_in misfire <<<"echo \"misfire \$*\" >>'$calls'; echo the table; exit 3"
dev 3 demo --limit 10
says "the table"
called 'cmake --build --preset release --target misfire'
called 'misfire run demo --limit 10'

stand_in cmake <<<'echo "error: expected a semicolon"; exit 1'
dev 1 demo
says "expected a semicolon"
dev 2 dmeo
says "no verb dmeo"
dev 1 install-deps bild
says "Groups: build run"
dev 0 help
says "./dev signature"
