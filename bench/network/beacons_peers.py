#!/usr/bin/env python3
"""How well `pair_regularity` tells a known beacon from the background of an exposed server (zeek-rita, three days).

    bench/network/beacons_peers.py [--data DIR] [--build build/release] [--json FILE]

Prints, for each threshold, how many sources of many are called a beacon, whether the known one is, and how soon.
"""

import datetime
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository

from peers import arguments

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


def run(winnow, folder, *words):
    done = subprocess.run([winnow, *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"winnow {' '.join(words)} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def log_of(data, name, folder):
    raw = subprocess.run(["zstd", "-dc", os.path.join(data, ARCHIVE)], check=True, stdout=subprocess.PIPE).stdout
    file = os.path.join(folder, name)
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive, open(file, "wb") as out:
        out.write(archive.extractfile(FOLDER + name).read())
    return file


def decisions(winnow, data, log):
    """What rules alone say of each event of a log, by features over time."""
    folder = tempfile.mkdtemp(prefix="winnow-bench-")
    try:
        run(winnow, folder, "init", "soc")
        soc = os.path.join(folder, "soc")
        with open(os.path.join(soc, "content/policies/network.yaml"), "w", encoding="utf-8") as out:
            out.write(POLICY)
        run(winnow, soc, "bundles", "build", "--domain", "network", "--model", "none")
        run(winnow, soc, "deployments", "promote", "latest", "--reason", "measured")
        return json.loads(run(winnow, soc, "score", "network", log_of(data, log, folder), "--json", "--quiet"))["decisions"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def measure(decided):
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


def main():
    options = arguments()
    winnow = os.path.abspath(os.path.join(options.build, "src/cli/winnow"))
    for needed in (winnow, os.path.join(options.data, ARCHIVE)):
        if not os.path.exists(needed):
            print(f"skipped: no {needed}")
            return 0
    measured = {}
    for log in ("http.log", "conn.log"):
        found = measured[log] = measure(decisions(winnow, options.data, log))
        print(f"\n{log}: {found['events']:,} events of {found['sources']:,} sources, one of them a known beacon")
        for threshold, of in found["by_threshold"].items():
            known = f"the known one after {of['minutes']:.0f} minutes" if of["known_beacon"] else "not the known one"
            print(f"  pair_regularity >= {threshold:4}: {of['called']:4} called a beacon, {known}")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump(measured, out, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
