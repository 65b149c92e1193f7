// The answers of the server, as docs/api.md describes them. Times are RFC 3339, UTC.

export type Role = 'analyst' | 'senior' | 'engineer' | 'admin' | 'auditor' | 'sensor';
export type State = 'new' | 'in_progress' | 'snoozed' | 'resolved';
export type Severity = 'critical' | 'high' | 'medium' | 'low';
export type Route = 'close' | 'queue' | 'escalate' | 'playbook';
export type Verdict = 'true_positive' | 'benign_positive' | 'false_positive';

export interface Me {
  name: string;
  role: Role;
  csrf: string;
  workspace: string;
  expires_at: string;
}

export interface Person {
  name: string;
  role: Role;
}

export interface SignInWay {
  kind: 'oidc' | 'token';
  name: string;
  start: string | null;
}

export interface CaseSummary {
  id: string;
  version: number;
  title: string;
  state: State;
  severity: Severity;
  urgency: number;
  findings: number;
  sender: string;
  recipients: string[];
  recipient_count: number;
  probability: number | null;
  route: Route;
  owner: string | null;
  opened_at: string;
  updated_at: string;
  last_finding_at: string;
  due_at: string | null;
  overdue: boolean;
  snoozed_until: string | null;
  suppressed_by?: string | null;
  grouped_by: string;
  reasons: string[];
  techniques: string[];
  verdict: Verdict | null;
}

export interface FindingSummary {
  id: string;
  sender: string;
  subject: string;
  recipient: string;
  probability: number | null;
  route: Route;
  event_time: string;
  decided_at: string;
  joined_by?: string; // why it is in this case
}

export interface HistoryEntry {
  at: string;
  actor: string;
  what: 'opened' | 'joined' | 'state' | 'owner' | 'snoozed' | 'note' | 'verdict' | 'reopened';
  detail: string;
}

export interface SimilarCase {
  id: string;
  title: string;
  state: State;
  verdict: Verdict | null;
  resolved_at: string | null;
  why: string;
}

export interface Case extends CaseSummary {
  finding_list: FindingSummary[];
  history: HistoryEntry[];
  similar: SimilarCase[];
  holds: string[] | null; // ids of the legal holds that are about it; null: not for this role
}

// What is under it is kept whatever its age. Of several, all must fit.
export interface HoldScope {
  case: string | null;
  mailbox: string | null;
  from: string | null; // of arrival, included
  until: string | null; // excluded
}

export interface Hold {
  id: string;
  scope: HoldScope;
  reason: string;
  by: string;
  placed_at: string;
  released_at: string | null;
  released_by: string | null;
}

export interface Counts {
  new: number;
  in_progress: number;
  snoozed: number;
  resolved: number;
  mine: number;
  overdue: number;
}

export interface QueuePage {
  cases: CaseSummary[];
  next: string | null;
  total: number;
  counts: Counts;
}

export interface Reason {
  feature: string;
  text: string;
  weight: number;
}

export interface Feature {
  name: string;
  value: number | null;
  unit: string;
  meaning: string;
}

export interface Authentication {
  method: string;
  result: string;
  detail: string;
}

export interface Hop {
  from: string;
  by: string;
  at: string | null;
}

export interface Attachment {
  name: string | null; // null: redacted
  type: string;
  size: number;
  problems: string[];
}

export interface MailLink {
  text: string | null; // null: redacted
  target: string | null;
  domain: string;
  hidden?: boolean; // invisible in the mail
}

export interface Mail {
  subject: string;
  from: { name: string; mailbox: string };
  reply_to: string[];
  to: string[];
  cc: string[];
  date: string | null;
  received: Hop[];
  authentication: Authentication[];
  headers: { name: string; value: string }[];
  redacted: boolean; // the role may not read what the mail says
  text: string | null;
  truncated: boolean;
  links: MailLink[];
  attachments: Attachment[];
  problems: string[];
}

// An event as OCSF (https://schema.ocsf.io): nested, and no member is certain to be there.
export type OcsfEvent = Record<string, unknown>;
export interface Finding {
  id: string;
  event: string;
  event_time: string;
  decided_at: string;
  route: Route;
  decided_by: string;
  because: string;
  probability: number | null;
  sender: string;
  subject: string;
  reasons: Reason[];
  techniques: string[];
  case: string | null;
  features: Feature[];
  mail: Mail | null;
  ocsf?: OcsfEvent | null; // of what is no mail
  mail_removed?: { at: string; rule: string } | null; // its time was over
  bundle: { id: string; run: string; model: string };
}

