#!/usr/bin/env bash
# Installs the executable with its resources to PREFIX/libexec/relion and a link for each program to PREFIX/bin.
set -euo pipefail
cd "$(dirname "$0")/.."

prefix=${1:?PREFIX is missing}
built=$("${SWIFT:-swift}" build -c "${CONFIGURATION:-release}" --show-bin-path)
home="$prefix/libexec/relion"
mkdir -p "$prefix/bin" "$home"
install -m 755 "$built/relion" "$home/relion.new"
mv -f "$home/relion.new" "$home/relion"
# Resource bundles (pages of the GUI) lie beside the executable.
for bundle in "$built"/*.resources; do
    [ -e "$bundle" ] || continue
    rm -rf "$home/$(basename "$bundle")"
    cp -R "$bundle" "$home/"
done
ln -sfn ../libexec/relion/relion "$prefix/bin/relion"
while read -r program; do
    ln -sfn relion "$prefix/bin/$program"
    ln -sfn relion "$prefix/bin/${program}_mpi"
done < <("$home/relion" --programs)
ln -sfn relion "$prefix/bin/relion_it"
echo "installed to $prefix/bin"
