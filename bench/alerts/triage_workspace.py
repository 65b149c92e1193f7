"""A workspace that learned the alerts by the commands of a user, and what its models say of alerts they did not see."""

import csv
import os
import subprocess

from workspace import Workspace

HOLD_OUT = "bench/alerts/alerts_hold_out"  # where it was built


class TriageWorkspace(Workspace):
    def ingest_all(self, alerts):
        """What is judged arrives with its label, the rest is history without one."""
        files = {}
        for alert in alerts:
            label = "" if not alert.judged else "benign" if alert.step == "-" else "malicious"
            key = (alert.scenario, alert.detector, label)
            if key not in files:
                files[key] = open(os.path.join(self.parent, "-".join(key) + ".json"), "w", encoding="utf-8")
            files[key].write(alert.record + "\n")
        for (scenario, detector, label), file in files.items():
            file.close()
            labelled = ["--label", label] if label else []
            self.run("ingest", "auto", file.name, "--mapping", detector, "--source", scenario, "--quiet", *labelled)
            os.remove(file.name)

    def train(self):
        return self.run("train", "alerts", "--quiet")

    def held_out(self, build):
        """Each judged alert: digest, source, features, and scores by models that did not see its scenario."""
        file = os.path.join(self.parent, "held_out.csv")
        with open(file, "w", encoding="utf-8") as out:
            subprocess.run([os.path.join(build, HOLD_OUT), self.folder, "alerts"], check=True, stdout=out)
        with open(file, encoding="utf-8") as rows:
            return list(csv.DictReader(rows))
