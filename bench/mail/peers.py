#!/usr/bin/env python3
"""Winnow beside Rspamd and SpamAssassin: the same real mails, one core, offline, in one run.

    bench/mail/peers.py [--data DIR] [--build build/release] [--mails 500] [--rounds 5]

Prints mails per CPU-second, what it costs in detection, and what each tool does and does not
compute. Reads the real data (WINNOW_DATA); writes to a temporary folder only.
"""

import os
import signal
import statistics
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # a benchmark leaves nothing in the repository
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # bench/

import comparison
import detection
import real_mails
import scanners
from winnow_bench import Winnow

NOTES = """\
What each does for a mail
  winnow        reads the file; MIME, HTML, links, features with the sender's history, text terms;
                scores, gives reasons for what is shown, and stores decision and history durably.
                It believes the gateway's SPF, DKIM and DMARC results and checks no signature.
  rspamd        receives it over HTTP; MIME, HTML, links, language detection, 172 expressions
                (Hyperscan) and its local Lua rules; answers with symbols and logs a line.
                Switched off: SPF, DKIM, DMARC, ARC, Bayes, fuzzy hashes, block lists, reputation.
  spamassassin  receives it by spamc's protocol; MIME, HTML and its local Perl rules; answers with
                symbols. Switched off: all network tests, Bayes.
What detection does not say: the others score spam, not phishing, by rules, and without the network
tests they are built around. Winnow's first line comes from a model trained on other mails of the
same sources, its second from one that never saw the source."""


def arguments():
    parser = comparison.parser(__doc__)
    parser.add_argument("--content", default=os.path.join(comparison.REPOSITORY, "content"))
    parser.add_argument("--mails", type=int, default=500)
    parser.add_argument("--train", type=int, default=4000, help="mails that train Winnow's model")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=600, help="begin no round after these")
    return parser.parse_args()


def start_contenders(options, folder, mails, rest):
    """Those that can be had, cheapest first."""
    contenders = []
    try:
        contenders.append(Winnow(options, folder, mails, rest))
    except FileNotFoundError as missing:
        comparison.skip(f"winnow: {missing}")
    for scanner, program in ((scanners.Rspamd, "rspamd"), (scanners.SpamAssassin, "spamd")):
        if scanners.find(program) is None:
            comparison.skip(f"{scanner.name}: not installed (scripts/bootstrap bench)")
            continue
        contenders.append(scanner(os.path.join(folder, scanner.name)))
    return contenders


def measure(contenders, raws, rounds, seconds):
    """{name: [CPU seconds of each round]}, {name: scores}; a warm-up round is thrown away."""
    costs, scores = {c.name: [] for c in contenders}, {}
    for contender in contenders:
        contender.scan_all(raws[:max(1, len(raws) // 5)])
    end = time.monotonic() + seconds
    for number in range(rounds):
        if number > 0 and time.monotonic() > end:
            comparison.skip(f"rounds {number + 1} to {rounds}: {seconds} s are over")
            break
        for contender in contenders:
            cpu, found = contender.scan_all(raws)
            costs[contender.name].append(cpu)
            if scores.setdefault(contender.name, found) != found:
                raise RuntimeError(f"{contender.name} scored the same mails differently")
    return costs, scores


def spread(values):
    """Median, tenth and ninetieth percentile."""
    ranked = sorted(values)
    at = lambda share: ranked[round(share * (len(ranked) - 1))]
    return statistics.median(values), at(0.1), at(0.9)


def rate_table(costs, mails):
    lines = [f"{'':16}{'mails per CPU-second':>30}{'us a mail':>12}{'winnow is faster by':>28}"]
    for name, seconds in costs.items():
        middle, low, high = spread([mails / cost for cost in seconds])
        line = f"{name:16}{f'{middle:,.1f} ({low:,.1f}-{high:,.1f})':>30}{1e6 / middle:>12,.0f}"
        if name != "winnow" and "winnow" in costs:
            ratio = spread([theirs / ours for theirs, ours in zip(seconds, costs["winnow"])])
            line += "{:>28}".format("{:,.1f}x ({:,.1f}-{:,.1f})".format(*ratio))
        lines.append(line)
    return "\n".join(lines)


def detection_table(scores, truth):
    lines = [f"{'':34}{'ROC-AUC':>10}{'average precision':>20}{'recall at 1 % FPR':>20}"]
    for name, found in scores.items():
        lines.append(f"{name:34}{detection.roc_auc(found, truth):>10.3f}"
                     f"{detection.average_precision(found, truth):>20.3f}"
                     f"{detection.recall_at(found, truth, 0.01):>20.3f}")
    return "\n".join(lines)


def add_unseen_sources(contenders, scores):
    """Winnow's second line in the table of detection; returns its table of stages."""
    for contender in contenders:
        if contender.name == "winnow":
            scores["winnow, sources never seen"] = contender.scores_of_unseen_sources()
            return contender.table_of_stages()
    return ""


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # then the scanners are ended, too
    options = arguments()
    folder_of_mail = os.path.join(options.data, "email")
    if not comparison.is_there(options.data, "email/manifest.csv.zst"):
        return
    manifest = real_mails.read_manifest(folder_of_mail)
    mails = real_mails.pick(manifest, options.mails)
    with tempfile.TemporaryDirectory(prefix="winnow-bench-") as folder:
        os.chmod(folder, 0o755)  # the scanners run as users of their own
        paths = real_mails.unpack(folder_of_mail, mails, folder)
        raws = [open(path, "rb").read() for path in paths]
        print(f"{len(mails)} mails, selection {real_mails.digest_of(mails)}, "
              f"{sum(map(len, raws)) / len(raws) / 1024:.1f} KiB on average", flush=True)
        rest = real_mails.pick(sorted(set(manifest) - set(mails), key=lambda mail: mail.sha256),
                               options.train)
        contenders = start_contenders(options, folder, mails, rest)
        try:
            costs, scores = measure(contenders, raws, options.rounds, options.seconds)
            stages = add_unseen_sources(contenders, scores)
        finally:
            for contender in contenders:
                contender.close()
    truth = [int(mail.label == "phish") for mail in mails]
    tables = rate_table(costs, len(mails)), detection_table(scores, truth), stages, NOTES
    print("\n\n".join(table for table in tables if table))
    comparison.write(options.json, {"mails": len(mails), "selection": real_mails.digest_of(mails),
                                    "cpu_seconds": costs, "scores": scores, "truth": truth})


if __name__ == "__main__":
    main()
