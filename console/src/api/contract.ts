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
  name: string;
  type: string;
  size: number;
  problems: string[];
}

export interface MailLink {
  text: string;
  target: string;
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
  text: string;
  truncated: boolean;
  links: MailLink[];
  attachments: Attachment[];
  problems: string[];
}

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
  bundle: { id: string; run: string; model: string };
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

export interface Status {
  ready: boolean;
  version: string;
  build: string;
  started_at: string;
  champion: { bundle: string; run: string; promoted_at: string } | null;
  mails: { decided: number; rate_per_minute: number; p50_ms: number | null; p99_ms: number | null; waiting: number };
  sources: { name: string; mails: number; last_at: string | null; quarantined: number }[];
  storage: { bytes: number; free_bytes: number };
  memory_bytes: number;
  series: { decided: [string, number][]; by_route: Partial<Record<Route, [string, number][]>> };
}

export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  hint?: string;
}
