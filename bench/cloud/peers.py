#!/usr/bin/env python3
"""Winnow's model of a cloud beside scikit-learn's: the earlier events train, the later ones test.

    bench/cloud/peers.py [--data DIR] [--build build/release] [--json FILE]

Prints ROC-AUC with its interval, average precision, and recall at 1 % false positives.
"""

import argparse
import collections
import glob
import hashlib
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
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


def read(data, folder):
    unpack = subprocess.Popen(["zstd", "-dc", os.path.join(data, ARCHIVE)], stdout=subprocess.PIPE)
    subprocess.run(["tar", "x", "-C", folder], stdin=unpack.stdout, check=True)
    records = {}
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


def winnow_scores(winnow, folder, train, test):
    soc = os.path.join(folder, "soc")

    def run(where, *words):
        done = subprocess.run([winnow, *words], cwd=where, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise SystemExit(f"winnow {' '.join(words)} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def write(name, events):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.writelines(event.line + "\n" for event in events)

    run(folder, "init", "soc")
    for label, wanted in (("benign", False), ("malicious", True)):
        write(f"{label}.json", [event for event in train if event.malicious == wanted])
        run(soc, "ingest", "cloudtrail", f"../{label}.json", "--label", label, "--source", "aws", "--quiet")
    run(soc, "train", "cloud", "--quiet")
    run(soc, "bundles", "build", "--domain", "cloud")
    run(soc, "deployments", "promote", "latest", "--reason", "measured")
    write("test.json", test)
    answer = json.loads(run(soc, "score", "cloud", "../test.json", "--json"))
    of = {one["event"]: one["probability"] for one in answer["decisions"]}
    return [of[hashlib.sha256(event.line.encode()).hexdigest()] for event in test]


def rarity(train, test):
    seen = collections.Counter(event.facts["act"] for event in train)
    return [-math.log((seen[event.facts["act"]] + 1) / (len(train) + 1)) for event in test]


def judge(test, scores):
    import numpy
    from sklearn.metrics import average_precision_score, roc_auc_score
    truth, scores = numpy.array([event.malicious for event in test]), numpy.array(scores)
    runs = collections.defaultdict(list)
    for i, event in enumerate(test):
        runs[event.run].append(i)
    groups, rng, drawn = [numpy.array(rows) for rows in runs.values()], numpy.random.default_rng(1), []
    for _ in range(DRAWS):
        rows = numpy.concatenate([groups[i] for i in rng.integers(0, len(groups), len(groups))])
        if truth[rows].any() and not truth[rows].all():
            drawn.append(roc_auc_score(truth[rows], scores[rows]))
    benign = numpy.sort(scores[~truth])[::-1]
    threshold = benign[int(FALSE_POSITIVES * len(benign))]
    return {"roc_auc": float(roc_auc_score(truth, scores)), "interval": [float(q) for q in numpy.quantile(drawn, [0.025, 0.975])],
            "average_precision": float(average_precision_score(truth, scores)), "recall": float((scores[truth] > threshold).mean())}


def models():
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    return {"HistGradientBoosting": HistGradientBoostingClassifier(random_state=1), "RandomForest": RandomForestClassifier(random_state=1),
            "LogisticRegression": LogisticRegression(max_iter=1000)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("WINNOW_DATA", os.path.join(os.path.dirname(REPOSITORY), "shared/data")), help="the folder of the real data")
    parser.add_argument("--build", default=os.path.join(REPOSITORY, "build/release"), help="where Winnow was built")
    parser.add_argument("--json", help="write every number to this file")
    options = parser.parse_args()
    try:
        import sklearn
        from sklearn.feature_extraction import DictVectorizer
    except ImportError:
        print("skipped: no scikit-learn (scripts/bootstrap bench)")
        return 0
    winnow = os.path.abspath(os.path.join(options.build, "src/cli/winnow"))
    for needed in (winnow, os.path.join(options.data, ARCHIVE)):
        if not os.path.exists(needed):
            print(f"skipped: no {needed}")
            return 0
    folder = tempfile.mkdtemp(prefix="winnow-bench-")
    try:
        train, test = divide(read(options.data, folder))
        found = {"Winnow": judge(test, winnow_scores(winnow, folder, train, test))}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    columns = DictVectorizer(sparse=False)
    x_train, x_test = columns.fit_transform([e.facts for e in train]), columns.transform([e.facts for e in test])
    for name, model in models().items():
        model.fit(x_train, [event.malicious for event in train])
        found[name] = judge(test, model.predict_proba(x_test)[:, 1])
    found["rarity of the act (plain baseline)"] = judge(test, rarity(train, test))
    print(f"scikit-learn {sklearn.__version__}, its defaults")
    for what, events in (("train", train), ("test", test)):
        malicious = [event for event in events if event.malicious]
        print(f"{what}: {len(events):,} events, {len(malicious)} of {len({event.run for event in malicious})} runs of techniques")
    print(f"  {'':36}{'ROC-AUC':>9} {'95 % interval':>17} {'AP':>8} {'recall at 1 % FPR':>19}")
    for model, figures in found.items():
        low, high = figures["interval"]
        print(f"  {model:36}{figures['roc_auc']:9.4f}   {low:.4f} - {high:.4f} {figures['average_precision']:8.4f} {figures['recall']:19.3f}")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump(found, out, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
