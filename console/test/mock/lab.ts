// An engineer's and an auditor's world: runs with curves, bundles, promotions, an audit log, lineage. Invented, and the same every time.
import type {
  ArtifactRef, AuditEntry, AuditPage, Bundle, CurvePoint, Estimate, Evaluation, Figures, Lineage, Month, Promotion, PromotionPlan, Run, RunSummary,
} from '../../src/api/contract';
import { hex, type Random, randomFrom } from './random';

const day = 86_400_000;
const estimate = (value: number, spread: number): Estimate => ({ value, low: Math.max(0, value - spread), high: Math.min(1, value + spread * 0.8) });

// Of a model whose scores of phishing and of benign mail overlap the less the better it is (0 to 1).
function curveOf(quality: number, prevalence: number): CurvePoint[] {
  const points: CurvePoint[] = [];
  for (let step = 0; step <= 160; step++) {
    const threshold = 1 - (step / 160) ** 1.6;
    const recall = 1 - (1 - (1 - threshold) ** (1.1 - quality)) * (1 - step / 160) ** 0.15;
    const false_positive_rate = (1 - threshold) ** (1 + 9 * quality) * 0.9995 + 0.0005 * (step / 160);
    const found = prevalence * recall;
    const precision = step === 0 ? 1 : found / (found + (1 - prevalence) * false_positive_rate);
    points.push({ threshold, recall: Math.min(1, recall), precision, false_positive_rate: Math.min(1, false_positive_rate) });
  }
  return points;
}

function figuresOf(quality: number, withCurve: boolean): Figures {
  const rows = 18_412;
  const figures: Figures = {
    rows,
    malicious: 2_205,
    average_precision: estimate(0.72 + 0.25 * quality, 0.016),
    roc_auc: estimate(0.9 + 0.09 * quality, 0.006),
    recall_at_fpr_0_1_percent: estimate(0.31 + 0.5 * quality, 0.05),
    recall_at_fpr_1_percent: estimate(0.55 + 0.38 * quality, 0.03),
    recall_at_daily_alerts: estimate(0.6 + 0.35 * quality, 0.03),
    brier: 0.06 - 0.03 * quality,
    calibration_error: 0.03 - 0.02 * quality,
  };
  if (!withCurve) return figures;
  const reliability = Array.from({ length: 15 }, (_, index) => {
    const mean_probability = (index / 14) ** 2.2;
    return { rows: 1_227, mean_probability, share_malicious: Math.max(0, Math.min(1, mean_probability + 0.05 * Math.sin(index * 1.3) * (1 - quality + 0.2))) };
  });
  return { ...figures, curve: curveOf(quality, 0.12), reliability };
}

function evaluationOf(quality: number, withCurve: boolean): Evaluation {
  const months = (start: number, fall: number): Month[] =>
    Array.from({ length: 14 }, (_, index) => ({
      month: `${2025 + Math.floor((index + 5) / 12)}-${String(((index + 5) % 12) + 1).padStart(2, '0')}`,
      rows: 1_315, malicious: 158, average_precision: start - fall * index + 0.02 * Math.sin(index * 2), f1: start - 0.1 - fall * index,
    }));
  return {
    schema: 'winnow.evaluation/1',
    probes: {
      prevalence: 0.12, shuffled_labels: 0.127, identifiers_only: 0.118, missing_only: 0.214, shuffled_time: 0.941,
      sources: [{ label: 'malicious', source: 'reports', auc: 0.981 }, { label: 'benign', source: 'gateway', auc: 0.71 }, { label: 'malicious', source: 'trap', auc: 0.88 }],
    },
    splits: ['before 2025-11', 'before 2026-05'].map((name) => ({ name, train_rows: 21_000, model: figuresOf(quality, false) })),
    model: figuresOf(quality, withCurve),
    baseline: figuresOf(quality - 0.45, withCurve),
    operating_point: { alert: 0.93, close: 0.46, alerts_per_day: 46.2, recall: 0.93, false_positive_rate: 0.004 },
    at_operating_point: { name: 'at the operating point', rows: 4_100, malicious: 490, average_precision: 0.93, recall: 0.91, false_positive_rate: 0.006 },
    slices: [
      { name: 'source: gateway', rows: 12_890, malicious: 0, average_precision: null, recall: null, false_positive_rate: 0.009 },
      { name: 'source: reports', rows: 4_322, malicious: 2_011, average_precision: 0.962, recall: 0.934, false_positive_rate: 0.013 },
      { name: 'source: trap', rows: 1_200, malicious: 194, average_precision: 0.741, recall: 0.612, false_positive_rate: 0.041 },
      { name: 'year: 2025', rows: 9_800, malicious: 1_180, average_precision: 0.955, recall: 0.922, false_positive_rate: 0.008 },
      { name: 'year: 2026', rows: 8_612, malicious: 1_025, average_precision: 0.938, recall: 0.894, false_positive_rate: 0.012 },
    ],
    months: months(0.95, 0.002),
    months_frozen: months(0.95, 0.019),
    aut_average_precision: 0.937,
    aut_average_precision_frozen: 0.826,
  };
}

