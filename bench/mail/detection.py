"""How well a score tells phishing from ham. Ties count half, or are taken as a whole."""

from itertools import groupby


def _steps(scores, truth):
    """(positives, negatives) at each distinct score, from the highest score down."""
    ranked = sorted(zip(scores, truth), key=lambda pair: -pair[0])
    for _, group in groupby(ranked, key=lambda pair: pair[0]):
        labels = [label for _, label in group]
        yield sum(labels), len(labels) - sum(labels)


def roc_auc(scores, truth):
    positives, negatives = sum(truth), len(truth) - sum(truth)
    area, found = 0.0, 0
    for hits, misses in _steps(scores, truth):
        area += misses * (found + hits / 2)
        found += hits
    return area / (positives * negatives)


def average_precision(scores, truth):
    area, found, seen = 0.0, 0, 0
    for hits, misses in _steps(scores, truth):
        found, seen = found + hits, seen + hits + misses
        area += hits * found / seen
    return area / sum(truth)


def recall_at(scores, truth, false_positive_rate):
    """The recall at the lowest threshold with at most that share of the ham above it."""
    allowed = false_positive_rate * (len(truth) - sum(truth))
    found, wrong = 0, 0
    for hits, misses in _steps(scores, truth):
        if wrong + misses > allowed:
            break
        found, wrong = found + hits, wrong + misses
    return found / sum(truth)
