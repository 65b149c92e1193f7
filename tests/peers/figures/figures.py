"""Random scores, with and without ties: our figures are those of scikit-learn."""

import subprocess
import sys

import numpy
import sklearn
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score, roc_curve

SETS = 60
NAMES = ["average precision", "ROC-AUC", "recall at a false-positive rate", "Brier score"]


def expected(scores, labels, fpr):
    rates, recalls, _ = roc_curve(labels, scores, drop_intermediate=False)
    isotonic = IsotonicRegression(out_of_bounds="clip").fit(scores, labels).predict(scores)
    return numpy.concatenate([[average_precision_score(labels, scores), roc_auc_score(labels, scores),
                               recalls[rates <= fpr].max(), brier_score_loss(labels, scores)], isotonic])


def ours(scores, labels, fpr):
    rows = "".join(f"{score!r} {label}\n" for score, label in zip(scores.tolist(), labels.tolist()))
    done = subprocess.run([sys.argv[1], repr(fpr)], input=rows, stdout=subprocess.PIPE, check=True, text=True)
    return numpy.array(done.stdout.split(), float)


def main():
    rng = numpy.random.default_rng(5)
    worst = 0.0
    for number in range(SETS):
        count = int(rng.integers(20, 3000))
        labels = (rng.random(count) < rng.uniform(0.05, 0.7)).astype(int)
        labels[:2] = [0, 1]
        scores = numpy.clip(rng.normal(0.3 + 0.3 * labels, 0.2), 0, 1)
        if number % 2:
            scores = numpy.round(scores, int(rng.integers(1, 4)))  # ties
        fpr = float(rng.choice([0.001, 0.01, 0.1]))
        difference = numpy.abs(ours(scores, labels, fpr) - expected(scores, labels, fpr))
        worst = max(worst, difference.max())
        if difference.max() > 1e-9:
            where = int(difference.argmax())
            what = NAMES[where] if where < len(NAMES) else "isotonic curve"
            print(f"figures: set {number}: {what} differs by {difference.max()}")
            sys.exit(1)
    print(f"figures: {SETS} sets of scores have the figures of scikit-learn {sklearn.__version__}, to {worst:.0e}")


main()
