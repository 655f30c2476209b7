#!/usr/bin/env bash
# Removes what scripts/install.sh put under PREFIX.
set -euo pipefail

prefix=${1:?PREFIX is missing}
for link in "$prefix"/bin/relion "$prefix"/bin/relion_*; do
    [ -L "$link" ] || continue
    case $(readlink "$link") in relion | ../libexec/relion/relion) rm -f "$link" ;; esac
done
rm -rf "$prefix/libexec/relion"
