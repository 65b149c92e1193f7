#!/usr/bin/env python3
"""Winnow's model of static file features beside scikit-learn's: the same rows train, the same rows test.

    bench/endpoint/static_files.py [--data DIR] [--build build/release] [--json FILE]

Prints average precision with its interval for each set, with all columns and without those that tell where a file comes from.
"""

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../network"))

import peers
from flow_sets import Row, name_of
from flow_workspace import Workspace

ARCHIVE = "endpoint/static-file.tar.zst"
# Clean files of these sets are the operating system's: versions, checksum and the linker say "of Windows", not "harmless".
ORIGIN = {"MajorOperatingSystemVersion", "MinorOperatingSystemVersion", "MajorImageVersion", "MinorImageVersion", "MajorSubsystemVersion",
          "MinorSubsystemVersion", "MajorLinkerVersion", "MinorLinkerVersion", "CheckSum", "ImageBase", "CreationYear", "e_lfanew"}
SETS = {"ClaMP": ("clamp_integrated.csv", "class", {"packer_type"}),
        "PE headers": ("pe_header_20k.csv", "Malware", set())}


def read(data, member):
    raw = subprocess.run(["tar", "--zstd", "-xOf", os.path.join(data, ARCHIVE), f"static-file/{member}"], check=True, stdout=subprocess.PIPE).stdout
    return list(csv.DictReader(io.StringIO(raw.decode())))


def rows_of(records, label, categories, columns):
    """Rows that are equal in all columns of the set are one group, whichever columns are looked at: none is on both sides."""
    rows = []
    for record in records:
        whole = hashlib.sha256(repr(sorted((k, v) for k, v in record.items() if k != label)).encode()).hexdigest()
        values = {name_of(c): record[c] if c in categories else float(record[c]) for c in columns}
        row = Row(values, "malware" if record[label] in ("1", "1.0") else "benign", whole)
        row.trains = int(whole[:8], 16) % 100 < 60
        rows.append(row)
    return sorted(rows, key=lambda row: row.group)  # the files of a class stand together; training validates in the order of its rows


def judge(test, scores, rng):
    import numpy
    from sklearn.metrics import average_precision_score, roc_auc_score
    truth = numpy.array([row.kind != "benign" for row in test])
    scores = numpy.array(scores)
    groups = {}
    for i, row in enumerate(test):
        groups.setdefault(row.group, []).append(i)
    groups = [numpy.array(rows) for rows in groups.values()]
    drawn = []
    for _ in range(peers.DRAWS):
        rows = numpy.concatenate([groups[i] for i in rng.integers(0, len(groups), len(groups))])
        drawn.append(average_precision_score(truth[rows], scores[rows]))
    clean = numpy.sort(scores[~truth])[::-1]
    return {"average_precision": float(average_precision_score(truth, scores)), "interval": [float(q) for q in numpy.quantile(drawn, [0.025, 0.975])],
            "roc_auc": float(roc_auc_score(truth, scores)), "recall": float((scores[truth] > clean[int(0.01 * len(clean))]).mean())}


def measure(rows, winnow):
    import numpy
    train, test = [row for row in rows if row.trains], [row for row in rows if not row.trains]
    folder = tempfile.mkdtemp(prefix="winnow-bench-")
    try:
        workspace = Workspace(winnow, folder, train, "endpoint")
        workspace.learn()
        found = {"Winnow": judge(test, workspace.scores(test), numpy.random.default_rng(1))}
        columns, categories = workspace.columns, workspace.categories
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    x_train, x_test = peers.matrix(train, columns, categories), peers.matrix(test, columns, categories)
    y_train = [row.kind != "benign" for row in train]
    for name, model in peers.models().items():
        model.fit(x_train, y_train)
        found[name] = judge(test, model.predict_proba(x_test)[:, 1], numpy.random.default_rng(1))
    return {"train": len(train), "test": len(test), "malware_share": sum(row.kind != "benign" for row in test) / len(test), "models": found}


def show(name, measured):
    print(f"\n{name}: {measured['train']:,} rows train, {measured['test']:,} test, {measured['malware_share']:.0%} of them malware")
    print(f"  {'':36}{'AP':>8} {'95 % interval':>17} {'ROC-AUC':>9} {'recall at 1 % FPR':>19}")
    for model, figures in measured["models"].items():
        low, high = figures["interval"]
        print(f"  {model:36}{figures['average_precision']:8.4f}   {low:.4f} - {high:.4f} {figures['roc_auc']:9.4f} {figures['recall']:19.3f}")


def main():
    options = peers.arguments()
    try:
        import sklearn
    except ImportError:
        print("skipped: no scikit-learn (scripts/bootstrap bench)")
        return 0
    winnow = os.path.abspath(os.path.join(options.build, "src/cli/winnow"))
    if not os.path.exists(winnow) or not os.path.exists(os.path.join(options.data, ARCHIVE)):
        print(f"skipped: no {winnow} (make bench builds it), or no {ARCHIVE} (WINNOW_DATA)")
        return 0
    print(f"scikit-learn {sklearn.__version__}, its defaults")
    measured = {}
    for name, (member, label, categories) in SETS.items():
        records = read(options.data, member)
        every = [column for column in records[0] if column != label]
        for what, columns in ((name, every), (f"{name}, origin left out", [c for c in every if c not in ORIGIN]),
                              (f"{name}, leak probe: origin alone", [c for c in every if c in ORIGIN])):
            measured[what] = measure(rows_of(records, label, categories & set(columns), columns), winnow)
            show(what, measured[what])
            sys.stdout.flush()
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump(measured, out, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
