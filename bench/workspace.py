"""A workspace of Winnow's, used by the commands of a user."""

import hashlib
import json
import os
import subprocess
import tempfile


def digest(record):
    """By which Winnow names the event of a record."""
    return hashlib.sha256(record.encode()).hexdigest()


class Workspace:
    """One in a temporary folder, which goes when the `with` is left."""

    def __init__(self, winnow):
        self._temporary = tempfile.TemporaryDirectory(prefix="winnow-bench-", ignore_cleanup_errors=True)
        self._winnow = winnow
        self.parent = self._temporary.name  # for files beside the workspace
        self.folder = os.path.join(self.parent, "soc")
        self.run("init", "soc", folder=self.parent)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._temporary.cleanup()

    def run(self, *words, folder=None):
        """What a command prints; one that fails ends the comparison."""
        # Passive: others may use this machine, and threads of training that spin while they wait take it from them.
        done = subprocess.run([self._winnow, *words], cwd=folder or self.folder, env={**os.environ, "OMP_WAIT_POLICY": "passive"},
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise SystemExit(f"winnow {' '.join(words)} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def read_content(self, name):
        with open(os.path.join(self.folder, "content", name), encoding="utf-8") as file:
            return file.read()

    def write_content(self, name, text):
        with open(os.path.join(self.folder, "content", name), "w", encoding="utf-8") as out:
            out.write(text)

    def ingest(self, records, label, source, how="auto"):
        """Records, a line each; without a label where `label` is empty."""
        labelled = ["--label", label] if label else []
        self.run("ingest", how, self._file(records), "--source", source, "--quiet", *labelled)

    def promote(self, domain, *build):
        """What was trained last, or what `build` says, decides from now on."""
        self.run("bundles", "build", "--domain", domain, *build)
        self.run("deployments", "promote", "latest", "--reason", "measured")

    def decisions(self, domain, records):
        """Of the champion, on each record that a mapping reads."""
        return json.loads(self.run("score", domain, self._file(records), "--json", "--quiet"))["decisions"]

    def scores(self, domain, records, score="probability"):
        """By digest, of each record that a mapping reads."""
        return {one["event"]: one[score] for one in self.decisions(domain, records)}

    def _file(self, records):
        file = os.path.join(self.parent, "records.json")
        with open(file, "w", encoding="utf-8") as out:
            out.writelines(record + "\n" for record in records)
        return file
