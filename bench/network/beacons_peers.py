#!/usr/bin/env python3
"""How well `pair_regularity` tells a known beacon from the background of an exposed server (zeek-rita, three days).

    bench/network/beacons_peers.py [--data DIR] [--build build/release] [--json FILE]

Prints, for each threshold, how many sources of many are called a beacon, whether the known one is, and how soon.
"""

import datetime
import io
import os
import subprocess
import sys
import tarfile

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # bench/

import comparison
from workspace import Workspace

ARCHIVE = "network/zeek-rita.tar.zst"
FOLDER = "zeek-rita/exposed-host-3days/"
BEACON = "73.54.23.243"  # as the capture's own note says
THRESHOLDS = [0.95, 0.9, 0.85, 0.8, 0.75, 0.7]
# Pauses of twenty seconds or more, as of the shipped rule. The first rule that holds is the strictest.
RULES = "".join(
    f'  - {{rule: steady-{round(100 * t)}, when: ["pair_regularity >= {t}", "pair_period >= 3"], route: queue, says: steady}}\n'
    for t in THRESHOLDS)
POLICY = f"""policy: network
routes: [{{route: queue, from: 0.5}}, {{route: close, from: 0}}]
second_stage:
{RULES}otherwise: close
explain: {{from: 1, reasons: 1}}
model_deadline: 60s
"""


def lines_of(data, log, folder=FOLDER):
    raw = subprocess.run(["zstd", "-dc", os.path.join(data, ARCHIVE)], check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        return archive.extractfile(folder + log).read().decode().rstrip("\n").split("\n")


def decisions(winnow, data, log):
    """What rules alone say of each event of a log, by features over time."""
    with Workspace(winnow) as workspace:
        workspace.write_content("policies/network.yaml", POLICY)
        workspace.promote("network", "--model", "none")
        return workspace.decisions("network", lines_of(data, log))


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def judge(decided):
    first, called = {}, {}
    for one in decided:
        source, time = one["sender"], seconds(one["event_time"])
        first[source] = min(time, first.get(source, time))
        if "rule 'steady-" in one["because"]:
            strict = int(one["because"].split("steady-")[1].split("'")[0]) / 100
            for threshold in THRESHOLDS:
                if strict >= threshold:
                    times = called.setdefault(threshold, {})
                    times[source] = min(time, times.get(source, time))
    return {"events": len(decided), "sources": len(first), "by_threshold": {
        str(t): {"called": len(called.get(t, {})), "known_beacon": BEACON in called.get(t, {}),
                 "minutes": (called[t][BEACON] - first[BEACON]) / 60 if BEACON in called.get(t, {}) else None} for t in THRESHOLDS}}


def measure(options):
    measured = {}
    for log in ("http.log", "conn.log"):
        found = measured[log] = judge(decisions(options.winnow, options.data, log))
        print(f"\n{log}: {found['events']:,} events of {found['sources']:,} sources, one of them a known beacon")
        for threshold, of in found["by_threshold"].items():
            known = f"the known one after {of['minutes']:.0f} minutes" if of["known_beacon"] else "not the known one"
            print(f"  pair_regularity >= {threshold:4}: {of['called']:4} called a beacon, {known}")
    return measured


if __name__ == "__main__":
    comparison.run(__doc__, measure, data=[ARCHIVE], scikit_learn=None)
