#!/bin/sh
# Whole-process benchmark of pack and unpack against local stores; not a part of ./check.
#
#   integration-tests/src/bench/pack.sh [MEGABYTES [DIRECTORIES [FILES]]]
#
# Prints one line for each run: seconds, processor seconds, MB/s (of plain contents), peak resident memory, and the comparison
# figure. Processor seconds say more than seconds on a busy machine. TREE names a real tree (default /usr/lib), ROOT a small
# one (default: Icecast's, of the profile classic, which is built when it is not in the user's cache).
set -eu

megabytes=${1:-300}
directories=${2:-4000}
files=${3:-100000}
tree=${TREE:-/usr/lib}
root=$(cd "$(dirname "$0")/../../.." && pwd -P)
[ -x /usr/bin/time ] || { echo "error: /usr/bin/time is missing; apt-get install time" >&2; exit 1; }
command -v redis-server >/dev/null || { echo "error: redis-server is missing; apt-get install redis-server" >&2; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/zship-bench.XXXXXX")
redis='' proxy=''
trap 'kill $redis $proxy 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
archive=$("$root/zship" build --profile classic --json 2>/dev/null | sed -n 's/.*"archive":"\([^"]*\)".*/\1/p' | tail -n 1)
if [ -z "${ROOT:-}" ]; then
  ROOT=$work/icecast
  mkdir "$ROOT" && tar xzf "$archive" -C "$ROOT"
fi
export XDG_STATE_HOME="$work/state" XDG_CACHE_HOME="$work/cache" XDG_CONFIG_HOME="$work/config"
store=dir://$work/store

# name, megabytes of contents (0: none), comparison, command...
measure() {
  name=$1 size=$2 known=$3
  shift 3
  if ! /usr/bin/time -o "$work/time" -f '%e %M %U %S' "$@" >"$work/out" 2>&1; then
    echo "error: $name failed: $*" >&2
    tail -n 5 "$work/out" >&2
    exit 1
  fi
  awk -v name="$name" -v size="$size" -v known="$known" '{
    rate = size > 0 && $1 > 0 ? sprintf("%.0f MB/s", size / $1) : "-"
    note = known > 0 && $1 > 0 ? sprintf("zflist %.1f s, %.1fx as fast", known, known / $1) : ""
    printf "%-34s %7.2f s  %6.2f cpu s  %10s  %5.0f MiB peak  %s\n", name, $1, $3 + $4, rate, $2 / 1024, note
  }' "$work/time"
}

mkdir -p "$work/nothing" "$work/big" "$work/wide" "$work/store"
head -c "${megabytes}000000" /dev/urandom >"$work/big/random"
seq -f "$work/wide/d%05g" "$directories" | xargs mkdir
"$root/zship" --version >/dev/null # builds on first use

# The known figures are for 300 MB and 4,000 directories.
big=0 wide=0
[ "$megabytes" != 300 ] || big=3.9
[ "$directories" != 4000 ] || wide=49.7

measure "b2sum, random file" "$megabytes" 0 b2sum "$work/big/random"
measure "cp, random file" "$megabytes" 0 cp "$work/big/random" "$work/copy"
rm "$work/copy"
measure "tar czf, random file" "$megabytes" 0 tar czf "$work/big.tar.gz" -C "$work/big" .
measure "pack, nothing" 0 0 "$root/zship" pack "$work/nothing" -o "$work/none.flist" --store "$store"
measure "pack, random file" "$megabytes" "$big" "$root/zship" pack "$work/big" -o "$work/big.flist" --store "$store"
measure "pack again, unchanged" "$megabytes" 0 "$root/zship" pack "$work/big" -o "$work/again.flist" --store "$store"
cmp "$work/big.flist" "$work/again.flist"
mkdir "$work/tar"
measure "tar xf, random file" "$megabytes" 0 tar xf "$work/big.tar.gz" -C "$work/tar"
measure "unpack, random file" "$megabytes" 0 "$root/zship" flist unpack "$work/big.flist" "$work/unpacked" --store "$store"
cmp "$work/big/random" "$work/unpacked/random"
measure "tar czf, $directories directories" 0 0 tar czf "$work/wide.tar.gz" -C "$work/wide" .
measure "pack, $directories directories" 0 "$wide" "$root/zship" pack "$work/wide" -o "$work/wide.flist" --store "$store"

mkdir "$work/many"
(cd "$work/many" && seq -f 'small file %06g' "$files" | split -l 1 -a 5 - f)
measure "pack, $files files in one directory" 0 0 "$root/zship" pack "$work/many" -o "$work/many.flist" --store "$store"

# Nothing is removed before the end: for minutes after that, ext4 makes new files slowly.
for real in "$tree" "$ROOT"; do
  # Known for a root of Icecast.
  icecast=0
  [ "$real" != "$work/icecast" ] || icecast=0.70
  copied=$(mktemp -d "$work/copied.XXXXXX") unpacked=$(mktemp -d "$work/unpacked.XXXXXX")
  # An flist has no hard links: a file with several names is written as often.
  size=$(($(du -sbl "$real" | cut -f 1) / 1000000))
  measure "tar cf, $real" "$size" 0 sh -c 'tar cf - "$1" 2>/dev/null | cat >/dev/null' - "$real"
  measure "pack, $real" "$size" "$icecast" "$root/zship" pack "$real" -o "$work/real.flist" --store "$store"
  measure "pack again, $real" "$size" 0 "$root/zship" pack "$real" -o "$work/real.flist" --store "$store"
  measure "verify, $real" "$size" 0 "$root/zship" flist verify "$work/real.flist" --store "$store"
  measure "cp -a, $real" "$size" 0 cp -a "$real/." "$copied"
  measure "unpack, $real" "$size" 0 "$root/zship" flist unpack "$work/real.flist" "$unpacked" --store "$store"
  diff -r --no-dereference "$copied" "$unpacked"
done

# As many files as the tree has that zflist needed 45.7 s for, and a store that takes 10 ms for every command.
mkdir "$work/small"
(cd "$work/small" && seq -f 'small file %04g' 2064 | split -l 1 -a 3 - f)
port=$(awk 'BEGIN { srand(); print 20000 + int(rand() * 20000) }')
redis-server --bind 127.0.0.1 --port "$port" --save '' --dir "$work" >"$work/redis.log" 2>&1 &
redis=$!
# The proxy is a Java 25 program.
java=$(find /usr/lib/jvm/*25*/bin/java "${JAVA_HOME:-/nowhere}/bin/java" 2>/dev/null | head -n 1)
"${java:-java}" "$root/integration-tests/src/test/java/zship/flist/CommandProxy.java" "$port" 10 >"$work/proxy" &
proxy=$!
while [ ! -s "$work/proxy" ]; do sleep 0.1; done
slow=redis://127.0.0.1:$(cat "$work/proxy")
# A program that has just started takes longer than 10 ms. What it is warmed with is taken out of the store again.
for _ in 1 2 3; do
  "$root/zship" pack "$work/small" -o "$work/small.flist" --store "$slow" >"$work/out" 2>&1
  redis-cli -p "$port" flushall >"$work/out"
done
measure "pack, 2064 files, 10 ms a command" 0 45.7 "$root/zship" pack "$work/small" -o "$work/small.flist" --store "$slow"
measure "pack again, the same" 0 0 "$root/zship" pack "$work/small" -o "$work/small.flist" --store "$slow"
