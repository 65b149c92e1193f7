#!/usr/bin/env python3
"""Models that others fitted, scored by their own runtimes and by Winnow on the same rows, in turn, in CPU time: an isolation
forest of scikit-learn, boosted trees of LightGBM, and a random forest as ONNX in ONNX Runtime.

    bench/model/peers.py [--build build/release] [--rounds 9] [--rows 20000]

LightGBM, ONNX Runtime and skl2onnx are no packages of Debian: `python3 -m pip install --target DIR lightgbm onnxruntime skl2onnx`
and PYTHONPATH=DIR. What is absent is skipped aloud.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # bench/

import comparison

try:
    import numpy
    import sklearn
    from sklearn.ensemble import IsolationForest, RandomForestClassifier
    from sklearn.ensemble._iforest import _average_path_length
except ImportError:
    comparison.skip(comparison.NO_SCIKIT_LEARN)
    sys.exit()

COLUMNS, TREES, SAMPLES, ALONE = 60, 100, 256, 20
WIDEST = 1e-6  # that scores may differ
SCORER = "bench/model/model_scorer"  # where it was built


def make_rows(count, seed):
    """Columns of six kinds: normal, heavy-tailed, counts, flags, shares, few values."""
    rng = numpy.random.default_rng(seed)
    kinds = [rng.normal(size=(count, 10)), numpy.exp(1.5 * rng.normal(size=(count, 10))),
             numpy.floor(rng.exponential(5, (count, 10))), (rng.random((count, 10)) < 0.3) * 1.0,
             rng.random((count, 10)), numpy.floor(200 * rng.random((count, 10)))]
    return numpy.hstack(kinds).astype(numpy.float32)


def make_labels(rows, seed):
    signal = (rows[:, 0] * rows[:, 1] + numpy.log1p(rows[:, 10]) * (rows[:, 30] - 0.4) + (rows[:, 40] > 0.6) * (rows[:, 20] > 6)
              + numpy.abs(rows[:, 50] - 100) / 100)
    return (signal + numpy.random.default_rng(seed).normal(size=len(rows)) > numpy.median(signal)).astype(int)


class Isolation:
    name = f"scikit-learn {sklearn.__version__}, isolation forest, {TREES} trees of {SAMPLES} samples"

    def __init__(self, rows, _labels):
        self._model = IsolationForest(n_estimators=TREES, max_samples=SAMPLES, random_state=1, n_jobs=1).fit(rows)

    def score(self, rows):
        return -self._model.score_samples(rows)

    def write(self, path):
        with open(path, "w", encoding="ascii") as file:
            usual = _average_path_length([self._model.max_samples_])[0]
            print("features", COLUMNS, "usual-path", repr(float(usual)), file=file)
            for fitted in self._model.estimators_:
                tree = fitted.tree_
                # They go left at x <= threshold, a double; Winnow below the float behind the last one that does.
                below = tree.threshold.astype(numpy.float32)
                below = numpy.where(below > tree.threshold, numpy.nextafter(below, numpy.float32(-numpy.inf)), below)
                bound = numpy.nextafter(below, numpy.float32(numpy.inf))
                print("tree", tree.node_count, file=file)
                for i in range(tree.node_count):
                    leaf = tree.children_left[i] < 0
                    node = (0, 0, 0, tree.n_node_samples[i]) if leaf else (
                        tree.feature[i], f"{bound[i]:.9g}", tree.children_right[i], 0)
                    print(*node, file=file)


class LightGbm:
    def __init__(self, rows, labels):
        import lightgbm
        self.name = f"LightGBM {lightgbm.__version__}, 200 trees of 31 leaves"
        self._model = lightgbm.train({"objective": "binary", "num_leaves": 31, "num_threads": 1, "verbose": -1},
                                     lightgbm.Dataset(rows, labels), 200)

    def score(self, rows):
        return self._model.predict(rows, num_threads=1)

    def write(self, path):
        self._model.save_model(path)


class OnnxForest:
    def __init__(self, rows, labels):
        import onnxruntime
        from skl2onnx import to_onnx
        self.name = f"ONNX Runtime {onnxruntime.__version__}, random forest of scikit-learn, 100 trees, 20 rows a leaf"
        model = RandomForestClassifier(100, min_samples_leaf=20, random_state=1, n_jobs=1).fit(rows, labels)
        self._bytes = to_onnx(model, rows[:1], target_opset={"": 17, "ai.onnx.ml": 3},
                              options={id(model): {"zipmap": False}}).SerializeToString()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(self._bytes, options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def score(self, rows):
        return self._session.run(None, {self._input: rows})[1][:, 1]

    def write(self, path):
        with open(path, "wb") as file:
            file.write(self._bytes)


class Winnow:
    def __init__(self, program, peer, rows, folder):
        model, values, self._scores = (os.path.join(folder, name) for name in ("model", "rows", "scores"))
        peer.write(model)
        rows.tofile(values)
        self._process = subprocess.Popen([program, model, values, self._scores], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True)

    def seconds(self, batch):
        self._process.stdin.write(f"{batch}\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def scores(self):
        return numpy.fromfile(self._scores, numpy.float32)


def hold(program, peer, rows, rounds):
    """Each round: the peer over all rows, the peer row by row over a few, Winnow both ways over all."""
    print(f"\n{peer.name}; {COLUMNS} columns, {len(rows)} rows, {rounds} rounds")
    theirs, widest = peer.score(rows), 0.0
    with tempfile.TemporaryDirectory() as folder:
        winnow = Winnow(program, peer, rows, folder)
        batches = (len(rows), 1)
        told = {(who, batch): [] for who in ("peer", "winnow") for batch in batches}
        for _ in range(rounds):
            begun = time.process_time()
            peer.score(rows)
            told["peer", len(rows)].append((time.process_time() - begun) / len(rows))
            begun = time.process_time()
            for i in range(ALONE):
                peer.score(rows[i:i + 1])
            told["peer", 1].append((time.process_time() - begun) / ALONE)
            for batch in batches:
                told["winnow", batch].append(winnow.seconds(batch) / len(rows))
                widest = max(widest, float(numpy.abs(winnow.scores() - theirs).max()))
    print(f"scores differ by at most {widest:.1e}")
    if not widest <= WIDEST:
        sys.exit("that is no comparison")
    for batch in batches:
        ratios = sorted(a / b for a, b in zip(told["peer", batch], told["winnow", batch]))
        us = {who: 1e6 * statistics.median(told[who, batch]) for who in ("peer", "winnow")}
        print(f"{'one row' if batch == 1 else 'all rows'} a call: {us['peer']:.2f} us a row, Winnow {us['winnow']:.3f}: "
              f"{statistics.median(ratios):.1f}x ({ratios[len(ratios) // 10]:.1f}-{ratios[-1 - len(ratios) // 10]:.1f})", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(comparison.REPOSITORY, "build/release"), help="where Winnow was built")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--rows", type=int, default=20000)
    options = parser.parse_args()
    if not comparison.is_built(options.build, SCORER):
        return
    training = make_rows(50000, 42)
    labels, rows = make_labels(training, 44), make_rows(options.rows, 43)
    for fit in (Isolation, LightGbm, OnnxForest):
        try:
            peer = fit(training, labels)
        except ImportError as absent:
            comparison.skip(f"{absent} (--help says how to get it)")
            continue
        hold(os.path.join(options.build, SCORER), peer, rows, options.rounds)


if __name__ == "__main__":
    main()