const commit = '6e242ba97c1f04d8b35ae0917f2c6d5e8a4b1f03';

export class Lab {
  readonly runs: Run[] = [];
  readonly bundles: Bundle[] = [];
  readonly promotions: Promotion[] = [];
  readonly entries: AuditEntry[] = []; // oldest first
  private readonly random: Random;

  constructor(now = Date.now()) {
    this.random = randomFrom(11);
    this.record(this.runOf('intel_import', now - 60 * day, 0, null));
    this.record(this.runOf('train', now - 58 * day, 1, evaluationOf(0.75, true), 'network'));
    const qualities = [0.45, 0.62, 0.7, 0.86];
    qualities.forEach((quality, index) => {
      const run = this.record(this.runOf('train', now - (50 - 14 * index) * day, index + 1, evaluationOf(quality, index > 0)));
      if (index === 1) return;
      const bundle = this.build(run, Date.parse(run.ended) + 600_000);
      if (index < 3) this.promote(bundle.id, Date.parse(run.ended) + 3_600_000, index === 0 ? 'The first model' : 'Finds a third more of what the trap collects', false);
    });
    this.record({ ...this.runOf('train', now - 3 * day, 9, null), status: 'failed', failure: 'at no time is there enough labelled mail of both classes to validate on what came after', outputs: [] });
    for (let index = 0; index < 160; index++) this.work(now - (161 - index) * 1_200_000, index);
  }

  private runOf(kind: string, at: number, seed: number, evaluation: Evaluation | null, domain = 'mail'): Run {
    const made = (of: string): ArtifactRef => ({ kind: of, name: of === 'intel_snapshot' ? 'feeds' : domain, digest: hex(this.random, 64) });
    const [mapping, features, intel] = [made('mapping'), made('feature_set'), this.runs[0]?.outputs[0] ?? made('intel_snapshot')];
    const load = domain === 'mail' ? { events_per_day: 4_000, prevalence: 0.012 } : { events_per_day: 1_000_000, prevalence: 0.00001 };
    const outputs = kind === 'train' ? [made('data_set'), made('model'), made('evaluation')] : [intel];
    return {
      id: `r-${hex(this.random, 16)}`, kind, domain, actor: kind === 'train' ? 'ada' : 'winnow',
      code: { commit, tree: 'unknown', content_digest: hex(this.random, 64) }, build_id: '6965533', seed: String(seed),
      data_set: kind === 'train' ? (outputs[0]?.digest ?? null) : null, label_set: null, feature_set: features.digest, intel_snapshot: intel.digest,
      inputs: kind === 'train' ? [mapping, features, intel] : [], outputs,
      parameters: { capacity: { alerts_per_day: 50, ...load }, costs: { missed: 500, false_alarm: 5, review: 2 }, plan: { seed, forest: { trees: 200, depth: 4, learning_rate: 0.08 }, calibration: 'platt' } },
      environment: { os: 'Linux 6.1.0 x86_64', cpu_level: 'avx2', compiler: '12.2.0' },
      metrics: evaluation ? { rows: 18_412, average_precision: evaluation.model?.average_precision.value } : {},
      started: new Date(at).toISOString(), ended: new Date(at + 212_000).toISOString(), status: 'succeeded', failure: '', evaluation, bundles: [],
    };
  }

  private record(run: Run): Run {
    this.runs.push(run);
    for (const output of run.outputs) this.append(Date.parse(run.ended), run.actor, 'artifact.added', output.digest, { ...output, run: run.id, size: 48_211 });
    this.append(Date.parse(run.ended), run.actor, 'run.recorded', run.id, { kind: run.kind, domain: run.domain, status: run.status });
    return run;
  }

