#!/usr/bin/env python3
"""A day of a company's mail in some minutes at one `winnow serve`: does memory, do descriptors, threads or latency grow?

    bench/soak/soak.py [--minutes 20] [--mails 24000] [--build build/release]

Three days are decided first, by the command line, and a fourth comes as fast as the service takes it, so that the caches of the
databases are full: what fills them later is no leak. Then half of the mails are scored while their sender waits (POST
/v1/score/mail), half are accepted to be decided later (POST /v1/events/gateway), in the order of their dates, so that 24 hours of
event time pass. Beside them two analysts work the queue and judge, and others read decisions, status and metrics and watch the
stream. Prints a table and a verdict; exit code 1: something grows, 2: the run itself failed.

What is judged, after a quarter of the run as warm-up: each series of samples by the Mann-Kendall test for a trend (no assumption
about its shape, few outliers do no harm) at 0.1 %, and by how much it grows over the judged time (Theil-Sen slope). Samples that
follow each other are alike, which makes Mann-Kendall too sure; so something grows only where the trend is certain and large: of
memory 5 % (allocators settle for long), of latency 25 % (the machine is shared), of descriptors and threads one. Of memory what is
the process's own is judged (RssAnon): pages of its files are the system's to take back.
"""

import argparse
import http.client
import json
import mailbox
import math
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from email.utils import parsedate_to_datetime

SAMPLES = 240  # of the whole run
SURE = 3.29  # standard deviations: 0.1 %, two-sided
LIMITS = {"memory_mib": 0.05, "p50_ms": 0.25, "p99_ms": 0.25}  # of the median
COUNTS = ("descriptors", "threads")  # by less than one


class Failed(Exception):
    pass


class Workspace:
    """Simulated history, a trained champion, and two days of mail to come."""

    def __init__(self, winnow, folder, mails):
        self.winnow, self.folder = winnow, folder
        self.run(folder, "simulate mail history --seed 7 --days 60 --mails-per-day 40 --phish-share 0.25")
        self.run(folder, f"simulate mail earlier --seed 9 --days 3 --mails-per-day {mails}")
        self.run(folder, f"simulate mail days --seed 8 --days 2 --mails-per-day {mails}")
        self.run(folder, "init soc")
        self.soc = os.path.join(folder, "soc")
        for words in ("intel import content/intel/intel.yaml", "ingest mail ../history/history-benign.mbox --label benign",
                      "ingest mail ../history/history-phish.mbox --label phish", "train mail", "bundles build",
                      "deployments promote latest --reason soak"):
            self.run(self.soc, words)
        for name in sorted(os.listdir(os.path.join(folder, "earlier"))):
            if name.endswith(".mbox"):
                self.run(self.soc, f"score mail ../earlier/{name}")
        shutil.rmtree(os.path.join(folder, "earlier"))

    def run(self, where, words):
        done = subprocess.run([self.winnow, *words.split(), "--quiet"], cwd=where, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"winnow {words}: {done.stderr}")
        return done.stdout.strip()

    def token(self, name, role):
        return self.run(self.soc, f"tokens create {name} --role {role}")

    def days(self):
        found = []
        days = os.path.join(self.folder, "days")
        for name in sorted(os.listdir(days)):
            if name.endswith(".mbox"):
                mails = mailbox.mbox(os.path.join(days, name))
                found += [(parsedate_to_datetime(mail["Date"]).timestamp(), mail) for mail in mails]
        found.sort(key=lambda mail: mail[0])
        middle = (found[0][0] + found[-1][0]) / 2
        return ([mail.as_bytes() for time, mail in found if time < middle],
                [mail.as_bytes() for time, mail in found if time >= middle])


