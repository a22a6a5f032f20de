#!/usr/bin/env bash
# build.sh [DIR] compiles the adapter, with files and without, into DIR or beside its source. Debian 12's clang 14 gives the bytes that are committed.
set -euo pipefail
out=$(cd "${1:-$(dirname "$0")}" && pwd)
cd "$(dirname "$0")"
for files in 1 0; do
    name=files.wasm
    if [ $files = 0 ]; then name=streams.wasm; fi
    clang --target=wasm32-unknown-unknown -Os -std=c11 -nostdlib -ffreestanding -Wall -Wextra -Wno-unused-parameter -Werror \
        -fno-jump-tables -mbulk-memory -mmutable-globals -msign-ext -DFILES_TOO=$files \
        -Wl,--no-entry -Wl,--strip-all -Wl,-z,stack-size=0 -o "$out/$name" adapter.c
    chmod 644 "$out/$name"
done
