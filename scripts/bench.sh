#!/usr/bin/env bash
# Runs the benchmarks; arguments (names of benchmarks) are handed on.
set -euo pipefail
cd "$(dirname "$0")/.."

swift=${SWIFT:-swift}
exec "$swift" run -c "${CONFIGURATION:-release}" relion-bench "$@"
