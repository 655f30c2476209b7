#!/usr/bin/env bash
# Builds and runs all tests; the last line is the test runner's own summary.
#
# Tests are compiled with access to internals, programs are not. The tests therefore have a build folder of their own:
# in a shared one each would make the other compile everything again.
set -euo pipefail
cd "$(dirname "$0")/.."

exec "${SWIFT:-swift}" test -c "${CONFIGURATION:-release}" --disable-xctest --scratch-path .build-tests "$@" </dev/null
