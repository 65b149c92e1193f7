"""Models of labelled rows, Winnow's and scikit-learn's: the same rows train, the same rows test."""

from network.flow_workspace import FlowWorkspace


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


def _models():
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    return {"HistGradientBoosting": HistGradientBoostingClassifier(random_state=1),
            "RandomForest": RandomForestClassifier(random_state=1),
            "LogisticRegression (plain baseline)": make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))}


def judged(winnow, rows, domain, judge):
    """Sizes, and for each model what `judge(test, scores)` says of it."""
    train, test = [row for row in rows if row.trains], [row for row in rows if not row.trains]
    with FlowWorkspace(winnow, train, domain) as workspace:
        workspace.learn()
        found = {"Winnow": judge(test, workspace.scores_of(test))}
        columns, categories = workspace.columns, workspace.categories
    x_train, x_test = matrix(train, columns, categories), matrix(test, columns, categories)
    y_train = [row.kind != "benign" for row in train]
    for name, model in _models().items():
        model.fit(x_train, y_train)
        found[name] = judge(test, model.predict_proba(x_test)[:, 1])
    return {"train": len(train), "test": len(test), "models": found}
