#!/usr/bin/env python3
"""Winnow's model of static file features beside scikit-learn's: the same rows train, the same rows test.

    bench/endpoint/static_files.py [--data DIR] [--build build/release] [--json FILE]

Prints average precision with its interval for each set, with all columns and without those that tell where a file comes from.
"""

import csv
import hashlib
import io
import os
import subprocess
import sys

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # bench/

import comparison
from network import flow_models
from network.flow_sets import Row, name_of
from scoring import interval, threshold

DRAWS = 200
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


def judge(test, scores):
    import numpy
    from sklearn.metrics import average_precision_score, roc_auc_score
    truth, scores = numpy.array([row.kind != "benign" for row in test]), numpy.array(scores)
    return {"average_precision": float(average_precision_score(truth, scores)),
            "interval": interval(average_precision_score, truth, scores, [row.group for row in test], DRAWS),
            "roc_auc": float(roc_auc_score(truth, scores)), "recall": float((scores[truth] > threshold(scores[~truth], 0.01)).mean())}


def show(name, measured):
    print(f"\n{name}: {measured['train']:,} rows train, {measured['test']:,} test, {measured['malware_share']:.0%} of them malware")
    print(f"  {'':36}{'AP':>8} {'95 % interval':>17} {'ROC-AUC':>9} {'recall at 1 % FPR':>19}")
    for model, figures in measured["models"].items():
        low, high = figures["interval"]
        print(f"  {model:36}{figures['average_precision']:8.4f}   {low:.4f} - {high:.4f} {figures['roc_auc']:9.4f} {figures['recall']:19.3f}", flush=True)


def measure(options):
    measured = {}
    for name, (member, label, categories) in SETS.items():
        records = read(options.data, member)
        every = [column for column in records[0] if column != label]
        for what, columns in ((name, every), (f"{name}, origin left out", [c for c in every if c not in ORIGIN]),
                              (f"{name}, leak probe: origin alone", [c for c in every if c in ORIGIN])):
            rows = rows_of(records, label, categories & set(columns), columns)
            test = [row for row in rows if not row.trains]
            share = sum(row.kind != "benign" for row in test) / len(test)
            measured[what] = {"malware_share": share, **flow_models.judged(options.winnow, rows, "endpoint", judge)}
            show(what, measured[what])
    return measured


if __name__ == "__main__":
    comparison.run(__doc__, measure, data=[ARCHIVE])