class Client:
    def __init__(self, port, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.token = token

    def ask(self, method, path, body=None, kind="application/json"):
        fields = {"Authorization": "Bearer " + self.token}
        if body is not None:
            fields["Content-Type"] = kind
        self.connection.request(method, path, body, fields)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def read(self, path):
        status, body = self.ask("GET", path)
        if status != 200:
            raise Failed(f"GET {path}: {status} {body[:200]!r}")
        return json.loads(body)


def bring_yesterday(port, mails, token):
    """Until all of it is decided."""
    rest, lock = iter(mails), threading.Lock()
    problems = []

    def send():
        client = Client(port, token["sensor"])
        while not problems:
            with lock:
                mail = next(rest, None)
            if mail is None:
                return
            status, body = client.ask("POST", "/v1/events/gateway", mail, "message/rfc822")
            while status == 429:
                time.sleep(1)
                status, body = client.ask("POST", "/v1/events/gateway", mail, "message/rfc822")
            if status != 202:
                problems.append(f"POST /v1/events/gateway: {status} {body[:200]!r}")

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise Failed(problems[0])
    while Client(port, token["analyst"]).read("/v1/status")["spool"]["records"] > 0:
        time.sleep(1)


class Soak:
    def __init__(self, port, minutes, mails, token):
        self.port, self.token = port, token
        self.mails, self.pause = mails, minutes * 60 / len(mails)
        self.begin = time.monotonic()
        self.end = self.begin + minutes * 60
        self.lock = threading.Lock()  # of all below
        self.next = 0
        self.took, self.counts, self.problem = [], {}, None
        self.threads = [threading.Thread(target=self.guard, args=(work,)) for work in
                        (self.send, self.send, self.send, self.send, self.analyse, self.analyse, self.look, self.watch)]
        for thread in self.threads:
            thread.start()

    def guard(self, work):
        try:
            work()
        except Exception as error:  # told by the main thread
            with self.lock:
                self.problem = self.problem or f"{work.__name__}: {error!r}"

    def is_over(self):
        return self.problem is not None or time.monotonic() >= self.end

    def count(self, what):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + 1

    def send(self):
        """Mails leave when they are due, however slow the answers are."""
        client = Client(self.port, self.token["sensor"])
        while not self.is_over():
            with self.lock:
                number, self.next = self.next, self.next + 1
            if number >= len(self.mails):
                return
            due = self.begin + number * self.pause
            time.sleep(max(0, due - time.monotonic()))
            path = "/v1/events/gateway" if number % 2 else "/v1/score/mail"
            status, body = client.ask("POST", path, self.mails[number], "message/rfc822")
            if status not in (200, 202):
                raise Failed(f"POST {path}: {status} {body[:200]!r}")
            self.count(path)
            if status == 200:
                with self.lock:
                    self.took.append(1000 * (time.monotonic() - due))

    def analyse(self):
        client, chance = Client(self.port, self.token["analyst"]), random.Random(7)
        while not self.is_over():
            cases = client.read("/v1/queue?limit=50")["cases"]
            if cases:
                case = chance.choice(cases)["id"]
                finding = client.read(f"/v1/cases/{case}")["finding_list"][0]["id"]
                client.read(f"/v1/findings/{finding}")
                verdict = {"verdict": chance.choice(["true_positive", "false_positive"]), "reason": "soak"}
                status, body = client.ask("POST", f"/v1/cases/{case}/verdict", json.dumps(verdict))
                if status not in (200, 400, 409):  # the other one judged it
                    raise Failed(f"a verdict: {status} {body[:200]!r}")
                self.count("verdict")
            time.sleep(1)

    def look(self):
        client, auditor = Client(self.port, self.token["analyst"]), Client(self.port, self.token["auditor"])
        while not self.is_over():
            client.read("/v1/status")
            client.read("/v1/decisions?limit=500")
            client.read("/v1/queue?q=invoice&state=all")
            auditor.read("/v1/audit?limit=200")
            status, _ = client.ask("GET", "/metrics")
            self.count("look" if status == 200 else "no metrics")
            time.sleep(2)

    def watch(self):
        """Streams are opened, read a little, and left."""
        while not self.is_over():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/v1/stream", headers={"Authorization": "Bearer " + self.token["analyst"]})
            answer = connection.getresponse()
            try:
                answer.read(200)
            except TimeoutError:
                pass
            answer.close()
            connection.close()
            self.count("stream")

    def latencies(self):
        """Since it was asked last, sorted."""
        with self.lock:
            took, self.took = sorted(self.took), []
        return took


def status_of(process):
    with open(f"/proc/{process}/status", encoding="ascii") as file:
        return {key: value.split()[0] for key, _, value in (line.partition(":") for line in file) if value.split()}


def bytes_below(folder):
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(where, name)).st_blocks * 512
            except FileNotFoundError:
                pass
    return total


