"""Models of scikit-learn, XGBoost and LightGBM, written as ONNX: Winnow must answer as ONNX Runtime does, and as the library
that trained them, within 1e-6. models.py ONNX_ANSWERS"""

import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

import lightgbm
import numpy
import onnxruntime
import pandas
import xgboost
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from skl2onnx import to_onnx
from sklearn.compose import make_column_transformer
from sklearn.ensemble import (ExtraTreesClassifier, ExtraTreesRegressor, GradientBoostingClassifier,
                              GradientBoostingRegressor, HistGradientBoostingClassifier, IsolationForest,
                              RandomForestClassifier)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from tree_ensemble_5 import as_version_5

warnings.filterwarnings("ignore")
RNG = numpy.random.default_rng(7)
ROWS = RNG.normal(size=(3000, 6)).astype(numpy.float32) * [1, 10, 1000, 0.01, 1, 1] + [0, 5, 0, 0, 0, 3]
ROWS = ROWS.astype(numpy.float32)
ROWS[:, 4] = RNG.integers(0, 7, len(ROWS))
LABELS = ((ROWS[:, 0] > 0) ^ (ROWS[:, 1] > 8) ^ (RNG.random(len(ROWS)) < 0.1)).astype(int)
CLASSES = numpy.digitize(ROWS[:, 0] + ROWS[:, 4], [1, 3, 5])
HOLES = numpy.where(RNG.random(ROWS.shape) < 0.15, numpy.nan, ROWS).astype(numpy.float32)
# Named columns, each an input of its own.
FRAME = pandas.DataFrame(ROWS, columns=["bytes", "packets", "rate", "share", "ports", "age"])
OPSET = {"": 17, "ai.onnx.ml": 3}


def onnx_of(model, rows):
    """The file, and for a lone regression also as the operator that replaces it."""
    if isinstance(model, lightgbm.LGBMModel):
        return [convert_lightgbm(model, initial_types=[("rows", FloatTensorType([None, rows.shape[1]]))], zipmap=False)]
    if isinstance(model, xgboost.XGBModel):
        return [convert_xgboost(model, initial_types=[("rows", FloatTensorType([None, rows.shape[1]]))])]
    zipmap = {id(model): {"zipmap": False}} if hasattr(model, "predict_proba") else None
    onnx = to_onnx(model, rows[:1], target_opset=OPSET, options=zipmap)
    again = [as_version_5(onnx)] if isinstance(model, GradientBoostingRegressor) else []
    return [onnx] + again


CASES = {
    "random forest": (RandomForestClassifier(20, random_state=1), ROWS, LABELS),
    "random forest, deep": (RandomForestClassifier(10, min_samples_leaf=1, random_state=1), ROWS, LABELS),
    "extra trees": (ExtraTreesClassifier(20, max_depth=9, random_state=1), ROWS, LABELS),
    "extra trees, regression": (ExtraTreesRegressor(20, max_depth=9, random_state=1), ROWS, ROWS[:, 1]),
    "decision tree": (DecisionTreeClassifier(max_depth=7), ROWS, LABELS),
    "gradient boosting": (GradientBoostingClassifier(n_estimators=60, max_depth=5), ROWS, LABELS),
    "gradient boosting, regression": (GradientBoostingRegressor(n_estimators=60), ROWS, ROWS[:, 1]),
    "histogram boosting with holes": (HistGradientBoostingClassifier(max_iter=60), HOLES, LABELS),
    "four classes": (GradientBoostingClassifier(n_estimators=12), ROWS, CLASSES),
    "four classes, random forest": (RandomForestClassifier(12, max_depth=6, random_state=1), ROWS, CLASSES),
    "lightgbm": (lightgbm.LGBMClassifier(n_estimators=60, verbosity=-1), ROWS, LABELS),
    "lightgbm, regression": (lightgbm.LGBMRegressor(n_estimators=60, verbosity=-1), ROWS, ROWS[:, 0]),
    "xgboost": (xgboost.XGBClassifier(n_estimators=60, max_depth=5), HOLES, LABELS),
    "logistic regression": (make_pipeline(StandardScaler(), LogisticRegression()), ROWS, LABELS),
    "imputed logistic regression": (make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression()),
                                    HOLES, LABELS),
    "linear regression": (make_pipeline(MinMaxScaler(), LinearRegression()), ROWS, ROWS[:, 0] - ROWS[:, 4]),
    "scaled boosting": (make_pipeline(StandardScaler(), RobustScaler(), MaxAbsScaler(), MinMaxScaler((-1, 1)),
                                      GradientBoostingClassifier(n_estimators=30)), ROWS, LABELS),
    "imputed forest": (make_pipeline(SimpleImputer(), StandardScaler(), RandomForestClassifier(20, max_depth=8, random_state=1)),
                       HOLES, LABELS),
    "named columns": (make_pipeline(make_column_transformer(
        (StandardScaler(), ["rate", "bytes"]), ("passthrough", ["ports"]), (SimpleImputer(), ["age"])),
        GradientBoostingClassifier(n_estimators=30)), FRAME, LABELS),
    "isolation forest": (IsolationForest(random_state=1), ROWS, None),
    "isolation forest, larger samples": (IsolationForest(n_estimators=50, max_samples=1000, random_state=2), ROWS, None),
    "isolation forest, few rows": (IsolationForest(random_state=3), ROWS[:40], None),
    "scaled isolation forest": (make_pipeline(RobustScaler(), IsolationForest(random_state=4)), ROWS, None),
}
# Where scikit-learn scales in double and ONNX in float, a value can fall on the other side of a threshold.
ROUNDED = ("scaled boosting", "imputed forest", "named columns", "scaled isolation forest")


