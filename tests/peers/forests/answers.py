"""Asks forest_answers about a model file and compares with what its library says."""

import pathlib
import subprocess
import sys
import tempfile

import numpy

PROGRAM = sys.argv[1]


class Contest:
    """Counts cases; a difference is printed, and makes the process fail."""

    def __init__(self, library):
        self.library, self.cases, self.failures, self.worst = library, 0, [], 0.0

    def compare(self, name, model_bytes, rows, predictions, margins, contributions, tolerance):
        """`predictions` and `margins` are rows x outputs, `contributions` outputs x rows x (columns + 1).
        Margins and contributions may be None: then they mean something else to the library."""
        self.cases += 1
        rows = numpy.ascontiguousarray(rows, numpy.float32)
        outputs = numpy.size(predictions) // len(rows)
        answers = ask(model_bytes, rows)
        size = len(rows) * outputs
        self.near(name, "predictions", answers[size: 2 * size], predictions, max(tolerance, 1e-6))
        if margins is not None:
            self.near(name, "margins", answers[:size], margins, tolerance)
            self.worst = max(self.worst, self.near(
                name, "contributions", answers[2 * size:], contributions, 2e-5))

    def near(self, name, what, ours, theirs, tolerance):
        theirs = numpy.asarray(theirs, numpy.float32).reshape(ours.shape).astype(float)
        difference = (numpy.abs(ours - theirs) / numpy.maximum(1, numpy.abs(theirs))).max()
        if not difference <= tolerance:
            self.failures.append(name)
            print(f"{self.library} {name}: {what} differ by up to {difference}")
        return difference

    def end(self):
        if not self.failures:
            print(f"{self.library}: {self.cases} models give the same predictions; "
                  f"contributions differ by at most {self.worst:.1e}")
        sys.exit(1 if self.failures or self.cases == 0 else 0)


def ask(model_bytes, rows):
    with tempfile.TemporaryDirectory() as folder:
        model = pathlib.Path(folder) / "model"
        model.write_bytes(model_bytes)
        done = subprocess.run([PROGRAM, str(model), str(rows.shape[1])], input=rows.tobytes(),
                              stdout=subprocess.PIPE, check=True)
    return numpy.frombuffer(done.stdout, numpy.float32)


def rows_and_labels(classes=2, count=1500, columns=8, seed=1):
    """Numbers, small integers (columns 6 and 7), zeros and missing values; labels 0 to classes - 1."""
    rng = numpy.random.default_rng(seed)
    rows = rng.normal(size=(count, columns)).astype(numpy.float32)
    rows[:, 6:] = rng.integers(0, 9, size=(count, columns - 6))
    rows[rng.random(rows.shape) < 0.1] = 0
    score = rows[:, 0] + rows[:, 1] * rows[:, 2] + (rows[:, 6] % 3) + rng.normal(size=count) * 0.3
    labels = numpy.digitize(score, numpy.quantile(score, numpy.arange(1, classes) / classes))
    rows[rng.random(rows.shape) < 0.08] = numpy.nan
    rows[:, 6:] = numpy.nan_to_num(rows[:, 6:])
    return rows, labels
