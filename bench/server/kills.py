#!/usr/bin/env python3
"""Whether a service that is killed amid its work decides as one that never was: the same records by HTTP to both.

    bench/server/kills.py [--build build/release] [--kills 6] [--records 10000] [--seed 1] [--json FILE]

A simulated company's network: history trains, days that are new are posted in batches, each until it is answered 202. The disturbed
service gets SIGKILL at moments drawn by --seed and starts anew. In the end every record has one decision in both, and the same
probability and route. Exit code 1: they differ.
"""

import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # bench/

import comparison
from workspace import Workspace

BATCH = 250
PATIENCE = 60  # seconds, for each thing that is waited for


class Service:
    """`winnow serve` on a workspace of its own, copied from `workspace`."""

    def __init__(self, winnow, workspace, name, token):
        self.winnow, self.token = winnow, token
        self.folder = os.path.join(workspace.parent, name)
        shutil.copytree(workspace.folder, self.folder)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = None

    def start(self):
        self.process = subprocess.Popen([self.winnow, "serve", "--listen", f"127.0.0.1:{self.port}"], cwd=self.folder,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait(lambda: self.ask("GET", "/readyz")[0] == 200, "it to be ready")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.kill()
            self.process.wait()

    def wait(self, done, what):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if done():
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise SystemExit(f"waited {PATIENCE} s for {what}")

    def ask(self, method, path, body=None, token=""):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, path, body, {"Authorization": "Bearer " + token, "Content-Type": "application/x-ndjson"})
        answer = connection.getresponse()
        return answer.status, answer.read()

    def post(self, records):
        body = "".join(record + "\n" for record in records)
        self.wait(lambda: self.ask("POST", "/v1/events/ids", body, self.token["sensor"])[0] == 202, "records to be accepted")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.start()

    def end(self):
        """Once all is decided: the decisions, by event."""
        self.wait(lambda: json.loads(self.ask("GET", "/v1/status", token=self.token["analyst"])[1])["spool"]["records"] == 0, "the spool to be empty")
        self.process.terminate()
        self.process.wait()
        told = subprocess.run([self.winnow, "decisions", "list", "--json", "--limit", "1000000"], cwd=self.folder, check=True, capture_output=True, text=True)
        return {one["event"]: (one["probability"], one["route"]) for one in json.loads(told.stdout)["decisions"]}


def company(workspace, seed):
    """A champion of the network, and the records that come."""
    workspace.run("simulate", "network", "log", "--seed", str(seed), "--days", "21", "--new-days", "7", folder=workspace.parent)
    workspace.run("intel", "import", "content/intel/intel.yaml")
    log = os.path.join(workspace.parent, "log")
    for label in ("benign", "malicious"):
        workspace.run("ingest", "auto", os.path.join(log, f"history-{label}.eve.json"), "--label", label, "--source", "ids")
    workspace.run("train", "network", "--quiet")
    workspace.promote("network")
    with open(os.path.join(log, "new.eve.json"), encoding="utf-8") as file:
        return file.read().splitlines()


def main():
    parser = comparison.parser(__doc__)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--records", type=int, default=10_000, help="at most")
    parser.add_argument("--seed", type=int, default=1, help="of the company, and of the moments")
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    if not comparison.is_built(options.build, comparison.WINNOW):
        return
    winnow = os.path.join(options.build, comparison.WINNOW)
    moments = random.Random(options.seed)
    with Workspace(winnow) as workspace:
        records = company(workspace, options.seed)[:options.records]
        token = {role: workspace.run("tokens", "create", role, "--role", role).strip() for role in ("sensor", "analyst")}
        batches = [records[at:at + BATCH] for at in range(0, len(records), BATCH)]
        found = []
        for name, killed_after in (("undisturbed", ()), ("disturbed", moments.sample(range(len(batches)), min(options.kills, len(batches))))):
            with Service(winnow, workspace, name, token) as service:
                service.start()
                for number, batch in enumerate(batches):
                    service.post(batch)
                    if number in killed_after:
                        time.sleep(moments.random() * 0.3)
                        service.kill()
                found.append(service.end())
    undisturbed, disturbed = found
    differ = [event for event, decided in undisturbed.items() if disturbed.get(event) != decided]
    print(f"{len(records):,} records, {options.kills} kills: {len(undisturbed):,} and {len(disturbed):,} decisions, {len(differ):,} differ")
    comparison.write(options.json, {"records": len(records), "kills": options.kills, "decisions": [len(undisturbed), len(disturbed)], "differ": len(differ)})
    sys.exit(1 if differ or len(undisturbed) != len(disturbed) else 0)


if __name__ == "__main__":
    main()