def trainer_says(model, rows):
    if hasattr(model, "predict_proba"):
        found = model.predict_proba(rows)
        return found[:, 1] if found.shape[1] == 2 else found
    if hasattr(model, "score_samples"):
        return -model.score_samples(rows)
    return model.predict(rows)


def runtime_says(model, onnx, rows):
    session = onnxruntime.InferenceSession(onnx.SerializeToString(), providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_inputs()]
    feed = ({name: rows[[name]].to_numpy(numpy.float32) for name in names} if isinstance(rows, pandas.DataFrame)
            else {names[0]: rows})
    answers = session.run(None, feed)
    last = answers[-1]
    if hasattr(model, "score_samples"):
        estimator = model[-1] if hasattr(model, "steps") else model
        return -(answers[1].ravel() + estimator.offset_)
    if hasattr(model, "predict_proba") and last.shape[1] == 2:
        return last[:, 1]
    return last if last.ndim == 2 and last.shape[1] > 1 else last.ravel()


def winnow_says(program, onnx, rows):
    table = numpy.ascontiguousarray(rows, numpy.float32)
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "model.onnx"
        file.write_bytes(onnx.SerializeToString())
        done = subprocess.run([program, file, str(table.shape[1])], input=table.tobytes(),
                              stdout=subprocess.PIPE, check=True)
    answers = numpy.frombuffer(done.stdout, numpy.float32)
    return answers.reshape(len(table), -1) if len(answers) > len(table) else answers


def main(program):
    failures = 0
    for name, (model, rows, truth) in CASES.items():
        # A bare pandas frame keeps its names through training; LightGBM would rename an array's.
        model.fit(rows) if truth is None else model.fit(rows, truth)
        try:
            files = onnx_of(model, rows)
        except Exception as error:  # a converter that cannot is not our failure, but is said
            print(f"onnx {name}: its converter fails ({str(error).splitlines()[0][:100]})")
            continue
        for onnx in files:
            try:
                ours = winnow_says(program, onnx, rows)
            except subprocess.CalledProcessError:
                print(f"onnx {name}: refused")
                failures += 1
                continue
            scale = max(1, numpy.abs(ours).max())
            of_runtime = numpy.abs(ours - runtime_says(model, onnx, rows)).max() / scale
            apart = numpy.abs(ours - trainer_says(model, rows)) / scale > 1e-6
            good = of_runtime <= 1e-6 and apart.mean() <= (0.002 if name in ROUNDED else 0)
            failures += not good
            versions = ", ".join(f"{each.domain or 'ai.onnx'} {each.version}" for each in onnx.opset_import)
            print(f"onnx {name} ({versions}): {'same' if good else 'DIFFERENT'}, ONNX Runtime differs by {of_runtime:.1e}, "
                  f"{apart.sum()} of {apart.size} answers of the trainer by more than 1e-6")
    sys.exit(1 if failures else 0)


main(os.path.abspath(sys.argv[1]))
