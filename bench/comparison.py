"""What every comparison with others does alike: its options, saying what is absent, writing what was measured."""

import argparse
import json
import os

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WINNOW = "src/cli/winnow"  # where it was built
NO_SCIKIT_LEARN = "no scikit-learn (scripts/bootstrap bench)"


def parser(doc):
    """The options that all have, below the first line of `doc`."""
    found = argparse.ArgumentParser(description=doc.splitlines()[0])
    found.add_argument("--data", default=os.environ.get("WINNOW_DATA", os.path.join(os.path.dirname(REPOSITORY), "shared/data")),
                       help="the folder of the real data")
    found.add_argument("--build", default=os.path.join(REPOSITORY, "build/release"), help="where Winnow was built")
    found.add_argument("--json", help="write every number to this file")
    return found


def skip(what):
    print(f"skipped: {what}", flush=True)


def _exists(file, how):
    there = os.path.exists(file)
    if not there:
        skip(f"no {file} ({how})")
    return there


def is_there(data, file):
    """Whether the folder of the real data has it; says so if not."""
    return _exists(os.path.join(data, file), "WINNOW_DATA names the folder of the real data")


def is_built(build, program):
    """Whether the folder of the build has it; says so if not."""
    return _exists(os.path.join(build, program), "make bench builds it")


def write(file, measured):
    """Every number, if --json names a file."""
    if file:
        with open(file, "w", encoding="utf-8") as out:
            json.dump(measured, out, indent=1)


def run(doc, measure, built=(), data=(), scikit_learn="its defaults"):
    """A whole comparison: `measure(options)` prints what it finds and returns what --json writes; `options.winnow` is the program.

    Where Winnow, a program of `built`, a file of `data` or scikit-learn is absent, that is said instead, and is no failure.
    `scikit_learn` says what is used of it; None: nothing.
    """
    options = parser(doc).parse_args()
    options.build = os.path.abspath(options.build)
    options.winnow = os.path.join(options.build, WINNOW)
    needed = [is_built(options.build, program) for program in (WINNOW, *built)] + [is_there(options.data, file) for file in data]
    if not all(needed):
        return
    if scikit_learn is not None:
        try:
            import sklearn
        except ImportError:
            skip(NO_SCIKIT_LEARN)
            return
        print(f"scikit-learn {sklearn.__version__}, {scikit_learn}", flush=True)
    write(options.json, measure(options))
