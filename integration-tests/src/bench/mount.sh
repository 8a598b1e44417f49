#!/bin/bash
# Whole-process benchmark of mounted flists and of containers that start before their files are here; not a part of ./check.
#
#   integration-tests/src/bench/mount.sh [MEGABYTES [ENTRIES [DELAY_MS]]]
#
# Needs root, redis-server and python3. Prints one line for each figure; what is to be reached stands in brackets.
set -euo pipefail

megabytes=${1:-300}
entries=${2:-50000}
delay=${3:-10}
root=$(cd "$(dirname "$0")/../../.." && pwd -P)
work=$(mktemp -d "${TMPDIR:-/tmp}/zship-bench.XXXXXX")
export XDG_STATE_HOME="$work/state" XDG_CACHE_HOME="$work/cache" XDG_CONFIG_HOME="$work/config"
pids=()
cleanup() {
  mountpoint -q "$work/mnt" && umount "$work/mnt"
  "$root/zship" node stop >/dev/null 2>&1 || true
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

now() { date +%s%N; }
rate() { # name, bytes, start, end, what is to be reached
  awk -v n="$1" -v b="$2" -v s="$3" -v e="$4" -v g="$5" \
    'BEGIN { t = (e - s) / 1e9; printf "%-44s %7.2f s  %8.0f MB/s  [%s]\n", n, t, b / 1e6 / t, g }'
}
seconds() { # name, start, end, what is to be reached
  awk -v n="$1" -v s="$2" -v e="$3" -v g="$4" 'BEGIN { printf "%-44s %7.2f s  [%s]\n", n, (e - s) / 1e9, g }'
}
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

mount_it() { # options...: mounts and waits until it is there
  mkdir -p "$work/mnt"
  "$root/zship" flist mount "$work/tree.flist" "$work/mnt" --store "$store" "$@" >"$work/mount.log" 2>&1 &
  until mountpoint -q "$work/mnt"; do kill -0 $! || { cat "$work/mount.log" >&2; exit 1; }; sleep 0.01; done
}
unmount_it() { umount "$work/mnt"; wait $! || true; }

port=$(free_port)
redis-server --port "$port" --save '' --dir "$work" >/dev/null &
pids+=($!)
store=redis://127.0.0.1:$port

mkdir -p "$work/tree/many"
head -c "${megabytes}000000" /dev/urandom >"$work/tree/big"
(cd "$work/tree/many" && seq "$entries" | xargs touch)
"$root/zship" pack "$work/tree" -o "$work/tree.flist" --store "$store" >/dev/null
bytes=$(stat -c %s "$work/tree/big")

echo "machine: $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg)"
s=$(now); cat "$work/tree/big" >/dev/null; rate "read, local file in the page cache" "$bytes" "$s" "$(now)" "for comparison"
mount_it
s=$(now); cat "$work/mnt/big" >/dev/null; rate "read, nothing here (local Redis)" "$bytes" "$s" "$(now)" ">= 150, g8ufs 74"
s=$(now); cat "$work/mnt/big" >/dev/null; rate "read, in the page cache" "$bytes" "$s" "$(now)" ">= 700"
s=$(now); find "$work/mnt/many" -type f -size +1 | wc -l >/dev/null; e=$(now)
awk -v s="$s" -v e="$e" -v n="$entries" 'BEGIN { printf "%-44s %7.2f s  %8.0f /s    [>= 20000]\n", "list and stat", (e - s) / 1e9, n * 1e9 / (e - s) }'
unmount_it
mount_it
s=$(now); cat "$work/mnt/big" >/dev/null; rate "read, chunks cached, page cache empty" "$bytes" "$s" "$(now)" ">= 700"
s=$(now); python3 - "$work/mnt/many" "$entries" <<'P'; e=$(now)
import os, sys
for i in range(1, int(sys.argv[2]) + 1):
    os.lstat(f"{sys.argv[1]}/{i}")
P
awk -v s="$s" -v e="$e" -v n="$entries" 'BEGIN { printf "%-44s %7.2f s  %8.0f /s    [>= 20000]\n", "stat by name, uncached", (e - s) / 1e9, n * 1e9 / (e - s) }'
unmount_it

# A proxy that makes each answer of the store wait: what a store far away does.
cat >"$work/proxy.py" <<'P'
import asyncio, sys
listen, target, delay = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 1000
async def late(reader, writer):
    loop, queue = asyncio.get_running_loop(), asyncio.Queue()
    async def send():
        while True:
            due, data = await queue.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if data is None: return writer.close()
            writer.write(data); await writer.drain()
    sending = asyncio.create_task(send())
    while True:
        data = await reader.read(1 << 16)
        await queue.put((loop.time() + delay, data or None))
        if not data: return await sending
async def direct(reader, writer):
    while data := await reader.read(1 << 16):
        writer.write(data); await writer.drain()
    writer.close()
async def client(reader, writer):
    r, w = await asyncio.open_connection("127.0.0.1", target)
    await asyncio.gather(direct(reader, w), late(r, writer), return_exceptions=True)
async def main():
    async with await asyncio.start_server(client, "127.0.0.1", listen) as server: await server.serve_forever()
asyncio.run(main())
P
far=$(free_port)
python3 "$work/proxy.py" "$far" "$port" "$delay" &
pids+=($!)

# A service of one static program beside a large file that it does not need.
mkdir -p "$work/web/bin" "$work/web/www"
cp /usr/bin/busybox "$work/web/bin/httpd"
head -c 60000000 /dev/urandom >"$work/web/www/archive"
echo served >"$work/web/www/index.html"
cat >"$work/web/.startup.toml" <<'P'
[startup.web]
name = "core.system"
[startup.web.args]
name = "/bin/httpd"
args = ["-f", "-p", "8000", "-h", "/www"]
P
"$root/zship" pack "$work/web" -o "$work/web.flist" --store "$store" >/dev/null

cat >"$work/start.py" <<'P'
import json, socket, sys, time, urllib.request, uuid
node, flist, storage, port = sys.argv[1:5]
host, number = node.rsplit(":", 1)
link = socket.create_connection((host, int(number))); answers = link.makefile("rb")
def call(*words):
    link.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in (str(w).encode() for w in words)))
    def read():
        line = answers.readline().strip()
        if line[:1] == b"$": return None if line == b"$-1" else answers.read(int(line[1:]) + 2)[:-2]
        if line[:1] == b"*": return [read() for _ in range(int(line[1:]))]
        return line
    return read()