def sample(process, soc, took):
    about = status_of(process)
    at = lambda share: took[min(len(took) - 1, int(share * len(took)))] if took else math.nan
    if "RssAnon" not in about:  # a zombie has none
        raise Failed("winnow serve has ended")
    return {"memory_mib": int(about["RssAnon"]) / 1024, "resident_mib": int(about["VmRSS"]) / 1024,
            "descriptors": len(os.listdir(f"/proc/{process}/fd")), "threads": int(about["Threads"]),
            "p50_ms": at(0.5), "p99_ms": at(0.99), "disk_mib": bytes_below(os.path.join(soc, "data")) / 2**20}


def trend(series):
    """Deviations of Mann-Kendall (ties corrected), and the growth from end to end by Theil-Sen."""
    count = len(series)
    pairs = [(i, j) for i in range(count) for j in range(i + 1, count)]
    score = sum((series[j] > series[i]) - (series[j] < series[i]) for i, j in pairs)
    ties = [series.count(value) for value in set(series)]
    spread = (count * (count - 1) * (2 * count + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    deviations = 0.0 if spread == 0 else (score - (score > 0) + (score < 0)) / math.sqrt(spread)
    return deviations, statistics.median((series[j] - series[i]) / (j - i) for i, j in pairs) * (count - 1)


def judge(samples):
    """Prints the table; whether nothing grows."""
    judged = samples[len(samples) // 4:]
    holds = True
    print(f"{'':14}{'first':>10}{'median':>10}{'last':>10}{'most':>10}{'growth':>10}{'trend':>8}")
    for name in samples[0]:
        series = [one[name] for one in judged if not math.isnan(one[name])]
        deviations, growth = trend(series)
        middle = statistics.median(series)
        verdict = ""
        if name in LIMITS or name in COUNTS:
            large = growth >= 1 if name in COUNTS else growth > LIMITS[name] * middle
            verdict = "GROWS" if deviations > SURE and large else "holds"
            holds = holds and verdict == "holds"
        print(f"{name:14}{samples[0][name]:10.1f}{middle:10.1f}{series[-1]:10.1f}{max(series):10.1f}{growth:10.1f}"
              f"{deviations:8.1f}  {verdict}")
    return holds


def soak(options, folder):
    winnow = os.path.abspath(os.path.join(options.build, "src/cli/winnow"))
    workspace = Workspace(winnow, folder, options.mails)
    yesterday, mails = workspace.days()
    token = {role: workspace.token(role, role) for role in ("sensor", "analyst", "auditor")}
    with open(os.path.join(folder, "log"), "w", encoding="utf-8") as log:
        server = subprocess.Popen([winnow, "serve", "--listen", "127.0.0.1:0"], cwd=workspace.soc, stdout=subprocess.PIPE,
                                  stderr=log, text=True)
    try:
        port = int(server.stdout.readline().rsplit(":", 1)[1])
        print(f"{len(mails)} mails in {options.minutes:g} minutes, {len(mails) / options.minutes / 60:.1f} a second; "
              f"load {os.getloadavg()[0]:.1f}")
        bring_yesterday(port, yesterday, token)
        run, samples = Soak(port, options.minutes, mails, token), []
        while not run.is_over():
            time.sleep(options.minutes * 60 / SAMPLES)
            samples.append(sample(server.pid, workspace.soc, run.latencies()))
        for thread in run.threads:
            thread.join()
        if run.problem:
            raise Failed(run.problem)
        waiting = Client(port, token["analyst"]).read("/v1/status")["spool"]
        print(", ".join(f"{count} {what}" for what, count in sorted(run.counts.items())), f"; {waiting['records']} wait")
    finally:
        server.terminate()
        code = server.wait()
    if code != 0:
        raise Failed(f"winnow serve ended with {code}")
    holds = judge(samples)
    print("nothing grows" if holds else "something grows")
    return 0 if holds else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--mails", type=int, default=24000)
    parser.add_argument("--build", default="build/release")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="soak-")
    try:
        return soak(options, folder)
    except Failed as failed:
        print(f"soak: {failed}", file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
