#!/usr/bin/env python3
"""How much of the intrusions into invented companies reaches a person, and how many false alerts a day beside it.

    bench/company/intrusions.py [--build build/release] [--seeds 1 4 5] [--domains network endpoint cloud] [--json FILE]

For each seed another company: weeks of history, then days that are new. Prints a table as docs/results.md has it.
"""

import csv
import datetime
import glob
import os
import sys

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # bench/

import comparison
from workspace import Workspace

PEOPLE = 40
# The span, and how many of its last days are new. Few intrusions reach the cloud, and days there are cheap.
SPANS = {"network": (21, 7), "endpoint": (21, 7), "cloud": (56, 28)}
PAUSE = datetime.timedelta(minutes=30)  # what an intruder does after a longer one is another step
THRESHOLDS = [0.95, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02]


def decided(workspace, domain, seed):
    """A company's new records as a user decides them, trained on what was before: pairs of a decision and the name of the
    intrusion it belongs to, "" for none."""
    days, new_days = SPANS[domain]
    company = ["--seed", str(seed), "--people", str(PEOPLE)]
    workspace.run("simulate", domain, "log", *company, "--days", str(days), "--new-days", str(new_days), folder=workspace.parent)
    workspace.run("simulate", "assets", "assets.csv", *company, folder=workspace.parent)
    workspace.run("intel", "import", "content/intel/intel.yaml")
    workspace.run("assets", "import", "../assets.csv")
    log = os.path.join(workspace.parent, "log")
    for label in ("benign", "malicious"):
        history = glob.glob(os.path.join(log, f"history-{label}.*"))
        workspace.run("ingest", "auto", *history, "--label", label, "--source", domain)
    workspace.run("train", domain, "--quiet")
    workspace.promote(domain)
    with open(os.path.join(log, "new-truth.csv"), encoding="utf-8", newline="") as file:
        truth = {row["sha256"]: row["intrusion"] for row in csv.DictReader(file)}
    with open(glob.glob(os.path.join(log, "new.*"))[0], encoding="utf-8") as file:
        records = file.read().splitlines()
    return [(one, truth[one["event"]]) for one in workspace.decisions(domain, records)]


def steps_of(rows):
    """The events of each intrusion in the order of time, cut where the intruder pauses."""
    steps, last = [], {}
    for one, intrusion in sorted(rows, key=lambda row: row[0]["event_time"]):
        if not intrusion:
            continue
        at = datetime.datetime.fromisoformat(one["event_time"].replace("Z", "+00:00"))
        if intrusion not in last or at - last[intrusion][0] > PAUSE:
            last[intrusion] = [at, []]
            steps.append((intrusion, last[intrusion][1]))
        last[intrusion][0] = at
        last[intrusion][1].append(one)
    return steps


def judge(rows, is_told, days):
    told = [(intrusion, any(map(is_told, events))) for intrusion, events in steps_of(rows)]
    false = [one for one, intrusion in rows if not intrusion and is_told(one)]
    return {
        "intrusions": len({name for name, _ in told}),
        "intrusions_told": len({name for name, seen in told if seen}),
        "steps": len(told),
        "steps_told": sum(seen for _, seen in told),
        "false_alerts_a_day": len(false) / days,
        "false_actors_a_day": len({(one["sender"], one["event_time"][:10]) for one in false}) / days,
    }


def measure(winnow, domain, seed):
    with Workspace(winnow) as workspace:
        rows = decided(workspace, domain, seed)
    days = SPANS[domain][1]
    return {"domain": domain, "seed": seed, "events": len(rows),
            "as_shipped": judge(rows, lambda one: one["route"] != "close", days),
            "by_probability": {str(t): judge(rows, lambda one, t=t: (one["probability"] or 0) >= t, days) for t in THRESHOLDS}}


def main():
    parser = comparison.parser(__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 4, 5], help="of the companies")
    parser.add_argument("--domains", nargs="+", choices=SPANS, default=list(SPANS), help="what is looked at of them")
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    if not comparison.is_built(options.build, comparison.WINNOW):
        return
    print("| domain | seed | new events | intrusions told | steps told | false alerts a day | actors of them a day |")
    print("| --- | --: | --: | --: | --: | --: | --: |")
    measured = []
    for domain in options.domains:
        for seed in options.seeds:
            found = measure(os.path.join(options.build, comparison.WINNOW), domain, seed)
            of = found["as_shipped"]
            print(f"| {domain} | {seed} | {found['events']:,} | {of['intrusions_told']} of {of['intrusions']} | {of['steps_told']} of {of['steps']} "
                  f"| {of['false_alerts_a_day']:.1f} | {of['false_actors_a_day']:.1f} |", flush=True)
            measured.append(found)
            comparison.write(options.json, measured)


if __name__ == "__main__":
    main()