def run(command, **arguments):
    id = str(uuid.uuid4())
    call("RPUSH", "core:default", json.dumps({"id": id, "command": command, "arguments": arguments}))
    return json.loads(json.loads(call("BRPOPLPUSH", "result:" + id, "result:" + id, "120"))["data"])
start = time.monotonic()
id = run("corex.create", root=flist, storage=storage, nics=[{"type": "default"}], port={port: 8000})
created = time.monotonic() - start
while True:
    try:
        assert urllib.request.urlopen("http://127.0.0.1:%s/" % port, timeout=5).read() == b"served\n"; break
    except OSError: time.sleep(0.005)
served = time.monotonic() - start
root = run("zship.root", container=id)
print("%.2f %.2f %s %s" % (created, served, root.get("present", "all"), root.get("chunks", "")))
run("corex.terminate", container=id)
P
begin() { # name, storage: creates a container and prints how long it took
  read -r created served present chunks < <(python3 "$work/start.py" "$node" "$work/web.flist" "$2" "$(free_port)")
  printf '%-44s %7s s to running [%s]  %s s to HTTP 200 [%s]  chunks here: %s %s\n' "$1" "$created" "$3" "$served" "$4" \
    "$present" "${chunks:+of $chunks}"
}
for mode in full lazy; do
  rm -rf "$work/state"
  "$root/zship" node start --roots $mode >/dev/null
  node=$("$root/zship" node status --json | sed -n 's/.*"node":"\([^"]*\)".*/\1/p')
  begin "start, $mode, nothing here, ${delay} ms latency" "redis://127.0.0.1:$far" - -
  begin "start, $mode, the second time" "redis://127.0.0.1:$far" "<= 0.3" "<= 0.6"
  begin "start, $mode, the third time" "redis://127.0.0.1:$far" "<= 0.3" "<= 0.6"
  "$root/zship" node stop >/dev/null
done
