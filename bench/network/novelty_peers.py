#!/usr/bin/env python3
"""Novelty of flows beside scikit-learn's isolation forest: neither ever sees a label, and each class of attack is new.

    bench/network/novelty_peers.py [--data DIR] [--build build/release] [--json FILE]

Prints ROC-AUC, and recall of each class at 1 % false positives.
"""

import os
import random
import sys

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # bench/

import comparison
import scoring
from network import flow_sets
from network.flow_models import matrix
from network.flow_workspace import FlowWorkspace

FALSE_POSITIVES = 0.01
CONTAMINATION = 0.02
DRAWS = 200


def judge(test, scores):
    import numpy
    from sklearn.metrics import roc_auc_score
    scores = numpy.array(scores)
    kinds = numpy.array([row.kind for row in test])
    benign = numpy.flatnonzero(kinds == "benign")
    few_benign = scoring.threshold(scores[benign], FALSE_POSITIVES)
    rng = numpy.random.default_rng(1)

    def area(rows):
        return roc_auc_score(kinds[rows] != "benign", scores[rows])

    def interval(rows):
        return scoring.middle([area(numpy.concatenate([rng.choice(benign, len(benign)), rng.choice(rows, len(rows))])) for _ in range(DRAWS)])

    def figures(rows):
        return {"rows": len(rows), "roc_auc": float(area(numpy.concatenate([benign, rows]))), "interval": interval(rows),
                "recall": float((scores[rows] > few_benign).mean())}

    return {"all": figures(numpy.flatnonzero(kinds != "benign")),
            **{kind: figures(numpy.flatnonzero(kinds == kind)) for kind in sorted(set(kinds) - {"benign"})}}


def peer(train, test, columns, categories):
    from sklearn.ensemble import IsolationForest
    model = IsolationForest(random_state=1).fit(matrix(train, columns, categories))
    return -model.score_samples(matrix(test, columns, categories))


def judged(winnow, train, test):
    with FlowWorkspace(winnow, train) as workspace:
        workspace.learn_what_is_usual()
        found = {"Winnow": judge(test, workspace.scores_of(test, "novelty"))}
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


def measure(options):
    measured = {}
    for name, rows in flow_sets.present(options.data):
        test = [row for row in rows if not row.trains]
        for history, train in histories(rows).items():
            found = measured[f"{name}, {history}"] = judged(options.winnow, train, test)
            show(name, history, found)
    return measured


if __name__ == "__main__":
    comparison.run(__doc__, measure, scikit_learn="IsolationForest() with its defaults")
