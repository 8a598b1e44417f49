#!/bin/bash
# Figures of the built-in recipe's roots; not a part of ./check.
#
#   integration-tests/src/bench/root.sh [STARTS [PROFILE...]]
#
# Needs root, python3 and curl. Prints one line for each profile: seconds of a cold build (its inputs are here) and of one with
# nothing changed, the root's bytes and files, chunks and stored bytes, and of a container on the local node the resident
# memory of the service and the median of the milliseconds from its exec to the first answer with status 200, asked for inside the
# container.
set -euo pipefail

starts=${1:-9}
shift || true
[ $# -gt 0 ] || set -- classic slim full small
root=$(cd "$(dirname "$0")/../../.." && pwd -P)
work=$(mktemp -d "${TMPDIR:-/tmp}/zship-bench.XXXXXX")
export XDG_STATE_HOME="$work/state" XDG_CACHE_HOME="$work/cache" XDG_CONFIG_HOME="$work/config"
cleanup() {
  "$root/zship" node stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

now() { date +%s%N; }
since() { awk -v s="$1" -v e="$(now)" 'BEGIN { printf "%.1f", (e - s) / 1e9 }'; }
field() { python3 -c 'import json, sys; print(json.loads(sys.stdin.read().splitlines()[-1])[sys.argv[1]])' "$1"; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# Waits for a new process that runs the launcher or icecast, asks inside its network namespace, where no port forward has to
# be made first, and prints "MILLISECONDS KILOBYTES": from its exec to the first answer with status 200, and what it has in memory
# a second later. The process is looked for every two milliseconds, so the figure is at most that much too small; its own start
# time would be that of the runtime that made the container and then became it.
answer() {
  python3 - <<'PYTHON'
import ctypes, http.client, os, sys, time
libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
before = set(os.listdir("/proc"))

def started():
    for pid in filter(str.isdigit, set(os.listdir("/proc")) - before):
        try:
            if os.path.basename(os.readlink(f"/proc/{pid}/exe")) in ("launcher", "icecast"):
                return pid
        except OSError:
            continue  # it has ended, or is the kernel's

limit = time.monotonic() + 120
while not (pid := started()):
    if time.monotonic() > limit:
        sys.exit("no icecast was started")
    time.sleep(0.002)
begin = time.monotonic()
with open(f"/proc/{pid}/ns/net") as network:
    if libc.setns(network.fileno(), CLONE_NEWNET):
        sys.exit(f"cannot enter the network of process {pid}: {os.strerror(ctypes.get_errno())}")
while True:
    try:
        asked = http.client.HTTPConnection("127.0.0.1", 8000, timeout=5)
        asked.request("GET", "/status.xsl")
        if asked.getresponse().status == 200:
            break
    except (OSError, http.client.HTTPException):
        pass
    if time.monotonic() > limit:
        sys.exit("icecast does not answer")
    time.sleep(0.001)
end = time.monotonic()
time.sleep(1)
memory = next(line for line in open(f"/proc/{pid}/status") if line.startswith("VmRSS"))
print(round((end - begin) * 1000), memory.split()[1])
PYTHON
}

echo "machine: $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg); median of $starts starts"
printf '%-8s %8s %8s %10s %6s %7s %10s %8s %6s\n' profile 'cold s' 'cached s' bytes files chunks stored 'RSS kB' 'up ms'
for profile; do
  "$root/zship" build --profile "$profile" --until download >/dev/null 2>&1
  rm -rf "$work/cache/zship/build" "$work/cache/zship/components"
  s=$(now); "$root/zship" build --profile "$profile" --json >"$work/built" 2>/dev/null; cold=$(since "$s")
  s=$(now); "$root/zship" build --profile "$profile" --json >/dev/null 2>&1; cached=$(since "$s")
  files=$(tar -tvzf "$(field archive <"$work/built")" | grep -c '^-')
  : >"$work/starts"
  for _ in $(seq "$starts"); do
    port=$(free_port)
    answer >>"$work/starts" &
    asking=$!
    "$root/zship" up --profile "$profile" -p "$port:8000" >"$work/up.log" 2>&1 || { cat "$work/up.log" >&2; exit 1; }
    wait $asking
    "$root/zship" rm icecast2 >/dev/null 2>&1
  done
  middle() { sort -n -k"$1" "$work/starts" | awk -v c="$1" '{ v[NR] = $c } END { print v[int((NR + 1) / 2)] }'; }
  printf '%-8s %8s %8s %10s %6s %7s %10s %8s %6s\n' "$profile" "$cold" "$cached" "$(field bytes <"$work/built")" "$files" \
    "$(field chunks <"$work/built")" "$(field storedBytes <"$work/built")" "$(middle 2)" "$(middle 1)"
done
