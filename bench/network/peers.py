#!/usr/bin/env python3
"""Winnow's models of flows beside scikit-learn's: the same rows train, the same rows test.

    bench/network/peers.py [--data DIR] [--build build/release] [--json FILE]

Prints ROC-AUC with its interval, average precision, and recall of each class at 0.1 % false positives.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository

import flow_sets
from flow_workspace import Workspace

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FALSE_POSITIVES = 0.001
DRAWS = 200


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("WINNOW_DATA", os.path.join(
        os.path.dirname(REPOSITORY), "shared/data")), help="the folder of the real data")
    parser.add_argument("--build", default=os.path.join(REPOSITORY, "build/release"), help="where Winnow was built")
    parser.add_argument("--json", help="write every number to this file")
    return parser.parse_args()


def matrix(rows, columns, categories):
    """For scikit-learn: numbers as they are, categories one column a value."""
    import numpy
    out = []
    for row in rows:
        line = []
        for name in columns:
            value = row.values[name]
            line += [float(value == one) for one in categories[name]] if name in categories else [value]
        out.append(line)
    return numpy.array(out, dtype=numpy.float64)


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
    for _ in range(DRAWS):
        rows = numpy.concatenate([groups[i] for i in rng.integers(0, len(groups), len(groups))])
        drawn.append(roc_auc_score(truth[rows], scores[rows]))
    # The highest threshold at which the share of benign rows above it is not more than allowed.
    benign = numpy.sort(scores[~truth])[::-1]
    threshold = benign[int(FALSE_POSITIVES * len(benign))]
    recall = {}
    for kind in sorted({row.kind for row in test} - {"benign"}):
        of_kind = scores[[row.kind == kind for row in test]]
        recall[kind] = {"rows": len(of_kind), "recall": float((of_kind > threshold).mean())}
    return {"roc_auc": float(roc_auc_score(truth, scores)),
            "interval": [float(q) for q in numpy.quantile(drawn, [0.025, 0.975])],
            "average_precision": float(average_precision_score(truth, scores)),
            "recall": float((scores[truth] > threshold).mean()), "recall_by_class": recall}


def models():
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    return {"HistGradientBoosting": HistGradientBoostingClassifier(random_state=1),
            "RandomForest": RandomForestClassifier(random_state=1),
            "LogisticRegression (plain baseline)": make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))}


def measure(rows, winnow):
    import numpy
    train = [row for row in rows if row.trains]
    test = [row for row in rows if not row.trains]
    folder = tempfile.mkdtemp(prefix="winnow-bench-")
    try:
        workspace = Workspace(winnow, folder, train)
        workspace.learn()
        found = {"Winnow": judge(test, workspace.scores(test), numpy.random.default_rng(1))}
        columns, categories = workspace.columns, workspace.categories
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    x_train, x_test = matrix(train, columns, categories), matrix(test, columns, categories)
    y_train = [row.kind != "benign" for row in train]
    for name, model in models().items():
        model.fit(x_train, y_train)
        found[name] = judge(test, model.predict_proba(x_test)[:, 1], numpy.random.default_rng(1))
    return {"train": len(train), "test": len(test), "models": found}


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
    print(f"scikit-learn {sklearn.__version__}, its defaults")
    measured = {}
    for name, (file, read) in flow_sets.SETS.items():
        if not os.path.exists(os.path.join(options.data, file)):
            print(f"skipped: no {file} (WINNOW_DATA)")
            continue
        measured[name] = measure(read(options.data), os.path.abspath(winnow))
        show(name, measured[name])
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump(measured, out, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
