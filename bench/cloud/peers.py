#!/usr/bin/env python3
"""Winnow's model of a cloud beside scikit-learn's: the earlier events train, the later ones test.

    bench/cloud/peers.py [--data DIR] [--build build/release] [--json FILE]

Prints ROC-AUC with its interval, average precision, and recall at 1 % false positives.
"""

import collections
import glob
import json
import math
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # bench/

import comparison
from scoring import interval, threshold
from workspace import Workspace, digest

ARCHIVE = "cloud/cloudtrail-stratus-2023.tar.zst"
TRAINS = 0.6
FALSE_POSITIVES = 0.01
DRAWS = 500
RUN = re.compile(r"stratus-red-team_([0-9a-f-]{36})")


class Event:
    """One record without what gives its label away."""

    def __init__(self, record):
        agent = record.get("userAgent", "")
        run = RUN.search(agent)
        self.time = record["eventTime"]
        self.run = run.group(1) if run else record["eventID"]
        self.malicious = agent.startswith("stratus-red-team_")
        self.is_probe = self.malicious and record["eventName"] == "DescribeAccountAttributes"
        self.line = json.dumps({name: value for name, value in record.items() if name not in ("userAgent", "tlsDetails")})
        identity = record.get("userIdentity", {})
        self.facts = {"act": record["eventName"], "service": record["eventSource"], "error": record.get("errorCode", ""),
                      "identity": identity.get("type", ""), "region": record["awsRegion"], "reads": str(record.get("readOnly", "")),
                      "by_service": str("invokedBy" in identity)}


def read(data):
    records = {}
    with tempfile.TemporaryDirectory(prefix="winnow-bench-") as folder:
        subprocess.run(["tar", "--zstd", "-xf", os.path.join(data, ARCHIVE), "-C", folder], check=True)
        for file in glob.glob(os.path.join(folder, "cloudtrail-stratus-2023", "*.json")):
            with open(file, encoding="utf-8") as text:
                for record in json.load(text)["Records"]:
                    records[record["eventID"]] = record
    events = [Event(record) for record in sorted(records.values(), key=lambda record: (record["eventTime"], record["eventID"]))]
    return [event for event in events if not event.is_probe]


def divide(events):
    """A run stands where it begins, so that none does both."""
    begins = {}
    for event in events:
        begins.setdefault(event.run, event.time)
    times = sorted(event.time for event in events)
    border = times[int(TRAINS * len(times))]
    return [e for e in events if begins[e.run] < border], [e for e in events if begins[e.run] >= border]


def winnow_scores(winnow, train, test):
    with Workspace(winnow) as workspace:
        for label, wanted in (("benign", False), ("malicious", True)):
            workspace.ingest([event.line for event in train if event.malicious == wanted], label, "aws", "cloudtrail")
        workspace.run("train", "cloud", "--quiet")
        workspace.promote("cloud")
        of = workspace.scores("cloud", [event.line for event in test])
    return [of[digest(event.line)] for event in test]


def rarity(train, test):
    seen = collections.Counter(event.facts["act"] for event in train)
    return [-math.log((seen[event.facts["act"]] + 1) / (len(train) + 1)) for event in test]


def judge(test, scores):
    import numpy
    from sklearn.metrics import average_precision_score, roc_auc_score
    truth, scores = numpy.array([event.malicious for event in test]), numpy.array(scores)
    return {"roc_auc": float(roc_auc_score(truth, scores)),
            "interval": interval(roc_auc_score, truth, scores, [event.run for event in test], DRAWS),
            "average_precision": float(average_precision_score(truth, scores)),
            "recall": float((scores[truth] > threshold(scores[~truth], FALSE_POSITIVES)).mean())}


def models():
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    return {"HistGradientBoosting": HistGradientBoostingClassifier(random_state=1), "RandomForest": RandomForestClassifier(random_state=1),
            "LogisticRegression": LogisticRegression(max_iter=1000)}


def measure(options):
    from sklearn.feature_extraction import DictVectorizer
    train, test = divide(read(options.data))
    found = {"Winnow": judge(test, winnow_scores(options.winnow, train, test))}
    columns = DictVectorizer(sparse=False)
    x_train, x_test = columns.fit_transform([e.facts for e in train]), columns.transform([e.facts for e in test])
    for name, model in models().items():
        model.fit(x_train, [event.malicious for event in train])
        found[name] = judge(test, model.predict_proba(x_test)[:, 1])
    found["rarity of the act (plain baseline)"] = judge(test, rarity(train, test))
    for what, events in (("train", train), ("test", test)):
        malicious = [event for event in events if event.malicious]
        print(f"{what}: {len(events):,} events, {len(malicious)} of {len({event.run for event in malicious})} runs of techniques")
    print(f"  {'':36}{'ROC-AUC':>9} {'95 % interval':>17} {'AP':>8} {'recall at 1 % FPR':>19}")
    for model, figures in found.items():
        low, high = figures["interval"]
        print(f"  {model:36}{figures['roc_auc']:9.4f}   {low:.4f} - {high:.4f} {figures['average_precision']:8.4f} {figures['recall']:19.3f}")
    return found


if __name__ == "__main__":
    comparison.run(__doc__, measure, data=[ARCHIVE])
