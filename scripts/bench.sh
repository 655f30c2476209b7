#!/usr/bin/env bash
# Runs the benchmarks; arguments (names of benchmarks) are handed on.
set -euo pipefail
cd "$(dirname "$0")/.."

swift=${SWIFT:-swift}
if ! grep -q 'name: "benchmarks"' Package.swift; then
    echo "bench: this version has no benchmarks target" >&2
    exit 1
fi
exec "$swift" run -c "${CONFIGURATION:-release}" benchmarks "$@"