// A process as events tell of it; an empty text is one that they do not tell.
export interface ProcessNode {
  kin: 'ancestor' | 'own' | 'descendant';
  depth: number;
  name: string;
  path: string;
  command: string;
  user: string;
  sha256: string;
  pid: number | null;
  started: string | null;
  event: string | null;
}
export interface ProcessTree {
  processes: ProcessNode[]; // as a tree is printed
  looked_at: number;
  cut: boolean;
}

// Who was where, as other events told it: docs/identity.md.
export interface IdentitySpan {
  relation: 'address of host' | 'user on host' | 'user from address';
  user: string | null;
  host: string | null;
  address: string | null;
  witness: string;
  strength: 'weak' | 'fair' | 'strong';
  from: string;
  until: string;
  ending: 'assumed' | 'told' | 'superseded';
  told: string[];
  hardware: string | null;
  contradicted_by: string[];
  evidence: { event: string | null; says: 'seen' | 'begins' | 'ends'; at: string; known_at: string }[];
}

export interface Identities {
  kind: 'user' | 'host' | 'address';
  key: string;
  at: string | null;
  direct: IdentitySpan[];
  through: IdentitySpan[];
  more: boolean;
}

// What a register of assets says of somebody or something: docs/assets.md.
export interface Asset {
  kind: 'user' | 'host' | 'network';
  name: string;
  criticality: 'low' | 'medium' | 'high' | 'critical' | null;
  owner: string | null;
  department: string | null;
  purpose: string | null;
  tags: string[];
  aliases: string[];
  since: string | null;
  until: string | null;
}

export interface FindingIdentities {
  at: string;
  answers: Identities[];
  assets: Asset[];
}

export interface CaseChange {
  state?: 'new' | 'in_progress' | 'resolved';
  owner?: string | null;
  snoozed_until?: string | null;
}

export type ScopeKind = 'sender' | 'sender_domain' | 'campaign';

export interface Scope {
  kind: ScopeKind;
  value: string;
  escalations?: boolean; // also keeps quiet what would be escalated
}

export interface VerdictGiven {
  verdict: Verdict;
  reason: string;
  scope?: Scope;
  expires?: string;
}

export interface BulkRequest {
  ids: string[];
  change: CaseChange | null;
  verdict: VerdictGiven | null;
}

export interface BulkAnswer {
  results: { id: string; status: number; detail: string }[];
}

export interface Suppression {
  id: string;
  scope: Scope;
  reason: string;
  by: string;
  created_at: string;
  expires_at: string | null;
  hits: number;
  last_hit_at: string | null;
  revoked_at: string | null;
}

// What was accepted and is not yet decided.
export interface Spool {
  deliveries: number;
  records: number;
  bytes: number;
  oldest_at: string | null;
  oldest_seconds: number;
  late: boolean;
  file_bytes: number;
  max_bytes: number;
  damages: number;
}

// What of a source's newest records its mappings do not understand.
export interface SourceFormat {
  unmappable_share: number;
  unknown_keys_share: number;
  changed_at: string | null; // since when it writes otherwise than before
  why: string | null;
}

export interface Source {
  name: string;
  mails: number;
  events: number; // of other logs
  last_at: string | null; // null: nothing since the start
  quarantined: number;
  late: number; // their own time is more than a day ago
  ahead: number; // their own time is more than five minutes ahead
  format: SourceFormat | null; // null: mail, or too little came
  waiting: number; // accepted, not yet decided
  lag_seconds: number; // how long the oldest of them waits
  event_lag_seconds: number | null; // from a mail's own time to its decision
}

export type Domain = 'mail' | 'network' | 'endpoint' | 'cloud' | 'alerts';

export interface DomainStatus {
  domain: Domain;
  champion: { bundle: string; run: string | null; model: string | null; promoted_at: string } | null;
  decided: number; // since the start
  last_hour: number;
}

export interface SourceDetail extends Source {
  mappings: { name: string; domain: Domain | null; records: number }[];
  minutes: number[]; // records in each of the last 60, the present one last
  hours: number[]; // the same of 24
}

export interface Sources {
  since: string;
  sources: SourceDetail[];
  lost: { syslog_dropped: number; syslog_lost_by_kernel: number; files_lost: number };
}

export interface FieldCount {
  path: string;
  records: number;
}

