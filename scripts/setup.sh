#!/usr/bin/env bash
# Installs the Debian packages that the suite links against, where they are missing, and checks the Swift tool chain.
set -euo pipefail

packages=(libfftw3-dev libopenblas-dev libpng-dev libtiff-dev libcairo2-dev zlib1g-dev libbz2-dev liblzma-dev libzstd-dev pkg-config)
oldest_swift=6.3
swift=${SWIFT:-swift}

is_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q "ok installed"; }

install_missing_packages() {
    command -v dpkg-query >/dev/null || {
        echo "setup: this is not Debian or Ubuntu. Install the development files of: FFTW 3 (single and double)," >&2
        echo "       OpenBLAS, libpng, libtiff, cairo, zlib, bzip2, xz, zstd; and pkg-config. Then go on with: make build" >&2
        return 0
    }
    local missing=()
    for package in "${packages[@]}"; do is_installed "$package" || missing+=("$package"); done
    [ ${#missing[@]} -eq 0 ] && return 0
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            echo "setup: these packages are missing, and neither root nor sudo is here to install them: ${missing[*]}" >&2
            exit 1
        }
        as_root=(sudo)
    fi
    echo "setup: installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    local install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}")
    # The package lists of a fresh machine may be empty or old: refresh them only when the first try fails.
    "${install[@]}" </dev/null >/dev/null 2>&1 || {
        "${as_root[@]}" apt-get update -q </dev/null
        "${install[@]}" </dev/null
    }
}

check_swift() {
    local advice="Install it from https://www.swift.org/install/linux (swiftly install latest) and put it on the PATH."
    command -v "$swift" >/dev/null || { echo "setup: no Swift tool chain found. $advice" >&2; exit 1; }
    local version
    version=$("$swift" --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    if [ "$(printf '%s\n%s\n' "$oldest_swift" "${version:-0}" | sort -V | head -n 1)" != "$oldest_swift" ]; then
        echo "setup: Swift ${version:-of unknown version} is too old; $oldest_swift or newer is needed. $advice" >&2
        exit 1
    fi
    echo "setup: Swift $version, Debian packages present"
}

install_missing_packages
check_swift
