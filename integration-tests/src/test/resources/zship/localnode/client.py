"""Drives a node as the clients of 2019 do: push a command, wait for its flag, then for its result."""
import base64
import json
import sys
import time
import urllib.request
import uuid

import redis


class Node:
    def __init__(self, port):
        self.redis = redis.Redis("127.0.0.1", port, ssl=True, ssl_cert_reqs=None, ssl_check_hostname=False)

    def raw(self, command, arguments, **options):
        envelope = {"id": str(uuid.uuid4()), "command": command, "arguments": arguments, "queue": None,
                    "max_time": None, "stream": False, "tags": None, "recurring_period": None}
        envelope.update(options)
        self.redis.rpush("core:default", json.dumps(envelope))
        flag = "result:%s:flag" % envelope["id"]
        if self.redis.brpoplpush(flag, flag, 60) is None:
            raise TimeoutError("not accepted")
        return envelope["id"]

    def result(self, job):
        key, flag = "result:%s" % job, "result:%s:flag" % job
        while self.redis.exists(flag):
            item = self.redis.brpoplpush(key, key, 60)
            if item is not None:
                return json.loads(item)
        raise KeyError(job)

    def sync(self, command, arguments, **options):
        return self.result(self.raw(command, arguments, **options))

    def json(self, command, arguments):
        result = self.sync(command, arguments)
        if result["state"] != "SUCCESS":
            raise RuntimeError(json.loads(result["data"]))
        return json.loads(result["data"])

    def inside(self, container, command, arguments):
        job = self.json("corex.dispatch", {"container": container, "command": {"command": command, "arguments": arguments}})
        return self.result(job)

    def stream(self, job):
        lines = []
        while True:
            item = self.redis.blpop("stream:%s" % job, 60)
            message = json.loads(item[1])["message"]
            if message["meta"] & 6:
                return lines
            lines.append(message["message"].strip())


def fetch(port):
    for _ in range(200):
        try:
            return urllib.request.urlopen("http://127.0.0.1:%d/" % port, timeout=2).read().decode()
        except OSError:
            time.sleep(0.05)
    return "nothing"


def main(port, flist, forwarded):
    node = Node(port)
    print(node.json("core.ping", {}).split()[0])
    job = node.raw("corex.create", {
        "root": flist, "mount": None, "host_network": False, "nics": [{"type": "default"}],
        "port": {str(forwarded): 8000}, "hostname": None, "privileged": False, "storage": None, "name": "web",
        "identity": None, "env": {"GREETING": "hello"}, "cgroups": None}, tags=["python"])
    container = json.loads(node.result(job)["data"])
    print("container running", str(container) in node.json("corex.find", {"tags": ["python"]}))
    print("name", node.json("corex.list", {})[str(container)]["container"]["arguments"]["name"])
    result = node.inside(container, "bash", {"script": "echo $GREETING", "stdin": ""})
    print("bash", result["state"], result["streams"][0].strip())
    fd = json.loads(node.inside(container, "filesystem.open", {"file": "/etc/motd", "mode": "r", "perm": 0})["data"])
    block = json.loads(node.inside(container, "filesystem.read", {"fd": fd})["data"])
    print("file", base64.b64decode(block).decode().strip())
    print("stream", *node.stream(node.raw("bash", {"script": "echo one; sleep 0.2; echo two"}, stream=True)))
    print(fetch(forwarded))
    try:
        node.json("corex.terminate", {"container": 60000})
    except RuntimeError as refused:
        print("error", refused)
    print("unknown", node.sync("core.kill", {"id": "x"})["state"])
    node.json("corex.terminate", {"container": container})
    print("gone", node.json("corex.get", {"query": "web"}) is None)


main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
