#!/usr/bin/env python3
"""Triage of the AIT alerts: Winnow beside scikit-learn and plain rules, one scenario held out each time.

    bench/alerts/peers.py [--data DIR] [--build build/release] [--json FILE]

Prints how many false alerts are removed at thresholds that promise 95.1 % detection on the other scenarios.
"""

import os
import sys

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # bench/

import ait
import comparison
from triage_workspace import HOLD_OUT, TriageWorkspace

DAY = 86400


def learn(options):
    """The judged alerts by digest, when each scenario began, and what Winnow's data set and models say of them."""
    judged, begins, count = {}, {}, 0

    def passing():
        nonlocal count
        for alert in ait.alerts(options.data):
            count += 1
            begins.setdefault(alert.scenario, alert.time)
            if alert.judged:
                judged[alert.digest] = alert
            yield alert

    with TriageWorkspace(options.winnow) as workspace:
        workspace.ingest_all(passing())
        print(workspace.train())
        rows = workspace.held_out(options.build)
    print(f"{count:,} alerts, {len(judged):,} of them judged")
    return judged, begins, rows


def aggregated(rows, begins, scores, way):
    from judging import Judged
    found = {}
    for alert, of_row in zip(rows, scores):
        key = alert.aggregates[way]
        if key not in found:
            first_day = alert.time - begins[alert.scenario] < DAY
            found[key] = Judged(alert.scenario, alert.step, first_day)
        found[key].add(of_row)
    return list(found.values())


def show(name, way, found):
    ranking = found["ranking"]
    print(f"\n{name}, {way}: ROC-AUC {ranking['roc_auc']:.4f}, average precision {ranking['average_precision']:.4f} (means over scenarios)")
    for promise, of in found["promises"].items():
        removed, detected = of["interval"]["removed"], of["interval"]["detected"]
        late = of["after_first_day"]
        print(f"  promised of {promise}: removed {of['removed']:.3f} ({removed[0]:.3f}-{removed[1]:.3f}) of {of['false']:,} false, "
              f"kept {of['detected']:.3f} ({detected[0]:.3f}-{detected[1]:.3f}) of {of['attack']}, "
              f"steps found {of['steps_found']} of {of['steps']}; without first days {late['removed']:.3f}, {late['detected']:.3f}")
        print("    by step: " + ", ".join(f"{step} {one['detected']:.2f} of {one['aggregates']}" for step, one in of["by_step"].items()))
        print("    by scenario: " + ", ".join(f"{one} {part['removed']:.3f}, {part['detected']:.3f}" for one, part in of["by_scenario"].items()))


def measure(options):
    import numpy
    from contenders import contenders, held_out, probes
    from judging import judge
    judged, begins, table = learn(options)
    rows = [judged[line["digest"]] for line in table]
    scenarios = numpy.array([row.scenario for row in rows])
    extra = {"digest", "source", "held_out"} | {f"without_{name}" for name in begins}
    names = [name for name in table[0] if name not in extra]
    x = numpy.array([[float(line[name]) if line[name] else numpy.nan for name in names] for line in table])
    y = numpy.array([row.step != "-" for row in rows])
    own = [{name.removeprefix("without_"): float(line[name]) for name in line
            if (name.startswith("without_") or name == "held_out") and line[name]} for line in table]
    measured = {}

    def judge_all(name, scores):
        for way in ("clock hours", "spells"):
            found = measured[f"{name}, {way}"] = judge(aggregated(rows, begins, scores, way))
            show(name, way, found)

    judge_all("Winnow", own)
    for kind, others in (("", contenders(x, y, names, rows)), ("probe: ", probes(x, y, rows, begins))):
        for name, fit_and_score in others.items():
            judge_all(kind + name, held_out(scenarios, fit_and_score))
    return measured


if __name__ == "__main__":
    comparison.run(__doc__, measure, built=[HOLD_OUT], data=[ait.ARCHIVE])