  private build(run: Run, at: number): Bundle {
    const policy = { kind: 'policy', name: 'mail', digest: hex(this.random, 64) };
    const bundle: Bundle = {
      id: `b-${hex(this.random, 64)}`, domain: 'mail', created: new Date(at).toISOString(), actor: 'ada', run: run.id, champion: false,
      artifacts: [...run.inputs, ...run.outputs.filter(({ kind }) => kind === 'model'), policy],
    };
    run.bundles.unshift({ id: bundle.id, created: bundle.created });
    run.policy = { bundle: bundle.id, routes: [{ route: 'escalate', from: 0.9 }, { route: 'queue', from: 0.4 }, { route: 'close', from: 0 }], abstain: { from: 0.3, to: 0.6 } };
    this.bundles.unshift(bundle);
    this.append(at, 'ada', 'bundle.added', bundle.id, { domain: 'mail' });
    return bundle;
  }

  promote(bundle: string, at: number, reason: string, rollback: boolean): Promotion {
    const before = this.promotions[0]?.champion ?? null;
    const entry = this.append(at, 'dana', rollback ? 'deployment.rolled_back' : 'deployment.promoted', bundle, { domain: 'mail', before, reason });
    const promotion: Promotion = { domain: 'mail', champion: bundle, before, at: new Date(at).toISOString(), actor: 'dana', reason, rollback, took_effect: null, audit_entry: entry.index };
    this.promotions.unshift(promotion);
    for (const one of this.bundles) one.champion = one.id === bundle;
    return promotion;
  }

  plan(bundle: string | null): PromotionPlan | null {
    const wanted = bundle ?? this.promotions[1]?.champion;
    if (!wanted || !this.bundles.some(({ id }) => id === wanted)) return null;
    return {
      domain: 'mail', champion: wanted, before: this.promotions[0]?.champion ?? null, holds: true,
      checks: [
        { name: 'artifacts', holds: true, doubtful: false, detail: '5 artifacts are whole and compile together' },
        { name: 'model lineage', holds: true, doubtful: false, detail: 'the model comes from a signed run that succeeded' },
      ],
    };
  }

  private append(at: number, actor: string, action: string, subject: string, details: Record<string, unknown>): AuditEntry {
    const entry = { index: this.entries.length, time: new Date(at).toISOString(), actor, action, subject, details };
    this.entries.push(entry);
    return entry;
  }

  private work(at: number, number: number): void {
    const who = ['ann', 'ben', 'dana'][number % 3] ?? 'ann';
    const subject = `c-${hex(this.random, 24)}`;
    if (number >= 140 && number < 144) this.keep(at, number);
    else if (number % 9 === 0) this.append(at, who, 'session.opened', who, { role: 'analyst' });
    else if (number % 5 === 0) this.append(at, who, 'case.judged', subject, { verdict: 'true_positive', reason: 'Asks for the payroll password' });
    else if (number % 31 === 0) this.append(at, who, 'suppression.created', `s-${number}`, { scope: 'sender reports@scanner.example', reason: 'Agreed with the vendor' });
    else this.append(at, who, 'case.changed', subject, { owner: who, state: 'in_progress' });
  }

  // A hold is placed while old mail is removed, which stops that; later it is released.
  private keep(at: number, number: number): void {
    const scope = { case: null, mailbox: 'ann@soc.example', from: null, until: new Date(at).toISOString() };
    const rule = 'retention.mails: 90d';
    const [before, first] = [90, 131].map((days) => new Date(at - days * day).toISOString());
    const gone = { rows: 1_204, bytes: 18_874_368, ids_sha256: hex(this.random, 64) };
    if (number === 140) this.append(at, 'dana', 'retention.applied', rule, { before, first, last: before, held: 12, open: 3, ...gone });
    if (number === 141) this.append(at, 'dana', 'hold.placed', 'ann@soc.example', { scope, reason: 'matter 2026-17' });
    const newest = this.entries.length - 1;
    if (number === 142) this.append(at, 'dana', 'retention.stopped', rule, { applied: newest - 1, why: 'a hold was placed', ...gone, rows: 512 });
    if (number === 143) this.append(at, 'dana', 'hold.released', `h-${(newest - 1).toString(16)}`, {});
  }

