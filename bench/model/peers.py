#!/usr/bin/env python3
"""An isolation forest that scikit-learn fits, scored by scikit-learn and by Winnow on the same rows, in turn, in CPU time.

    bench/model/peers.py [--build build/release] [--rounds 9] [--rows 20000]
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

try:
    import numpy
    import sklearn
    from sklearn.ensemble import IsolationForest
    from sklearn.ensemble._iforest import _average_path_length
except ImportError:
    sys.exit("skipped: no scikit-learn (scripts/bootstrap bench)")

COLUMNS, TREES, SAMPLES, ALONE = 60, 100, 256, 20


def make_rows(count, seed):
    """Columns of six kinds: normal, heavy-tailed, counts, flags, shares, few values."""
    rng = numpy.random.default_rng(seed)
    kinds = [rng.normal(size=(count, 10)), numpy.exp(1.5 * rng.normal(size=(count, 10))),
             numpy.floor(rng.exponential(5, (count, 10))), (rng.random((count, 10)) < 0.3) * 1.0,
             rng.random((count, 10)), numpy.floor(200 * rng.random((count, 10)))]
    return numpy.hstack(kinds).astype(numpy.float32)


def write_trees(model, path):
    with open(path, "w", encoding="ascii") as file:
        usual = _average_path_length([model.max_samples_])[0]
        print("features", COLUMNS, "usual-path", repr(float(usual)), file=file)
        for fitted in model.estimators_:
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


class Winnow:
    def __init__(self, build, model, rows, folder):
        program = os.path.join(build, "bench", "model", "isolation_scorer")
        if not os.path.exists(program):
            sys.exit(f"skipped: {program} is not built (make bench)")
        trees, values, self._scores = (os.path.join(folder, name) for name in ("trees", "rows", "scores"))
        write_trees(model, trees)
        rows.tofile(values)
        self._process = subprocess.Popen([program, trees, values, self._scores], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True)

    def seconds(self, batch):
        self._process.stdin.write(f"{batch}\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def scores(self):
        return numpy.fromfile(self._scores, numpy.float32)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--rows", type=int, default=20000)
    options = parser.parse_args()
    rows = make_rows(options.rows, 43)
    model = IsolationForest(n_estimators=TREES, max_samples=SAMPLES, random_state=1, n_jobs=1).fit(make_rows(50000, 42))
    theirs = -model.score_samples(rows)
    with tempfile.TemporaryDirectory() as folder:
        winnow = Winnow(options.build, model, rows, folder)
        batches = (options.rows, 1)
        print(f"scikit-learn {sklearn.__version__}, {TREES} trees of {SAMPLES} samples, {COLUMNS} columns, {options.rows} rows, "
              f"{options.rounds} rounds")
        told = {"sklearn": [], "alone": []} | {batch: [] for batch in batches}
        for _ in range(options.rounds):
            begun = time.process_time()
            model.score_samples(rows)
            told["sklearn"].append((time.process_time() - begun) / options.rows)
            begun = time.process_time()
            for i in range(ALONE):
                model.score_samples(rows[i:i + 1])
            told["alone"].append((time.process_time() - begun) / ALONE)
            for batch in batches:
                told[batch].append(winnow.seconds(batch) / options.rows)
                widest = float(numpy.abs(winnow.scores() - theirs).max())
                if not widest <= 1e-6:
                    sys.exit(f"scores differ by {widest}")
    print("scores differ by at most", f"{widest:.1e}")
    for name, yardstick in (("all rows", "sklearn"), ("one row a call", "alone")):
        print(f"scikit-learn, {name}: {1e6 * statistics.median(told[yardstick]):.2f} us a row")
    for batch, yardstick in zip(batches, ("sklearn", "alone")):
        ratios = sorted(a / b for a, b in zip(told[yardstick], told[batch]))
        print(f"winnow, {'one row' if batch == 1 else 'all rows'} a call: {1e6 * statistics.median(told[batch]):.3f} us a row, "
              f"{statistics.median(ratios):.1f}x ({ratios[len(ratios) // 10]:.1f}-{ratios[-1 - len(ratios) // 10]:.1f})")


if __name__ == "__main__":
    main()
