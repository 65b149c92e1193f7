#!/usr/bin/env python3
"""Which `pair_regularity` calls a beacon: found by jitter, of published defaults, beside false alarms on quiet networks.

    bench/network/beacon_jitter.py [--data DIR] [--build build/release] [--json FILE]

Chooses on the first half of the quiet time and reports on the second, then prints what each threshold finds.
"""

import json
import math
import os
import random
import statistics
import sys

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # bench/

import comparison
from beacons_peers import ARCHIVE, lines_of, seconds
from workspace import Workspace

THRESHOLDS = [0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65]
CALLS, BEACONS = 40, 10  # of each beacon, of each kind and interval
INTERVALS = [60, 300, 3600]
QUIET = "zeek-rita/valid_json/"  # a small network for a day: nobody is known to have broken in
NEW_NAMES = 'site_sources < 1.2'


# How published implants draw a pause, of an interval and a jitter: Cobalt Strike shortens it (default: none), Sliver
# lengthens it (default: by up to half), Empire does both (default: none).
KINDS = {
    "Cobalt Strike": (lambda rng, every, jitter: every * (1 - jitter * rng.random()), [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
    "Sliver": (lambda rng, every, jitter: every * (1 + jitter * rng.random()), [0.5]),
    "Empire": (lambda rng, every, jitter: every * (1 + jitter * (2 * rng.random() - 1)), [0.1, 0.2, 0.3, 0.4, 0.5]),
    "no beacon: by chance": (lambda rng, every, jitter: rng.expovariate(1 / every), [0]),
}


def policy(also):
    rules = "".join(
        f'  - {{rule: steady-{round(100 * t)}, when: ["to_outside > 0", "pair_regularity >= {t}", "pair_period >= 3"{also}],'
        f" route: queue, says: steady}}\n" for t in THRESHOLDS)
    return f"""policy: network
routes: [{{route: queue, from: 0.5}}, {{route: close, from: 0}}]
second_stage:
{rules}otherwise: close
explain: {{from: 1, reasons: 1}}
model_deadline: 60s
"""


def called(winnow, log, also=""):
    """When each (source, target site) is first called a beacon, by threshold: rules alone decide, by features over time."""
    with Workspace(winnow) as workspace:
        workspace.write_content("policies/network.yaml", policy(also))
        workspace.promote("network", "--model", "none")
        decided = workspace.decisions("network", log)
    first = {t: {} for t in THRESHOLDS}
    for one in decided:
        if "rule 'steady-" not in one["because"]:
            continue
        strict = int(one["because"].split("steady-")[1].split("'")[0]) / 100
        for t in THRESHOLDS:
            if strict >= t:
                first[t].setdefault((one["sender"], one["subject"]), []).append(seconds(one["event_time"]))
    return decided, first


def request(at, source, target, host):
    return json.dumps({"ts": at, "uid": f"C{source}{at}", "id.orig_h": source, "id.orig_p": 50000, "id.resp_h": target, "id.resp_p": 80,
                       "trans_depth": 1, "method": "GET", "host": host, "uri": "/", "version": "1.1", "user_agent": "Mozilla/5.0",
                       "request_body_len": 0, "response_body_len": 100, "status_code": 200, "status_msg": "OK", "_path": "http"})


def beacons(rng):
    for kind, (pause, jitters) in KINDS.items():
        for jitter in jitters:
            for every in INTERVALS:
                for _ in range(BEACONS):
                    times = [1_700_000_000 + rng.random() * 1000]
                    while len(times) < CALLS:
                        times.append(times[-1] + pause(rng, every, jitter))
                    yield kind, jitter, every, times


def wilson(found, of):
    z, share = 1.96, found / of
    middle, half = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (max(0, (middle - half) / (1 + z * z / of)), min(1, (middle + half) / (1 + z * z / of)))


def poisson(count, of):
    """The 95 % interval of a rate, by Byar's approximation."""
    low = 0 if count == 0 else count * (1 - 1 / (9 * count) - 1.96 / (3 * math.sqrt(count))) ** 3
    more = count + 1
    return low / of, more * (1 - 1 / (9 * more) + 1.96 / (3 * math.sqrt(more))) ** 3 / of


def found_by_jitter(winnow):
    plan, lines = {}, []
    for number, (kind, jitter, every, times) in enumerate(beacons(random.Random(7))):
        source, host = f"10.1.{number // 250}.{number % 250 + 1}", f"site{number}.com"
        plan[source] = (kind, jitter, every, times)
        lines += [(at, request(at, source, f"203.0.{number // 250}.{number % 250 + 1}", host)) for at in times]
    _, first = called(winnow, [line for _, line in sorted(lines)], f', "{NEW_NAMES}"')
    table = []
    for kind, (_, jitters) in KINDS.items():
        for jitter in jitters:
            ours = {source: one for source, one in plan.items() if one[:2] == (kind, jitter)}
            row = {"kind": kind, "jitter": jitter, "beacons": len(ours), "by_threshold": {}}
            for t in THRESHOLDS:
                when = {}
                for (source, _), times in first[t].items():
                    if source in ours:
                        when[source] = min([*times, when.get(source, math.inf)])
                calls = sorted(sum(at <= when[source] + 1 for at in ours[source][3]) for source in when)
                row["by_threshold"][str(t)] = {"found": len(when), "interval": wilson(len(when), len(ours)),
                                               "calls": statistics.median(calls) if calls else None}
            table.append(row)
    return table


def false_alarms(winnow, log, also):
    """Pairs that are called a beacon, by half of the time; of the host-days with events in it."""
    decided, first = called(winnow, log, also)
    times = [seconds(one["event_time"]) for one in decided]
    middle = (min(times) + max(times)) / 2
    hosts = len({one["sender"] for one in decided})
    days = (max(times) - min(times)) / 2 / 86_400
    halves = {}
    for name, is_in in (("first", lambda at: at < middle), ("second", lambda at: at >= middle)):
        halves[name] = {"host_days": hosts * days, "by_threshold": {
            str(t): sum(any(map(is_in, when)) for when in first[t].values()) for t in THRESHOLDS}}
    return halves


def print_found(table):
    print("\n| kind | jitter | " + " | ".join(f"{t}" for t in THRESHOLDS) + " |\n| --- | --: |" + " --: |" * len(THRESHOLDS))
    for row in table:
        cells = []
        for of in row["by_threshold"].values():
            low, high = of["interval"]
            cells.append(f"{of['found']}/{row['beacons']} ({low:.2f}-{high:.2f})" + (f", {of['calls']:.0f}" if of["calls"] else ""))
        print(f"| {row['kind']} | {row['jitter']:.0%} | " + " | ".join(cells) + " |")


def print_false(title, halves):
    for half, of in halves.items():
        cells = []
        for count in of["by_threshold"].values():
            low, high = poisson(count, of["host_days"])
            cells.append(f"{count} ({low:.2f}-{high:.2f})")
        print(f"| {title}, {half} half, {of['host_days']:.1f} host-days | " + " | ".join(cells) + " |")


def measure(options):
    found = found_by_jitter(options.winnow)
    print_found(found)
    quiet = lines_of(options.data, "http.log", QUIET)
    print("\n| quiet network | " + " | ".join(f"{t}" for t in THRESHOLDS) + " |\n| --- |" + " --: |" * len(THRESHOLDS))
    rule = false_alarms(options.winnow, quiet, f', "{NEW_NAMES}"')
    print_false("the rule", rule)
    alone = false_alarms(options.winnow, quiet, "")
    print_false("regularity alone", alone)
    return {"found": found, "rule": rule, "regularity_alone": alone}


if __name__ == "__main__":
    comparison.run(__doc__, measure, data=[ARCHIVE], scikit_learn=None)
