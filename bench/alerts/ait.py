"""The AIT alert data set as Wazuh and AMiner would send it, and what of it is judged."""

import csv
import hashlib
import io
import json
import os
import subprocess
import tarfile
import time

ARCHIVE = "alerts/ait-ads.tar.zst"
HOUR = 3600
# The scenarios are companies of their own, recorded in the same weeks. One after the other, further apart than any window
# of a feature, none remembers another; by whole weeks, so that days and hours stay what they were.
APART = 8 * 7 * 24 * HOUR


class Alert:
    __slots__ = ("scenario", "time", "rule", "role", "step", "record", "detector", "digest", "aggregates", "judged")


def _record(alert, number, name, ip, short):
    host = f"{alert.scenario}-{alert.role}"
    if alert.detector == "aminer":
        return {"AnalysisComponent": {"AnalysisComponentIdentifier": short, "AnalysisComponentName": name},
                "LogData": {"RawLogData": [""], "DetectionTimestamp": [alert.time + number / 1e7], "Timestamps": [alert.time]},
                "AMiner": {"ID": host}}
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(alert.time))
    return {"id": f"{alert.scenario}.{number}", "@timestamp": stamp, "agent": {"ip": ip, "name": host},
            "predecoder": {"hostname": host}, "rule": {"id": short, "description": name.removeprefix("Wazuh: ")}}


def _scenario(name, rows, place):
    seen, spells, last = {}, {}, {}
    for number, row in enumerate(rows):
        alert = Alert()
        alert.scenario, alert.role, alert.step = name, row["host"], row["event_label"]
        alert.time = int(float(row["time"])) + place * APART
        alert.rule = row["name"]
        alert.detector = "aminer" if alert.rule.startswith("AMiner:") else "wazuh"
        alert.record = json.dumps(_record(alert, number, alert.rule, row["ip"], row["short"]))
        alert.digest = hashlib.sha256(alert.record.encode()).hexdigest()
        # Alerts of one rule on one host are one while they share a clock hour, or (a spell) until an hour passes without
        # one. Those of the attack, of different steps and false ones never share one.
        key = (name, alert.rule, alert.role, alert.step)
        hour = (*key, alert.time // HOUR)
        if alert.time - last.get(key, alert.time - 2 * HOUR) > HOUR:
            spells[key] = spells.get(key, 0) + 1
        last[key] = alert.time
        alert.aggregates = {"clock hours": hour, "spells": (*key, spells[key])}
        # Judged is what begins an hour, and whenever that has grown tenfold.
        seen[hour] = seen.get(hour, 0) + 1
        alert.judged = seen[hour] in (1, 10, 100, 1_000, 10_000, 100_000)
        yield alert


def alerts(data):
    """All alerts, scenario after scenario, in the order of time within each."""
    raw = subprocess.run(["zstd", "-dc", os.path.join(data, ARCHIVE)], check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        files = sorted(name for name in archive.getnames() if name.endswith("_alerts.csv"))
        for place, file in enumerate(files):
            text = io.TextIOWrapper(archive.extractfile(file), encoding="utf-8")
            name = os.path.basename(file).removesuffix("_alerts.csv")
            yield from _scenario(name, csv.DictReader(text), place)
