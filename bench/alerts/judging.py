"""How the triage of alerts is judged: whole aggregates, one scenario held out, thresholds from the others only."""

import numpy

from scoring import middle

DETECTION = 0.951  # that the threshold promises, on the scenarios that choose it
DRAWS = 500


class Judged:
    """One aggregate: the most urgent of its judged alerts speaks for it."""
    __slots__ = ("scenario", "step", "first_day", "scores")

    def __init__(self, scenario, step, first_day):
        self.scenario, self.step, self.first_day = scenario, step, first_day
        self.scores = {}  # "held_out", or the scenario that was left out as well -> probability

    def add(self, scores):
        for name, score in scores.items():
            self.scores[name] = max(score, self.scores.get(name, -numpy.inf))


def _lowest_kept(scores):
    """The highest threshold that keeps DETECTION of them."""
    return numpy.sort(scores)[int((1 - DETECTION) * len(scores))]


def of_all(others, scenario):
    return _lowest_kept([one.scores[scenario] for one in others])


def of_each_step(others, scenario):
    return min(_lowest_kept([one.scores[scenario] for one in others if one.step == step])
               for step in {one.step for one in others})


# What DETECTION is promised of: all attack aggregates of the other scenarios, or those of each step.
PROMISES = {"all attack aggregates": of_all, "each step": of_each_step}


def kept(aggregates, promise):
    """For each aggregate whether a person would see it."""
    thresholds = {}
    for name in {one.scenario for one in aggregates}:
        others = [one for one in aggregates if one.scenario != name and one.step != "-"]
        thresholds[name] = promise(others, name)
    return numpy.array([one.scores["held_out"] >= thresholds[one.scenario] for one in aggregates])


def figures(aggregates, keep):
    """Of false aggregates how many are removed, of attack aggregates how many are kept, step by step."""
    steps = numpy.array([one.step for one in aggregates])
    false = steps == "-"
    found = {(one.scenario, one.step) for one, stays in zip(aggregates, keep) if stays and one.step != "-"}
    return {"false": int(false.sum()), "attack": int((~false).sum()),
            "removed": float(1 - keep[false].mean()), "detected": float(keep[~false].mean()),
            "steps": len({(one.scenario, one.step) for one in aggregates if one.step != "-"}), "steps_found": len(found),
            "by_step": {step: {"aggregates": int((steps == step).sum()), "detected": float(keep[steps == step].mean())}
                        for step in sorted(set(steps) - {"-"})}}


def intervals(aggregates, keep):
    """95 %: draws scenarios, and within them aggregates."""
    rng = numpy.random.default_rng(1)
    false = numpy.array([one.step == "-" for one in aggregates])
    of = {}
    for i, one in enumerate(aggregates):
        of.setdefault(one.scenario, []).append(i)
    places = [numpy.array(rows) for rows in of.values()]
    removed, detected = [], []
    for _ in range(DRAWS):
        rows = numpy.concatenate([rng.choice(places[i], len(places[i])) for i in rng.integers(0, len(places), len(places))])
        removed.append(1 - keep[rows][false[rows]].mean())
        detected.append(keep[rows][~false[rows]].mean())
    return {"removed": middle(removed), "detected": middle(detected)}


def ranking(aggregates):
    """Means over scenarios."""
    from sklearn.metrics import average_precision_score, roc_auc_score
    areas, precisions = [], []
    for name in {one.scenario for one in aggregates}:
        here = [one for one in aggregates if one.scenario == name]
        truth, scores = [one.step != "-" for one in here], [one.scores["held_out"] for one in here]
        areas.append(roc_auc_score(truth, scores))
        precisions.append(average_precision_score(truth, scores))
    return {"roc_auc": float(numpy.mean(areas)), "average_precision": float(numpy.mean(precisions))}


def judge(aggregates):
    out = {"ranking": ranking(aggregates), "promises": {}}
    late = numpy.array([not one.first_day for one in aggregates])
    for name, promise in PROMISES.items():
        keep = kept(aggregates, promise)

        def part(rows):
            return figures([one for one, here in zip(aggregates, rows) if here], keep[rows])

        out["promises"][name] = {
            **figures(aggregates, keep), "interval": intervals(aggregates, keep), "after_first_day": part(late),
            "by_scenario": {scenario: part(numpy.array([one.scenario == scenario for one in aggregates]))
                            for scenario in sorted({one.scenario for one in aggregates})}}
    return out
