"""What scores are worth: intervals by drawing rows anew, and the threshold that few harmless rows are above."""


def threshold(harmless, share):
    """The lowest that not more than this share of the scores `harmless` is above."""
    return sorted(harmless, reverse=True)[int(share * len(harmless))]


def middle(drawn):
    """95 % of what was drawn lies between the two."""
    import numpy
    return [float(q) for q in numpy.quantile(drawn, [0.025, 0.975])]


def interval(statistic, truth, scores, groups, draws):
    """95 % of `statistic(truth, scores)`, arrays of rows of two classes. `groups` names the group of each row: one is drawn as a whole."""
    import numpy
    if truth.all() or not truth.any():
        raise ValueError(f"{len(truth)} rows of one class have no interval")
    rows_of = {}
    for row, group in enumerate(groups):
        rows_of.setdefault(group, []).append(row)
    places, rng, drawn = [numpy.array(rows) for rows in rows_of.values()], numpy.random.default_rng(1), []
    while len(drawn) < draws:
        rows = numpy.concatenate([places[i] for i in rng.integers(0, len(places), len(places))])
        if truth[rows].any() and not truth[rows].all():
            drawn.append(statistic(truth[rows], scores[rows]))
    return middle(drawn)
