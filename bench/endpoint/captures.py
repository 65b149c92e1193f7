#!/usr/bin/env python3
"""Winnow's model of machines on public recordings of attacks, beside scikit-learn and plain baselines.

    bench/endpoint/captures.py [--data DIR] [--build build/release] [--json FILE]

Labels are of whole recordings, so recordings are judged: whether those of one tactic rank above the others when none of them was
trained on; and what a model that was trained on simulated machines alone says of all of them. Leak probes come first.
"""

import datetime
import hashlib
import os
import random
import re
import sys
import tempfile

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # bench/

import comparison
import recordings
from scoring import interval, threshold
from workspace import Workspace, digest

TACTICS = ("credential_access", "lateral_movement", "defense_evasion")
FOLDS = 3
DRAWS = 500
TOP = 5  # events by which a recording is judged: their mean
TOLD = re.compile(r"image|commandline|scriptblock|targetobject|details|grantedaccess|service|taskname|logontype|sharename|targetfilename|query|"
                  r"destinationport|relativetarget|imagepath|accessmask|objectname|privilege|status|startfunction|pipename|eventtype", re.I)
IDENTITY = re.compile(r"^(hostname|computer|computer_name|.*user(name)?|.*domain(name)?|.*sid|workstation(name)?|.*ip(address)?|sourcehostname|destinationhostname)$", re.I)


class CaptureWorkspace(Workspace):
    def __init__(self, winnow):
        super().__init__(winnow)
        plan = self.read_content("training/endpoint.yaml")
        # The shipped training, judged once in time: what counts here is the recordings left out.
        for old, new in (("validation: {folds: 3", "validation: {folds: 1"), ("bootstrap_draws: 200", "bootstrap_draws: 0"), ("fold_by: source", "fold_by: group")):
            assert old in plan, old
            plan = plan.replace(old, new)
        self.write_content("training/endpoint.yaml", plan)

    def learn(self, benign, malicious):
        self.ingest(benign, "benign", "recordings")
        self.ingest(malicious, "malicious", "recordings")
        self.run("train", "endpoint", "--quiet")
        self.promote("endpoint")

    def scores_of(self, chosen):
        """Recording by recording; an event that no mapping reads is left out."""
        of = self.scores("endpoint", [raw for one in chosen for raw in one.raw])
        return [[of[digest(raw)] for raw in one.raw if digest(raw) in of] for one in chosen]


def judged(probabilities):
    best = sorted(probabilities, reverse=True)[:TOP]
    return sum(best) / len(best) if best else 0.0


def values(record, path=""):
    for key, value in record.items():
        if isinstance(value, dict):
            yield from values(value, key)
        elif isinstance(value, (str, int)):
            yield key, str(value)


def text_of(record):
    return " ".join([recordings.kind_of(record).replace(" ", "_")] + [f"{v}" for k, v in values(record) if TOLD.search(k)])


def identity_of(record):
    return " ".join(v for k, v in values(record) if IDENTITY.match(k))


def folds_of(found, tactic):
    """Recordings by fold, each tactic spread over all; the same for everybody."""
    order = sorted(found, key=lambda one: hashlib.sha256(one.name.encode()).hexdigest())
    groups = [[one for one in order if tactic in one.categories], [one for one in order if tactic not in one.categories]]
    return {one.name: i % FOLDS for group in groups for i, one in enumerate(group)}


def by_winnow(winnow, found, tactic, folds):
    scored = {}
    for fold in range(FOLDS):
        train = [one for one in found if folds[one.name] != fold]
        test = [one for one in found if folds[one.name] == fold]
        random.Random(fold).shuffle(train)
        recordings.lay(train + test, datetime.datetime(2025, 1, 1))
        with CaptureWorkspace(winnow) as workspace:
            workspace.learn(*([raw for one in train if (tactic in one.categories) == wanted for raw in one.raw] for wanted in (False, True)))
            for one, probabilities in zip(test, workspace.scores_of(test)):
                scored[one.name] = judged(probabilities)
    return scored


def by_peer(model, text, found, tactic, folds, shuffled=False):
    from sklearn.base import clone
    from sklearn.feature_extraction.text import HashingVectorizer
    words = HashingVectorizer(n_features=4096, token_pattern=r"[A-Za-z_]{2,}|\d+", alternate_sign=False)
    columns = {one.name: words.transform([text(record) for record in one.records]) for one in found}
    truth = {one.name: tactic in one.categories for one in found}
    if shuffled:
        names, dealt = list(truth), list(truth.values())
        random.Random(1).shuffle(dealt)
        truth = dict(zip(names, dealt))
    from scipy.sparse import vstack
    scored = {}
    for fold in range(FOLDS):
        train = [one.name for one in found if folds[one.name] != fold]
        fitted = clone(model).fit(vstack([columns[name] for name in train]), [truth[name] for name in train for _ in range(columns[name].shape[0])])
        for one in found:
            if folds[one.name] == fold:
                scored[one.name] = judged(fitted.predict_proba(columns[one.name])[:, 1])
    return scored, truth