  search(query: URLSearchParams): AuditPage {
    const limit = Number(query.get('limit') ?? 50);
    const before = Number(query.get('cursor') ?? this.entries.length);
    const words = (query.get('q') ?? '').toLowerCase().split(' ').filter(Boolean);
    const action = query.get('action') ?? '';
    const found = this.entries
      .slice(0, before)
      .filter(
        (entry) =>
          words.every((word) => JSON.stringify(entry).toLowerCase().includes(word)) &&
          (!action || entry.action === action || entry.action.startsWith(`${action}.`)) &&
          (!query.get('actor') || entry.actor === query.get('actor')) &&
          (!query.get('since') || entry.time >= (query.get('since') ?? '')) &&
          (!query.get('until') || entry.time < (query.get('until') ?? '')),
      )
      .slice(-limit)
      .reverse();
    const to = found.length === limit ? (found.at(-1)?.index ?? 0) : 0;
    return { entries: found, next: to > 0 ? String(to) : null, size: this.entries.length, searched: { from: before - 1, to } };
  }

  summary({ id, kind, domain, actor, started, ended, status, failure, code, outputs, metrics, evaluation }: Run): RunSummary {
    const model = evaluation?.model;
    return {
      id, kind, domain, actor, started, ended, status, failure, commit: code.commit, model: outputs.find((one) => one.kind === 'model')?.digest ?? null, metrics,
      figures: model ? { model, baseline: evaluation?.baseline ?? null } : null,
    };
  }

  lineage(id: string): Lineage | null {
    const graph: Lineage = { start: id, nodes: [], edges: [] };
    const add = (node: Lineage['nodes'][number]): boolean => {
      if (graph.nodes.some((other) => other.id === node.id)) return false;
      graph.nodes.push(node);
      return true;
    };
    const join = (from: string, to: string, how: string) => graph.edges.push({ from, to, how });
    const artifact = (ref: ArtifactRef, at: string) => {
      const maker = this.runs.find((run) => run.outputs.some(({ digest }) => digest === ref.digest));
      const isData = ref.kind === 'data_set';
      if (!add({ id: ref.digest, kind: ref.kind, name: ref.name, at, facts: { size: 48_211, metadata: isData ? { rows: 18_412 } : {} } }) || !maker || isData) return;
      addRun(maker);
      join(ref.digest, maker.id, 'made by');
    };
    const addRun = (run: Run) => {
      if (!add({ id: run.id, kind: 'run', name: run.kind, at: run.ended, facts: { actor: run.actor, status: run.status } })) return;
      const code = `code-${run.code.content_digest}`;
      add({ id: code, kind: 'code', name: run.code.commit, at: null, facts: { commit: run.code.commit, content_digest: run.code.content_digest } });
      join(run.id, code, 'ran with');
      for (const input of run.inputs) {
        artifact(input, run.started);
        join(run.id, input.digest, 'read');
      }
      for (const output of run.outputs.filter(({ kind }) => kind === 'data_set')) {
        artifact(output, run.ended);
        join(run.id, output.digest, 'learned from');
      }
    };
    const addBundle = (bundle: Bundle) => {
      if (!add({ id: bundle.id, kind: 'bundle', name: 'mail', at: bundle.created, facts: { actor: bundle.actor } })) return;
      for (const one of this.promotions.filter(({ champion }) => champion === bundle.id)) {
        const key = `audit-${one.audit_entry}`;
        add({ id: key, kind: 'promotion', name: one.reason, at: one.at, facts: { actor: one.actor, rollback: one.rollback, audit_entry: one.audit_entry } });
        join(key, bundle.id, one.rollback ? 'went back to' : 'promoted');
      }
      for (const ref of bundle.artifacts) {
        artifact(ref, bundle.created);
        join(bundle.id, ref.digest, 'holds');
      }
    };
    const champion = this.bundles.find((bundle) => bundle.champion);
    if (id.startsWith('d-') && champion) {
      const at = new Date().toISOString();
      add({ id, kind: 'decision', name: 'Invoice 4411 overdue', at, facts: { route: 'escalate', sender: 'billing@pay-now.example' } });
      add({ id: 'e'.repeat(64), kind: 'event', name: 'billing@pay-now.example', at, facts: {} });
      join(id, 'e'.repeat(64), 'decided about');
      addBundle(champion);
      join(id, champion.id, 'decided by');
      return graph;
    }
    const bundle = this.bundles.find((one) => one.id === id);
    const run = this.runs.find((one) => one.id === id);
    const ref = this.runs.flatMap(({ outputs, inputs }) => [...outputs, ...inputs]).find(({ digest }) => digest === id);
    if (bundle) addBundle(bundle);
    else if (run) {
      addRun(run);
      for (const output of run.outputs) artifact(output, run.ended);
    } else if (ref) artifact(ref, new Date().toISOString());
    else return null;
    return graph;
  }
}
