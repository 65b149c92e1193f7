"""Real mails for the measurement: the same ones every time, spread over all sources."""

import csv
import hashlib
import io
import os
import subprocess
import tarfile
from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Mail:
    archive: str
    member: str
    sha256: str
    label: str  # "phish" or "ham"
    date: str  # of its Date header, UTC; empty where unreadable


def _decompressed(path):
    return subprocess.Popen(["zstd", "-dc", path], stdout=subprocess.PIPE)


def read_manifest(folder):
    """Every whole mail that is labelled phish or ham; rows of mail logs and spam are left out."""
    with _decompressed(os.path.join(folder, "manifest.csv.zst")) as process:
        rows = list(csv.DictReader(io.TextIOWrapper(process.stdout, "utf-8")))
    return [Mail(row["file"], row["member"], row["sha256"], row["label"], row["date_utc"])
            for row in rows
            if row["file"].endswith(".tar.zst") and row["label"] in ("phish", "ham")]


def pick(mails, count):
    """`count` mails, half of each label, from each source as equally many as it has.

    A source's mails come in the order of their digests, which has nothing to do with what they say.
    The result is in that order too, so that sources and labels are mixed.
    """
    picked = []
    for label in ("phish", "ham"):
        sources = defaultdict(list)
        for mail in sorted(mails, key=lambda mail: mail.sha256):
            if mail.label == label:
                sources[mail.archive].append(mail)
        wanted = count // 2
        # Small sources first: what one lacks, the larger ones share.
        queue = sorted(sources.values(), key=len)
        for place, source in enumerate(queue):
            share = min(len(source), wanted // (len(queue) - place))
            picked += source[:share]
            wanted -= share
    return sorted(picked, key=lambda mail: mail.sha256)


def unpack(folder, mails, target):
    """Writes the mails as files below `target`; returns their paths in the order of `mails`.

    File names are digests: nothing that an archive says becomes a path.
    """
    wanted = defaultdict(dict)
    for mail in mails:
        wanted[mail.archive][mail.member] = mail
    for archive, members in sorted(wanted.items()):
        with _decompressed(os.path.join(folder, archive)) as process:
            with tarfile.open(fileobj=process.stdout, mode="r|") as tar:
                for entry in tar:
                    mail = members.get(entry.name)
                    if mail is None:
                        continue
                    raw = tar.extractfile(entry).read()
                    if hashlib.sha256(raw).hexdigest() != mail.sha256:
                        raise ValueError(f"{archive}: {entry.name} is not what the manifest says")
                    with open(os.path.join(target, mail.sha256 + ".eml"), "wb") as file:
                        file.write(raw)
    return [os.path.join(target, mail.sha256 + ".eml") for mail in mails]


def digest_of(mails):
    """Names the selection."""
    return hashlib.sha256("\n".join(mail.sha256 for mail in mails).encode()).hexdigest()[:16]