// What the mappings make of the newest records of a source.
export interface Coverage {
  source: string;
  records: number;
  mails: number;
  unknown: number;
  examined: number;
  mappings: {
    mapping: string;
    title: string;
    domain: Domain;
    records: number;
    unreadable: number;
    events: {
      event: string;
      class: string;
      records: number;
      values: { ocsf: number; unmapped: number; ignored: number };
      fields: { unmapped: FieldCount[]; ignored: FieldCount[] };
    }[];
  }[];
}

export interface QuarantineReason {
  source: string;
  mapping: string | null;
  kind: string;
  reason: string;
  records: number;
  first_seen: string;
  last_seen: string;
}

export interface QuarantinedRecord {
  digest: string;
  source: string;
  mapping: string | null;
  kind: string;
  reason: string;
  size: number;
  first_seen: string;
  last_tried: string | null;
  tries: number;
  sample: string | null; // null: it may be mail, which the role may not read
  sample_cut: boolean;
}

export interface QuarantinePage {
  records: QuarantinedRecord[];
  next: string | null;
  total: number;
}

export interface EventLine {
  digest: string;
  event_time: string;
  received_at: string;
  source: string;
  mapping: string;
  domain: Domain | null;
  class: string | null; // null: it cannot be read any more
  actor: string;
  subject: string;
  entities: { kind: string; role: string; key: string }[];
  label: string | null;
  removed: boolean;
  decision: { id: string; route: Route; case: string | null } | null;
}

export interface EventPage {
  events: EventLine[];
  next: string | null;
  examined: number;
  read: number;
  searched_until: string | null;
}

export interface EventDetail extends Omit<EventLine, 'removed'> {
  removed: { at: string; rule: string } | null;
  raw_bytes: number;
  mail: Mail | null;
  ocsf: OcsfEvent | null;
}

export interface FeatureDefinition {
  name: string;
  group: string;
  unit: string;
  meaning: string;
  value: string;
  when: string;
  monotone: -1 | 0 | 1;
  pivot: number;
  high: string;
  low: string;
  missing: string;
  in_model: boolean;
}

export interface FeatureSet {
  domain: Domain;
  bundle: string | null; // null: nothing decides in the domain
  run: string | null;
  feature_set: string | null;
  has_model: boolean;
  groups: { name: string; title: string }[];
  features: FeatureDefinition[];
}

export type RowLabel = 'malicious' | 'unwanted' | 'benign' | 'none';

export interface FeatureValues {
  name: string;
  present: number;
  distinct: number;
  quantiles: number[] | null; // 0, 5, 25, 50, 75, 95, 100 %
  by_label: Partial<Record<RowLabel, { rows: number; present: number; quantiles: number[] | null }>>;
  histogram: { low: number; high: number; counts: Partial<Record<RowLabel, number[]>> };
  importance: number | null;
  sample: (number | null)[];
}

export interface FeaturePreview {
  replayed: number;
  unreadable: number;
  rows: number;
  whole: boolean; // it began with the domain's first event
  stopped: boolean;
  remembers_from: string | null;
  sample: { time: string[]; label: RowLabel[]; event: string[] };
  features: FeatureValues[];
}

export interface Status {
  ready: boolean;
  version: string;
  build: string;
  started_at: string;
  domains: DomainStatus[];
  mails: { decided: number; rate_per_minute: number; p50_ms: number | null; p99_ms: number | null; waiting: number };
  spool: Spool;
  cases: { waiting: number; lag_seconds: number } | null; // decisions in no case yet
  sources: Source[];
  storage: { bytes: number; free_bytes: number };
  memory_bytes: number;
  series: { decided: [string, number][]; by_route: Partial<Record<Route, [string, number][]>> };
}

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
  checks: { name: string; holds: boolean; detail: string }[];
}

export interface AuditEntry {
  index: number;
  time: string;
  actor: string;
  action: string;
  subject: string;
  details: Record<string, unknown>;
}

export interface AuditPage {
  entries: AuditEntry[];
  next: string | null;
  size: number;
  searched: { from: number | null; to: number };
}

export interface Verification {
  verified: boolean;
  entries: number;
  checkpoints: number;
  known_checkpoints: number;
  origin: string;
  root: string;
  findings: { what: string; entry: number | null; unchanged_until: string | null }[];
  at: string;
  took_ms: number;
}

export interface LineageNode {
  id: string;
  kind: string;
  name: string;
  at: string | null;
  facts: Record<string, unknown>;
}

export interface Lineage {
  start: string;
  nodes: LineageNode[];
  edges: { from: string; to: string; how: string }[];
}

export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  hint?: string;
}
