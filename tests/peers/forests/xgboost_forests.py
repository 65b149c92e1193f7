"""Forests trained by the installed XGBoost, in both of its file forms: the same margins, bit for bit."""

import numpy
import xgboost

from answers import Contest, rows_and_labels

PLAIN = {"max_depth": 5, "eta": 0.3, "nthread": 2, "seed": 3, "tree_method": "hist"}
CASES = {
    "logistic": {"objective": "binary:logistic"},
    "logitraw": {"objective": "binary:logitraw", "base_score": 0.25},
    "squared_error": {"objective": "reg:squarederror"},
    "poisson": {"objective": "count:poisson"},
    "gamma": {"objective": "reg:gamma"},
    "hinge": {"objective": "binary:hinge"},
    "classes": {"objective": "multi:softprob", "num_class": 4},
    "deep": {"objective": "binary:logistic", "grow_policy": "lossguide", "max_depth": 0, "max_leaves": 90},
    "categories": {"objective": "binary:logistic", "max_cat_to_onehot": 1},
    "dart": {"objective": "binary:logistic", "booster": "dart", "rate_drop": 0.3},
}


def main():
    contest = Contest(f"xgboost {xgboost.__version__}")
    for name, parameters in CASES.items():
        rows, labels = rows_and_labels(parameters.get("num_class", 2))
        kinds = ["q"] * 6 + (["c"] * 2 if name == "categories" else ["q"] * 2)
        truth = labels + 1 if name == "gamma" else labels
        data = xgboost.DMatrix(rows, label=truth, feature_types=kinds,
                               enable_categorical=name == "categories")
        booster = xgboost.train(PLAIN | parameters, data, num_boost_round=15)
        margins = booster.predict(data, output_margin=True)
        explained = booster.predict(data, pred_contribs=True)
        if explained.ndim == 3:
            explained = numpy.moveaxis(explained, 1, 0)
        for form in ("json", "ubj"):
            contest.compare(f"{name} ({form})", bytes(booster.save_raw(form)), rows,
                            booster.predict(data), margins, explained, 1e-5 if name == "dart" else 0)
    contest.end()


main()
