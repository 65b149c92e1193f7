"""Forests trained by the installed LightGBM. It adds up doubles and Winnow floats, so margins differ by rounding."""

import lightgbm
import numpy

from answers import Contest, rows_and_labels

PLAIN = {"num_leaves": 31, "learning_rate": 0.2, "num_threads": 2, "seed": 3, "verbosity": -1, "deterministic": True}
CASES = {
    "binary": {"objective": "binary"},
    "regression": {"objective": "regression"},
    "absolute_error": {"objective": "regression_l1"},
    "poisson": {"objective": "poisson"},
    "classes": {"objective": "multiclass", "num_class": 4},
    "one_against_all": {"objective": "multiclassova", "num_class": 4},
    "dart": {"objective": "binary", "boosting": "dart"},
    "random_forest": {"objective": "binary", "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.7},
    "zero_is_missing": {"objective": "binary", "zero_as_missing": True},
    "categories": {"objective": "binary", "min_data_per_group": 5, "cat_smooth": 1},
}


def main():
    contest = Contest(f"lightgbm {lightgbm.__version__}")
    for name, parameters in CASES.items():
        rows, labels = rows_and_labels(parameters.get("num_class", 2))
        data = lightgbm.Dataset(rows, label=labels, params={"verbosity": -1},
                                categorical_feature=[6, 7] if name == "categories" else [])
        booster = lightgbm.train(PLAIN | parameters, data, num_boost_round=15)
        margins = booster.predict(rows, raw_score=True)
        explained = booster.predict(rows, pred_contrib=True)
        outputs = margins.reshape(len(rows), -1).shape[1]
        explained = numpy.moveaxis(explained.reshape(len(rows), outputs, -1), 1, 0)
        if name == "random_forest":  # LightGBM averages what it predicts, but not its raw scores
            margins = explained = None
        contest.compare(name, booster.model_to_string().encode(), rows, booster.predict(rows), margins,
                        explained, 2e-5)
    contest.end()


main()
