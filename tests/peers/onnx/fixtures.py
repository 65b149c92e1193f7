"""Makes the small models of tests/fuzz/corpus/model_onnx from invented rows, and prints what ONNX Runtime says of three rows,
which tests/model/onnx_test.cc holds Winnow to. fixtures.py FOLDER"""

import pathlib
import sys

import numpy
import onnxruntime
from skl2onnx import to_onnx
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor, IsolationForest, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from skl2onnx.common.data_types import FloatTensorType

from tree_ensemble_5 import as_version_5

RNG = numpy.random.default_rng(3)
ROWS = RNG.normal(size=(200, 3)).astype(numpy.float32)
LABELS = (ROWS[:, 0] + ROWS[:, 1] * ROWS[:, 2] > 0.2).astype(int)
HOLES = numpy.where(RNG.random(ROWS.shape) < 0.1, numpy.nan, ROWS).astype(numpy.float32)
ASKED = numpy.array([[0.5, -1.25, 2], [-3, 0.125, 0.75], [1, 1, -1]], numpy.float32)
OPSET = {"": 17, "ai.onnx.ml": 3}


def boosted(**more):
    return GradientBoostingClassifier(n_estimators=3, max_depth=3, random_state=1, **more)


MODELS = {
    "boosting": boosted().fit(ROWS, LABELS),
    "random_forest": RandomForestClassifier(3, max_depth=3, random_state=1).fit(ROWS, LABELS),
    "regression": GradientBoostingRegressor(n_estimators=3, random_state=1).fit(ROWS, ROWS[:, 0]),
    "three_classes": boosted().fit(ROWS, numpy.digitize(ROWS[:, 0], [-0.5, 0.5])),
    "logistic": make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression()).fit(HOLES, LABELS),
    "scaled_boosting": make_pipeline(SimpleImputer(), MinMaxScaler((-1, 1)), boosted()).fit(HOLES, LABELS),
    "isolation": IsolationForest(n_estimators=3, max_samples=16, random_state=1).fit(ROWS),
}


def answers(model, onnx):
    session = onnxruntime.InferenceSession(onnx.SerializeToString(), providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_inputs()]
    feed = {names[0]: ASKED} if len(names) == 1 else {name: ASKED[:, [i]] for i, name in enumerate(names)}
    found = session.run(None, feed)
    if hasattr(model, "offset_"):
        return -(found[1].ravel() + model.offset_)
    last = found[-1]
    return last[:, 1] if last.ndim == 2 and last.shape[1] == 2 else last.ravel()


def main(folder):
    for name, model in MODELS.items():
        zipmap = {id(model): {"zipmap": False}} if hasattr(model, "predict_proba") else None
        write(folder, name, model, to_onnx(model, ROWS[:1], target_opset=OPSET, options=zipmap))
        if name == "regression":
            write(folder, "tree_ensemble_5", model, as_version_5(to_onnx(model, ROWS[:1], target_opset=OPSET)))
    columns = make_pipeline(make_column_transformer((StandardScaler(), [2, 0]), ("passthrough", [1])), boosted())
    columns.fit(ROWS, LABELS)
    inputs = [(name, FloatTensorType([None, 1])) for name in ("bytes", "packets", "ports")]
    write(folder, "named_columns", columns,
          to_onnx(columns, initial_types=inputs, target_opset=OPSET, options={id(columns): {"zipmap": False}}))


def write(folder, name, model, onnx):
    (folder / f"{name}.onnx").write_bytes(onnx.SerializeToString())
    print(f'{{"{name}", {{{", ".join(f"{answer:.8g}F" for answer in answers(model, onnx))}}}}},')


main(pathlib.Path(sys.argv[1]))
