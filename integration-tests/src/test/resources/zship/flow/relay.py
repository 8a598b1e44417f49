"""Lets connections in to 127.0.0.1, as a router before this network does: relay.py NAMESPACE ADDRESS OUTER:INNER...

It listens in the other network namespace, so that no port of this one is taken. It ends with its standard input.
"""
import ctypes
import os
import socket
import sys
import threading


def copy(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        source.close()
        target.close()


def serve(listener, inner):
    while True:
        outside, _ = listener.accept()
        try:
            inside = socket.create_connection(("127.0.0.1", inner))
        except OSError:
            outside.close()
            continue
        for pair in ((outside, inside), (inside, outside)):
            threading.Thread(target=copy, args=pair, daemon=True).start()


def enter(namespace):
    if ctypes.CDLL(None, use_errno=True).setns(os.open(namespace, os.O_RDONLY), 0):
        raise OSError(ctypes.get_errno(), namespace)


own = os.open("/proc/self/ns/net", os.O_RDONLY)
enter(sys.argv[1])
listeners = []
for ports in sys.argv[3:]:
    outer, inner = map(int, ports.split(":"))
    listeners.append((socket.create_server((sys.argv[2], outer)), inner))
enter(f"/proc/self/fd/{own}")
for listener in listeners:
    threading.Thread(target=serve, args=listener, daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
