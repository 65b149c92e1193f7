"""Who else judges the alerts: scikit-learn on the same features, plain rules, and models that should know nothing."""

import itertools

import numpy


def _models():
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    filled = lambda *rest: make_pipeline(SimpleImputer(strategy="constant", fill_value=-1), *rest)
    return {"HistGradientBoosting": lambda: HistGradientBoostingClassifier(random_state=1),
            "RandomForest": lambda: filled(RandomForestClassifier(random_state=1, n_jobs=2)),
            "LogisticRegression": lambda: filled(StandardScaler(), LogisticRegression(max_iter=1000))}


def held_out(sources, fit_and_score):
    """Scores as Winnow's: `held_out`, and with a second scenario left out as well. `fit_and_score(train, test)` takes
    masks of rows."""
    names = sorted(set(sources))
    scores = [{} for _ in sources]
    for out in [(a,) for a in names] + list(itertools.combinations(names, 2)):
        test = numpy.isin(sources, out)
        found = fit_and_score(~test, test)
        for row, score in zip(numpy.flatnonzero(test), found):
            other = [name for name in out if name != sources[row]]
            scores[row][other[0] if other else "held_out"] = float(score)
    return scores


def by_model(make, x, y):
    def fit_and_score(train, test):
        return make().fit(x[train], y[train]).predict_proba(x[test])[:, 1]
    return fit_and_score


def by_table(keys, y):
    """How often alerts with the same key were an attack elsewhere; what was never seen is as any other."""
    def fit_and_score(train, test):
        rows, hits = {}, {}
        for i in numpy.flatnonzero(train):
            rows[keys[i]] = rows.get(keys[i], 0) + 1
            hits[keys[i]] = hits.get(keys[i], 0) + int(y[i])
        usual = y[train].mean()
        return [(hits.get(keys[i], 0) + usual) / (rows.get(keys[i], 0) + 1) for i in numpy.flatnonzero(test)]
    return fit_and_score


def by_value(values):
    return lambda train, test: values[test]


def contenders(x, y, names, rows):
    """Name -> fit_and_score."""
    found = {name: by_model(make, x, y) for name, make in _models().items()}
    column = lambda name: numpy.nan_to_num(x[:, names.index(name)], nan=20.0)
    found["rarity of the rule"] = by_value(column("rule_rarity"))
    found["surprise of the rule on its host"] = by_value(column("rule_surprise"))
    found["table of rules"] = by_table([row.rule for row in rows], y)
    return found


def probes(x, y, rows, begins):
    """Models of what should say nothing of an attack."""
    models = _models()
    clock = numpy.array([[row.time % 86400, (row.time - begins[row.scenario]) / 86400] for row in rows])
    rng = numpy.random.default_rng(1)
    shuffled = rng.permutation(y)
    return {"labels dealt out at random": by_model(models["HistGradientBoosting"], x, shuffled),
            "time of day, and since the scenario began": by_model(models["HistGradientBoosting"], clock, y),
            "role of the host": by_table([row.role for row in rows], y)}
