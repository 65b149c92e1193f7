"""Recordings of attacks as lists of records, with what names the laboratory taken out and laid one behind the other."""

import csv
import datetime
import json
import os
import re
import subprocess

OTRF, EVTX, SIGMA = "endpoint/otrf-host.tar.zst", "endpoint/evtx-attack.tar.zst", "endpoint/sigma_regression.jsonl.zst"
MOST = 150  # events of a recording: every k-th of each kind
_TIMES = ("TimeCreated", "TimeGenerated", "@timestamp", "EventTime", "UtcTime")
_HOSTS = ("Hostname", "Computer", "computer_name", "ComputerName", "host")


class Recording:
    def __init__(self, name, categories, records):
        self.name, self.categories, self.records = name, categories, records
        self.raw = []  # the records as they are given to Winnow


def _members(path, folder):
    """A tar's files by their names in it."""
    folder = os.path.join(folder, os.path.basename(path))
    os.mkdir(folder)
    subprocess.run(["tar", "--zstd", "-xf", path, "-C", folder], check=True)
    found = {}
    for root, _, files in os.walk(folder):
        for file in files:
            full = os.path.join(root, file)
            found[os.path.relpath(full, folder)] = full
    return found


def _lines(file):
    with open(file, encoding="utf-8") as text:
        return [json.loads(line) for line in text]


def kind_of(record):
    system = record.get("Event", {}).get("System", {}) if isinstance(record.get("Event"), dict) else {}
    number = record.get("EventID", record.get("event_id", system.get("EventID")))
    if isinstance(number, dict):
        number = number.get("#text")
    return f"{record.get('Channel', record.get('log_name', system.get('Channel')))} {number}"


def _thinned(records):
    kinds = {}
    for record in records:
        kinds.setdefault(kind_of(record), []).append(record)
    if len(records) <= MOST:
        return records
    share = max(3, MOST // len(kinds))
    kept = {id(one) for of_kind in kinds.values() for one in of_kind[::-(-len(of_kind) // share)]}
    return [record for record in records if id(record) in kept]


def _time_of(record):
    system = record.get("Event", {}).get("System", {}) if isinstance(record.get("Event"), dict) else {}
    texts = [record.get(name) for name in _TIMES] + [system.get("TimeCreated", {}).get("#attributes", {}).get("SystemTime")]
    for text in texts:
        found = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)", str(text))
        if found:
            return datetime.datetime.fromisoformat(f"{found[1]} {found[2]}")
    return None


def lay(recordings, begins):
    """Each recording on a day of its own, from `begins` on, with its own pauses; machines are numbered by recording."""
    for number, recording in enumerate(recordings):
        day, first, last, hosts = begins + datetime.timedelta(days=number), None, datetime.timedelta(), {}
        recording.raw = []
        for record in recording.records:
            at = _time_of(record)
            first = first or at
            if at is not None and first is not None:
                last = min(max(last, at - first), datetime.timedelta(hours=20))
            stamp = (day + last).isoformat(timespec="seconds") + f".{len(recording.raw) % 1000000:06}Z"
            copy = json.loads(json.dumps(record))
            named = lambda host: hosts.setdefault(host, f"host{len(hosts)}.capture{number}.example")
            for name in _HOSTS:
                if isinstance(copy.get(name), str):
                    copy[name] = named(copy[name])
            if isinstance(copy.get("Event"), dict):
                system = copy["Event"]["System"]
                system["TimeCreated"] = {"#attributes": {"SystemTime": stamp}}
                system["Computer"] = named(system.get("Computer"))
            else:
                copy["TimeCreated"] = stamp
            recording.raw.append(json.dumps(copy))


def otrf(data, folder):
    files = _members(os.path.join(data, OTRF), folder)
    found = []
    with open(files["otrf-host/labels.csv"], encoding="utf-8") as labels:
        for row in csv.DictReader(labels):
            categories = {part.rsplit("/", 1)[-1] for part in row["category"].split(";")}
            if any(category.startswith("LSASS") for category in categories):
                categories.add("credential_access")
            found.append(Recording(row["file"], categories, _thinned(_lines(files[f"otrf-host/{row['file']}"]))))
    return found


def evtx(data, folder):
    files = _members(os.path.join(data, EVTX), folder)
    return [Recording(name, {"baseline" if "baseline-unlabelled" in name else "attack"}, _lines(file))
            for name, file in sorted(files.items()) if name.endswith(".jsonl")]


def sigma(data):
    raw = subprocess.run(["zstd", "-dc", os.path.join(data, SIGMA)], check=True, stdout=subprocess.PIPE).stdout.decode()
    return [Recording(f"{i} {one['rule_title']}", {one["level"]}, [one["event"]]) for i, one in enumerate(map(json.loads, raw.splitlines()))]
