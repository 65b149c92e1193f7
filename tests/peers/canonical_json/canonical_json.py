"""Random values, written any way that JSON allows: our canonical form is that of the package rfc8785."""

import json
import random
import struct
import subprocess
import sys

import rfc8785

DOCUMENTS = 20000
LETTERS = ["a", "B", "0", " ", '"', "\\", "/", "\n", "\x00", "\x1f", "\x7f", "\x80", "é", "ß", "\u2028", "€", "\ud7ff",
           "\ue000", "\uffff", "\U00010000", "😀", "דּ"]


def text(rng):
    return "".join(rng.choice(LETTERS) for _ in range(rng.randrange(6)))


def number(rng):
    kind = rng.randrange(4)
    if kind == 0:
        return rng.randrange(-2**53 + 1, 2**53)
    if kind == 1:
        return round(rng.uniform(-1e6, 1e6), rng.randrange(8))
    if kind == 2:
        return rng.choice([1, -1]) * float(f"{rng.randrange(1, 10**17)}e{rng.randrange(-30, 30)}")
    while True:
        value = struct.unpack("<d", rng.randbytes(8))[0]
        if value == value and abs(value) != float("inf"):
            return value


def value(rng, depth=0):
    kind = rng.randrange(6 if depth < 4 else 4)
    if kind == 0:
        return rng.choice([None, True, False, "", 0, -0.0])
    if kind == 1:
        return text(rng)
    if kind < 4:
        return number(rng)
    if kind == 4:
        return [value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {text(rng): value(rng, depth + 1) for _ in range(rng.randrange(5))}


def main():
    rng = random.Random(1)
    values = [value(rng) for _ in range(DOCUMENTS)]
    lines = [json.dumps(each, ensure_ascii=rng.random() < 0.5) for each in values]
    done = subprocess.run([sys.argv[1]], input="\n".join(lines).encode() + b"\n", stdout=subprocess.PIPE, check=True)
    ours = done.stdout.split(b"\n")[:-1]
    assert len(ours) == len(values), f"{len(ours)} answers to {len(values)} documents"
    wrong = 0
    for line, form, each in zip(lines, ours, values):
        if form != rfc8785.dumps(each):
            wrong += 1
            if wrong <= 5:
                print(f"{line}\n  ours   {form}\n  theirs {rfc8785.dumps(each)}")
    print(f"canonical JSON: {len(values) - wrong} of {len(values)} documents are written as rfc8785 writes them")
    sys.exit(1 if wrong else 0)


main()
