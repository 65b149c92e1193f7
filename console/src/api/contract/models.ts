// Runs, what they measured, bundles and deployments.

// A number with its 95 % interval; null where it has no meaning.
export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
}

export interface KeyFigures {
  rows: number;
  malicious: number;
  average_precision: Estimate;
  recall_at_fpr_0_1_percent: Estimate;
  recall_at_fpr_1_percent: Estimate;
}

export interface RunSummary {
  id: string;
  kind: string;
  domain: string;
  actor: string;
  started: string;
  ended: string;
  status: 'succeeded' | 'failed';
  failure: string;
  commit: string;
  model: string | null;
  metrics: Record<string, unknown>;
  figures: { model: KeyFigures; baseline: KeyFigures | null } | null;
}

export interface RunPage {
  runs: RunSummary[];
  next: string | null;
}

export interface ArtifactRef {
  kind: string;
  name: string;
  digest: string;
}

export interface CurvePoint {
  threshold: number;
  recall: number;
  precision: number;
  false_positive_rate: number;
}

export interface ReliabilityBin {
  rows: number;
  mean_probability: number;
  share_malicious: number;
}

export interface Figures extends KeyFigures {
  roc_auc: Estimate;
  recall_at_daily_alerts: Estimate;
  brier: number | null;
  calibration_error: number | null;
  curve?: CurvePoint[]; // best first; runs from before curves were kept have none
  reliability?: ReliabilityBin[];
}

export interface Slice {
  name: string;
  rows: number;
  malicious: number;
  average_precision: number | null;
  recall: number | null;
  false_positive_rate: number | null;
}

export interface Month {
  month: string;
  rows: number;
  malicious: number;
  average_precision: number | null;
  f1: number | null;
}

export interface LeakProbes {
  prevalence: number | null;
  shuffled_labels: number | null;
  identifiers_only: number | null;
  missing_only: number | null;
  shuffled_time: number | null;
  sources: { label: string; source: string; auc: number | null }[];
}

export interface OperatingPoint {
  alert: number;
  close: number;
  alerts_per_day: number;
  recall: number;
  false_positive_rate: number;
}

// Of a training; of a bundle's evaluation there are `figures` and `slices` only.
export interface Evaluation {
  schema: string;
  splits?: { name: string; train_rows: number; model: KeyFigures }[]; // the tests that `model` pools
  model?: Figures;
  baseline?: Figures;
  figures?: Figures;
  slices?: Slice[];
  probes?: LeakProbes;
  operating_point?: OperatingPoint;
  at_operating_point?: Slice;
  months?: Month[];
  months_frozen?: Month[];
  aut_average_precision?: number | null;
  aut_average_precision_frozen?: number | null;
  seen_in_training?: number;
}

export interface Run {
  id: string;
  kind: string;
  domain: string;
  actor: string;
  code: { commit: string; tree: string; content_digest: string | null };
  build_id: string;
  data_set: string | null;
  label_set: string | null;
  feature_set: string | null;
  intel_snapshot: string | null;
  inputs: ArtifactRef[];
  outputs: ArtifactRef[];
  parameters: Record<string, unknown>;
  seed: string;
  environment: Record<string, unknown>;
  metrics: Record<string, unknown>;
  started: string;
  ended: string;
  status: 'succeeded' | 'failed';
  failure: string;
  evaluation: Evaluation | null;
  bundles: { id: string; created: string }[];
  policy?: RunPolicy | null; // by which what the run made decides
}

export interface RunPolicy {
  bundle: string;
  routes: { route: string; from: number }[]; // from the highest threshold down
  abstain: { from: number; to: number } | null;
}

export interface RunDifference {
  before: string;
  after: string;
  changes: { field: string; before: string; after: string }[];
}

export interface Promotion {
  domain: string;
  champion: string;
  before: string | null;
  at: string;
  actor: string;
  reason: string;
  rollback: boolean;
  took_effect: string | null; // where it waited for its entity states: when it began to decide
  audit_entry: number;
}

export interface Bundle {
  id: string;
  domain: string;
  created: string;
  actor: string;
  run: string | null;
  champion: boolean;
  artifacts: ArtifactRef[];
}

export interface PromotionPlan {
  domain: string;
  champion: string;
  before: string | null;
  holds: boolean;
  checks: { name: string; holds: boolean; doubtful: boolean; detail: string }[];
}
