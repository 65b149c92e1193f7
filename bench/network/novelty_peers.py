#!/usr/bin/env python3
"""Novelty of flows beside scikit-learn's isolation forest: neither ever sees a label, and each class of attack is new.

    bench/network/novelty_peers.py [--data DIR] [--build build/release] [--json FILE]

Prints ROC-AUC, and recall of each class at 1 % false positives.
"""

import json
import os
import random
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository

import flow_sets
from flow_workspace import Workspace
from peers import arguments, matrix

FALSE_POSITIVES = 0.01
CONTAMINATION = 0.02
DRAWS = 200


def judge(test, scores):
    import numpy
    from sklearn.metrics import roc_auc_score
    scores = numpy.array(scores)
    kinds = numpy.array([row.kind for row in test])
    benign = numpy.flatnonzero(kinds == "benign")
    # The highest threshold at which the share of benign rows above it is not more than allowed.
    threshold = numpy.sort(scores[benign])[::-1][int(FALSE_POSITIVES * len(benign))]
    rng = numpy.random.default_rng(1)

    def area(rows):
        return roc_auc_score(kinds[rows] != "benign", scores[rows])

    def interval(rows):
        drawn = [area(numpy.concatenate([rng.choice(benign, len(benign)), rng.choice(rows, len(rows))])) for _ in range(DRAWS)]
        return [float(q) for q in numpy.quantile(drawn, [0.025, 0.975])]

    def figures(rows):
        return {"rows": len(rows), "roc_auc": float(area(numpy.concatenate([benign, rows]))), "interval": interval(rows),
                "recall": float((scores[rows] > threshold).mean())}

    return {"all": figures(numpy.flatnonzero(kinds != "benign")),
            **{kind: figures(numpy.flatnonzero(kinds == kind)) for kind in sorted(set(kinds) - {"benign"})}}


def peer(train, test, columns, categories):
    from sklearn.ensemble import IsolationForest
    model = IsolationForest(random_state=1).fit(matrix(train, columns, categories))
    return -model.score_samples(matrix(test, columns, categories))


def measure(train, test, winnow):
    folder = tempfile.mkdtemp(prefix="winnow-bench-")
    try:
        workspace = Workspace(winnow, folder, train)
        workspace.learn_what_is_usual()
        found = {"Winnow": judge(test, workspace.scores(test, "novelty"))}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found["scikit-learn"] = judge(test, peer(train, test, workspace.columns, workspace.categories))
    return {"train": len(train), "test": len(test), "models": found}


def histories(rows):
    """What is learned from: the benign rows that train, and the same with so many attacks of any class among them."""
    benign = [row for row in rows if row.trains and row.kind == "benign"]
    attacks = [row for row in rows if row.trains and row.kind != "benign"]
    drawn = random.Random(1).sample(attacks, round(len(benign) * CONTAMINATION / (1 - CONTAMINATION)))
    mixed = benign + drawn
    random.Random(2).shuffle(mixed)
    return {"benign rows only": benign, f"{CONTAMINATION:.0%} attacks among them": mixed}


def show(name, history, measured):
    print(f"\n{name}, {history}: {measured['train']:,} rows learned from, {measured['test']:,} test")
    print(f"  {'':28}{'rows':>6}  " + "".join(f"{model + ': ROC-AUC (95 %), recall at 1 % FPR':>54}" for model in measured["models"]))
    for kind in measured["models"]["Winnow"]:
        cells = [measured["models"][model][kind] for model in measured["models"]]
        print(f"  {kind:28}{cells[0]['rows']:6,}  " + "".join(
            f"{c['roc_auc']:30.4f} ({c['interval'][0]:.4f}-{c['interval'][1]:.4f}) {c['recall']:6.3f}" for c in cells))


def main():
    options = arguments()
    try:
        import sklearn
    except ImportError:
        print("skipped: no scikit-learn (scripts/bootstrap bench)")
        return 0
    winnow = os.path.join(options.build, "src/cli/winnow")
    if not os.path.exists(winnow):
        print(f"skipped: no {winnow} (make bench builds it)")
        return 0
    print(f"scikit-learn {sklearn.__version__}, IsolationForest() with its defaults")
    measured = {}
    for name, (file, read) in flow_sets.SETS.items():
        if not os.path.exists(os.path.join(options.data, file)):
            print(f"skipped: no {file} (WINNOW_DATA)")
            continue
        rows = read(options.data)
        test = [row for row in rows if not row.trains]
        for history, train in histories(rows).items():
            found = measure(train, test, os.path.abspath(winnow))
            measured[f"{name}, {history}"] = found
            show(name, history, found)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump(measured, out, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
