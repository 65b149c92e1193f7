"""A workspace in which a domain reads rows of a set, each a record, by the commands of a user."""

import json
import os

from workspace import Workspace, digest

MAPPING = """mapping: flows
title: Rows of a set
domain: {domain}
format: json
product: {{name: Flow set}}
recognise: {{has: [flow_row]}}
time: {{from: flow_row, as: seconds}}
events:
  - event: row
    class: base_event
    set: {{severity_id: =1}}
    unmapped: [{columns}]
"""
POLICY = """policy: {domain}
routes: [{{route: queue, from: 0.5}}, {{route: close, from: 0}}]
otherwise: close
explain: {{from: 1, reasons: 1}}
model_deadline: 60s
"""
TRAINING = """training: {domain}
plan:
  seed: 1
  sampling: {{copies_of_a_group: 100, rows_of_a_source: 100000, source_balance: 0, least_source: 1, unwanted_weight: 0}}
  forest: {{trees: 200, depth: 6, learning_rate: 0.1, row_share: 0.8, column_share: 0.6, min_leaf_weight: 3, leaf_penalty: 3, bins: 128}}
  dropout: {{copies: 0, chance: 0, views: []}}
  text: {{cost: 1, tolerance: 0.02, rounds: 100}}
  stack_text: false
  text_share: 0
  fold_by: group
  folds: 3
  calibration: platt
  prevalence: 0
validation: {{folds: 1, first_train_share: 0.6, embargo_days: 0, bootstrap_draws: 0}}
capacity: {{alerts_per_day: 50, events_per_day: 1000000, prevalence: 0.001}}
costs: {{missed: 500, false_alarm: 5, review: 2}}
novelty: {{trees: 100, samples: 256, rows: 100000, held_out_share: 0.3}}
events: {{}}
"""


class FlowWorkspace(Workspace):
    """A workspace for rows like those of `train`, which learns from them what they are, or only what is usual."""

    def __init__(self, winnow, train, domain="network"):
        super().__init__(winnow)
        self.domain, self.train = domain, train
        self.categories = {name: sorted({row.values[name] for row in train})
                           for name, value in train[0].values.items() if isinstance(value, str)}
        self.columns = list(train[0].values)
        self._describe_the_set()

    def learn(self):
        """A classifier of all rows; then `scores_of(test)` are probabilities."""
        for label in ("benign", "malicious"):
            rows = [(i, row) for i, row in enumerate(self.train) if (row.kind == "benign") == (label == "benign")]
            self.ingest(self._records(rows), label, "flows")
        self.run("train", self.domain, "--quiet")
        self.promote(self.domain)

    def learn_what_is_usual(self):
        """A novelty model of all rows, without a label; then `scores_of(test, "novelty")` are shares of usual rows."""
        self.ingest(self._records(enumerate(self.train)), "", "flows")
        self.run("train", self.domain, "--novelty", "--quiet")
        self.promote(self.domain, "--model", "none")

    def scores_of(self, test, score="probability"):
        """What the champion says of each of `test`, in their order."""
        records = list(self._records((10_000_000 + i, row) for i, row in enumerate(test)))
        of = self.scores(self.domain, records, score)
        return [of[digest(record)] for record in records]

    def _describe_the_set(self):
        mappings = os.path.join(self.folder, "content/mappings")
        for old in os.listdir(mappings):
            if old != "mail.yaml":
                os.remove(os.path.join(mappings, old))
        self.write_content("mappings/flows.yaml", MAPPING.format(domain=self.domain, columns=", ".join(self.columns)))
        self.write_content(f"policies/{self.domain}.yaml", POLICY.format(domain=self.domain))
        self.write_content(f"training/{self.domain}.yaml", TRAINING.format(domain=self.domain))
        self.write_content(f"features/{self.domain}.yaml", "\n".join(self._features()) + "\n")

    def _features(self):
        kinds = {name: "text" if name in self.categories else "number" for name in self.columns}
        yield from ("schema: winnow.feature_set/1", f"name: {self.domain}", "attributes:")
        yield from (f"  {name}: {kind} unmapped.flows.{name}" for name, kind in kinds.items())
        yield from ("groups: {all: {title: All, missing: nothing is known}}", "features:")
        for name in self.columns:
            values = [(f"{name}_{i}", f'{name} == \\"{value}\\"') for i, value in enumerate(self.categories[name])] if name in self.categories else [(f"f_{name}", name)]
            for feature, value in values:
                yield f"  - {{name: {feature}, group: all, unit: number, meaning: {feature}, value: \"{value}\", high: high, low: low}}"

    def _records(self, rows):
        for place, row in rows:
            yield json.dumps({"flow_row": 1_600_000_000 + place, **row.values})
