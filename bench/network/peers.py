#!/usr/bin/env python3
"""Winnow's models of flows beside scikit-learn's: the same rows train, the same rows test.

    bench/network/peers.py [--data DIR] [--build build/release] [--json FILE]

Prints ROC-AUC with its interval, average precision, and recall of each class at 0.1 % false positives.
"""

import os
import sys

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # bench/

import comparison
from network import flow_models, flow_sets
from scoring import interval, threshold

FALSE_POSITIVES = 0.001
DRAWS = 200


def judge(test, scores):
    import numpy
    from sklearn.metrics import average_precision_score, roc_auc_score
    truth, scores = numpy.array([row.kind != "benign" for row in test]), numpy.array(scores)
    few_benign = threshold(scores[~truth], FALSE_POSITIVES)
    recall = {}
    for kind in sorted({row.kind for row in test} - {"benign"}):
        of_kind = scores[[row.kind == kind for row in test]]
        recall[kind] = {"rows": len(of_kind), "recall": float((of_kind > few_benign).mean())}
    return {"roc_auc": float(roc_auc_score(truth, scores)),
            "interval": interval(roc_auc_score, truth, scores, [row.group for row in test], DRAWS),
            "average_precision": float(average_precision_score(truth, scores)),
            "recall": float((scores[truth] > few_benign).mean()), "recall_by_class": recall}


def show(name, measured):
    print(f"\n{name}: {measured['train']:,} rows train, {measured['test']:,} test")
    print(f"  {'':36}{'ROC-AUC':>9} {'95 % interval':>17} {'AP':>8} {'recall at 0.1 % FPR':>21}")
    for model, figures in measured["models"].items():
        low, high = figures["interval"]
        print(f"  {model:36}{figures['roc_auc']:9.4f}   {low:.4f} - {high:.4f} {figures['average_precision']:8.4f} {figures['recall']:21.3f}")
    print("  recall at 0.1 % FPR by class")
    names = list(measured["models"])
    for kind, of_first in measured["models"][names[0]]["recall_by_class"].items():
        each = "  ".join(f"{measured['models'][model]['recall_by_class'][kind]['recall']:.3f}" for model in names)
        print(f"    {kind:28}{of_first['rows']:6,}  {each}")


def measure(options):
    measured = {}
    for name, rows in flow_sets.present(options.data):
        measured[name] = flow_models.judged(options.winnow, rows, "network", judge)
        show(name, measured[name])
    return measured


if __name__ == "__main__":
    comparison.run(__doc__, measure)
