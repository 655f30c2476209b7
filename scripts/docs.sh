#!/usr/bin/env bash
# Writes docs/programs/NAME.md for every program from its own --help, an index of them, and docs/http-api.md.
set -euo pipefail
cd "$(dirname "$0")/.."

relion=bin/relion
folder=docs/programs
mkdir -p "$folder"
rm -f "$folder"/relion_*.md
{
    echo "# Programs"
    echo
    echo "Written by \`make docs\` from the programs' own help; do not edit."
    echo
} >"$folder/README.md"
for program in $("$relion" --programs); do
    summary=$("$relion" --summary "$program")
    echo "- [$program]($program.md): $summary" >>"$folder/README.md"
    {
        echo "# $program"
        echo
        echo "$summary"
        echo
        echo '```text'
        COLUMNS=110 "bin/$program" --help
        echo '```'
    } >"$folder/$program.md"
done
"$relion" gui --describe_api >docs/http-api.md
echo "$folder/ has $("$relion" --programs | wc -l) pages"
