"""Winnow as a contender: decide_bench, with a model trained on other mails than the measured."""

import json
import os
import subprocess

import real_mails

# Sources of one origin (server, person, archive) stay together: a model that learned from one half
# knows nothing of the other's collectors.
ONE_HALF = ("nazario", "list", "bounces", "circuit")


def _in_one_half(mail):
    return mail.archive.startswith(ONE_HALF)


class Winnow:
    name = "winnow"

    def __init__(self, options, folder, mails, rest):
        """Trains on `rest`; `mails` are those that will be measured, unpacked in `folder`."""
        programs = os.path.join(options.build, "bench", "mail")
        self._bench = os.path.join(programs, "decide_bench")
        self._trainer = os.path.join(programs, "mail_bench_trainer")
        for program in (self._bench, self._trainer):
            if not os.path.exists(program):
                raise FileNotFoundError(f"{program} is not built (make bench)")
        self._content, self._folder, self._mails, self._rest = options.content, folder, mails, rest
        real_mails.unpack(os.path.join(options.data, "email"), rest, folder)
        self._model = self._train("model", rest, mails)
        self.rounds = []  # what decide_bench told of each

    def _list(self, name, mails, labels):
        """A file for the programs: one mail a line, with label and source where they train."""
        path = os.path.join(self._folder, name)
        with open(path, "w", encoding="utf-8") as file:
            for mail in mails:
                fields = [os.path.join(self._folder, mail.sha256 + ".eml")]
                file.write("\t".join(fields + ([mail.label, mail.archive] if labels else [])) + "\n")
        return path

    def _train(self, name, rest, mails):
        model = os.path.join(self._folder, name)
        lists = self._list("train", rest, True), self._list("measured", mails, True)
        told = subprocess.run([self._trainer, self._content, *lists, model], check=True,
                              stdout=subprocess.PIPE, text=True).stdout
        print("winnow", told, end="", flush=True)
        return model

    def _decide(self, model, rest, mails):
        """What decide_bench tells, and the scores in the order of `mails`."""
        by_time = sorted(mails, key=lambda mail: mail.date)
        lists = (self._list("history", sorted(rest, key=lambda mail: mail.date), False),
                 self._list("mails", by_time, False))
        answer = json.loads(subprocess.run(
            [self._bench, self._content, model, *lists, "--json"], check=True,
            stdout=subprocess.PIPE, text=True).stdout)
        score_of = dict(zip(by_time, answer.pop("scores")))
        return answer, [score_of[mail] for mail in mails]

    def scan_all(self, raws):
        """Decides on the first len(raws) of the measured mails, from their files."""
        told, scores = self._decide(self._model, self._rest, self._mails[:len(raws)])
        self.rounds.append(told)
        return told["cpu_seconds"], scores

    def scores_of_unseen_sources(self):
        """Each half of the sources, scored by a model of the other half."""
        score_of = {}
        for half in (True, False):
            mails = [mail for mail in self._mails if _in_one_half(mail) == half]
            rest = [mail for mail in self._rest if _in_one_half(mail) != half]
            model = self._train("half", rest, mails)
            score_of |= zip(mails, self._decide(model, rest, mails)[1])
        return [score_of[mail] for mail in self._mails]

    def table_of_stages(self):
        """The median round, stage by stage."""
        told = sorted(self.rounds[1:], key=lambda one: one["cpu_seconds"])[(len(self.rounds) - 1) // 2]
        count = len(self._mails)
        lines = [f"winnow's time, us a mail{'':14}"]
        for name, seconds in [*told["stages"].items(), *told["split_of_decide"].items()]:
            lines.append(f"  {name:32}{1e6 * seconds / count:>8.1f}"
                         f"{100 * seconds / told['cpu_seconds']:>6.0f} %")
        lines.append(f"  a mail without its store: p50 {1e6 * told['p50']:.0f} us, p99 "
                     f"{1e6 * told['p99']:.0f} us, {told['allocations'] / count:.0f} allocations; "
                     f"{100 * told['explained'] / count:.0f} % of the mails are explained")
        return "\n".join(lines)

    def close(self):
        """Nothing keeps running."""
