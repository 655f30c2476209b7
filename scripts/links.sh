#!/usr/bin/env bash
# Makes FOLDER (default bin/) hold the executable under each program's name: relion, relion_refine, relion_refine_mpi, …, relion_it.
# With a second argument the executable is taken from there; otherwise from the build folder.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:-bin}
executable=${2:-$("${SWIFT:-swift}" build -c "${CONFIGURATION:-release}" --show-bin-path)/relion}
[ -x "$executable" ] || { echo "links: $executable is missing; run make build first" >&2; exit 1; }

mkdir -p "$folder"
# Links of programs that no longer exist must not stay behind.
find "$folder" -maxdepth 1 -type l -name 'relion*' -delete
ln -sfn "$(realpath "$executable")" "$folder/relion"
count=0
while read -r program; do
    ln -sfn relion "$folder/$program"
    ln -sfn relion "$folder/${program}_mpi"
    count=$((count + 1))
done < <("$executable" --programs)
# No program of its own, but a name that users know: relion it.
ln -sfn relion "$folder/relion_it"
echo "$folder/ has $count programs"