def figures(scored, truth):
    import numpy
    from sklearn.metrics import average_precision_score, roc_auc_score
    names = sorted(scored)
    y, s = numpy.array([truth[name] for name in names]), numpy.array([scored[name] for name in names])
    return {"average_precision": float(average_precision_score(y, s)), "interval": interval(average_precision_score, y, s, names, DRAWS),
            "roc_auc": float(roc_auc_score(y, s))}


def show(name, measured):
    low, high = measured["interval"]
    print(f"  {name:58}{measured['average_precision']:8.3f}   {low:.3f} - {high:.3f} {measured['roc_auc']:9.3f}", flush=True)


def tactics(winnow, found):
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    plain, forest = LogisticRegression(max_iter=1000), RandomForestClassifier(random_state=1)
    all_of = {}
    for tactic in TACTICS:
        folds, truth = folds_of(found, tactic), {one.name: tactic in one.categories for one in found}
        share = sum(truth.values()) / len(truth)
        print(f"\n{tactic}: {sum(truth.values())} of {len(found)} recordings; knowing nothing gives {share:.3f}\n  {'':58}{'AP':>8} {'95 % interval':>15} {'ROC-AUC':>9}")
        measured = {}
        for name, model, text, shuffled in (("leak probe: labels dealt out at random", plain, text_of, True), ("leak probe: hosts, users, domains alone", plain, identity_of, False),
                                            ("leak probe: kinds of events alone", plain, recordings.kind_of, False), ("logistic regression on words (plain baseline)", plain, text_of, False),
                                            ("RandomForest on words", forest, text_of, False)):
            scored, dealt = by_peer(model, text, found, tactic, folds, shuffled)
            measured[name] = figures(scored, dealt)
            show(name, measured[name])
        measured["Winnow"] = figures(by_winnow(winnow, found, tactic, folds), truth)
        show("Winnow", measured["Winnow"])
        all_of[tactic] = measured
    return all_of


def from_simulation(winnow, sets):
    """Trained on simulated machines alone: the share of recordings and events above the threshold that few honest simulated events reach."""
    with CaptureWorkspace(winnow) as workspace:
        workspace.run("simulate", "endpoint", "../log", "--days", "35", "--new-days", "7", "--people", "40", "--seed", "11")
        read = lambda name: open(os.path.join(workspace.parent, "log", name), encoding="utf-8").read().splitlines()
        workspace.learn(read("history-benign.json"), read("history-malicious.json"))
        truth = dict(line.split(",")[:2] for line in read("new-truth.csv")[1:])
        of = workspace.scores("endpoint", read("new.json"))
        honest, attacks = ([p for event, p in of.items() if truth[event] == label] for label in ("benign", "malicious"))
        found = {}
        for share in (0.001, 0.01):
            few = threshold(honest, share)
            found[share] = {"threshold": few, "simulated events of intrusions": sum(p > few for p in attacks) / len(attacks)}
        begins = datetime.datetime(2026, 3, 1)
        for name, chosen in sets.items():
            recordings.lay(chosen, begins)
            begins += datetime.timedelta(days=len(chosen))
            events = workspace.scores_of(chosen)
            for share in found:
                above = [sum(p > found[share]["threshold"] for p in one) for one in events]
                found[share][name] = {"recordings": sum(1 for one in above if one) / len(chosen), "events": sum(above) / max(1, sum(map(len, events))), "of": len(chosen), "events_of": sum(map(len, events))}
    for share, figures_of in found.items():
        print(f"\ntrained on simulated machines alone; threshold {figures_of['threshold']:.3f}: {share:.1%} of honest simulated events are above it, {figures_of['simulated events of intrusions']:.3f} of simulated intrusions' events")
        for name, one in figures_of.items():
            if isinstance(one, dict):
                print(f"  {name:38}{one['of']:5} recordings, {one['recordings']:.3f} with an event above; of {one['events_of']:6} events {one['events']:.3f}")
    return found


def measure(options):
    with tempfile.TemporaryDirectory(prefix="winnow-bench-") as folder:
        captures, logs, matches = recordings.otrf(options.data, folder), recordings.evtx(options.data, folder), recordings.sigma(options.data)
    return {"simulation": from_simulation(options.winnow, {
                "captures of attacks (OTRF)": captures, "logs cut down to attacks (EVTX)": [one for one in logs if "attack" in one.categories],
                "events that rules must match (Sigma)": matches, "an ordinary machine (baseline)": [one for one in logs if "baseline" in one.categories]}),
            "tactics": tactics(options.winnow, captures)}


if __name__ == "__main__":
    comparison.run(__doc__, measure, data=[recordings.OTRF, recordings.EVTX, recordings.SIGMA])
