#!/bin/sh
# Whole-process benchmark of pack and unpack against a local store; not a part of ./check.
#
#   integration-tests/src/bench/pack.sh [MEGABYTES [DIRECTORIES]]
#
# Prints one line for each run: seconds, MB/s (of plain contents), peak resident memory, and the comparison figure.
set -eu

megabytes=${1:-300}
directories=${2:-4000}
root=$(cd "$(dirname "$0")/../../.." && pwd -P)
[ -x /usr/bin/time ] || { echo "error: /usr/bin/time is missing; apt-get install time" >&2; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/zship-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export XDG_STATE_HOME="$work/state" XDG_CACHE_HOME="$work/cache" XDG_CONFIG_HOME="$work/config"
store=dir://$work/store

# name, megabytes of contents (0: none), comparison, command...
measure() {
  name=$1 size=$2 known=$3
  shift 3
  if ! /usr/bin/time -o "$work/time" -f '%e %M' "$@" >"$work/out" 2>&1; then
    echo "error: $name failed: $*" >&2
    tail -n 5 "$work/out" >&2
    exit 1
  fi
  awk -v name="$name" -v size="$size" -v known="$known" '{
    rate = size > 0 && $1 > 0 ? sprintf("%.0f MB/s", size / $1) : "-"
    note = known > 0 && $1 > 0 ? sprintf("zflist %.1f s, %.1fx as fast", known, known / $1) : ""
    printf "%-28s %7.2f s  %10s  %5.0f MiB peak  %s\n", name, $1, rate, $2 / 1024, note
  }' "$work/time"
}

mkdir -p "$work/big" "$work/wide" "$work/store"
head -c "${megabytes}000000" /dev/urandom >"$work/big/random"
seq -f "$work/wide/d%05g" "$directories" | xargs mkdir
"$root/zship" --version >/dev/null # builds on first use

# The known figures are for 300 MB and 4,000 directories.
big=0 wide=0
[ "$megabytes" != 300 ] || big=3.9
[ "$directories" != 4000 ] || wide=49.7

measure "tar czf, random file" "$megabytes" 0 tar czf "$work/big.tar.gz" -C "$work/big" .
measure "pack, random file" "$megabytes" "$big" "$root/zship" pack "$work/big" -o "$work/big.flist" --store "$store"
measure "pack again, unchanged" "$megabytes" 0 "$root/zship" pack "$work/big" -o "$work/again.flist" --store "$store"
cmp "$work/big.flist" "$work/again.flist"
mkdir "$work/tar"
measure "tar xf, random file" "$megabytes" 0 tar xf "$work/big.tar.gz" -C "$work/tar"
measure "unpack, random file" "$megabytes" 0 "$root/zship" flist unpack "$work/big.flist" "$work/unpacked" --store "$store"
cmp "$work/big/random" "$work/unpacked/random"
measure "tar czf, $directories directories" 0 0 tar czf "$work/wide.tar.gz" -C "$work/wide" .
measure "pack, $directories directories" 0 "$wide" "$root/zship" pack "$work/wide" -o "$work/wide.flist" --store "$store"
