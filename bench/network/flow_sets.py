"""The flow sets: rows with values, class and side of the split."""

import csv
import hashlib
import io
import os
import re
import subprocess

import comparison

UNSW = "network/UNSW_NB15_82332.csv.zst"
CIC = "network/cicids2017_improved_sample.csv.zst"


class Row:
    __slots__ = ("values", "kind", "group", "trains")

    def __init__(self, values, kind, group):
        self.values = values  # column -> float, or text of a category
        self.kind = kind  # "benign", or the class of attack
        self.group = group  # of rows with the same values
        self.trains = False


def _read(path):
    raw = subprocess.run(["zstd", "-dc", path], check=True, stdout=subprocess.PIPE).stdout
    return list(csv.DictReader(io.StringIO(raw.decode())))


def name_of(column):
    """A column's name as features may be called."""
    return "c_" + re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")


def _row(record, left_out, categories, kind):
    values = {}
    for column, text in record.items():
        if column not in left_out:
            values[name_of(column)] = text if column in categories else float(text)
    group = hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()
    return Row(values, kind, group)


def unsw(data):
    left_out = {"id", "sttl", "dttl", "ct_state_ttl", "attack_cat", "label"}
    rows = []
    for record in _read(os.path.join(data, UNSW)):
        kind = "benign" if record["label"] == "0" else record["attack_cat"].strip()
        row = _row(record, left_out, {"proto", "service", "state"}, kind)
        row.trains = int(row.group[:8], 16) % 100 < 60
        rows.append(row)
    return rows


def cic(data):
    left_out = {"id", "Flow ID", "Src IP", "Src Port", "Dst IP", "Timestamp", "Label",
                "Attempted Category"}
    of_class = {}
    for record in _read(os.path.join(data, CIC)):  # in the order of time
        kind = "benign" if record["Label"] == "BENIGN" else record["Label"]
        day = record["Timestamp"][:10]
        of_class.setdefault((day, kind), []).append(_row(record, left_out, set(), kind))
    train, test = [], []
    for rows in of_class.values():
        cut = len(rows) * 6 // 10
        train += rows[:cut]
        test += rows[cut:]
    for row in train:
        row.trains = True
    known = {row.group for row in train}
    return train + [row for row in test if row.group not in known]


def present(data):
    """Name and rows of each set that is there."""
    for name, file, read in (("UNSW-NB15", UNSW, unsw), ("CIC-IDS2017", CIC, cic)):
        if comparison.is_there(data, file):
            yield name, read(data)
