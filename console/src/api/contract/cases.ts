// Cases, the queue, verdicts, holds and suppressions.

import type { Domain } from './sources';

export type State = 'new' | 'in_progress' | 'snoozed' | 'resolved';
export type Severity = 'critical' | 'high' | 'medium' | 'low';
export type Route = 'close' | 'queue' | 'escalate' | 'playbook';
export type Verdict = 'true_positive' | 'benign_positive' | 'false_positive';

export interface CaseSummary {
  id: string;
  version: number;
  domains: Domain[]; // where its findings were decided
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
  technique_names?: string[]; // in the order of techniques
  entities?: CaseEntity[]; // of what is no mail: those worth most first
  criticality?: Criticality; // the highest of all its entities
  severity_because?: string;
  verdict: Verdict | null;
}

export type Criticality = '' | 'low' | 'medium' | 'high' | 'critical';
export interface CaseEntity {
  kind: 'host' | 'user' | 'cloud_principal' | 'ip' | 'domain' | 'file_hash';
  key: string;
  criticality: Criticality;
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

// What findings of a case have in common.
export interface FindingKind {
  subject: string;
  findings: number;
  probability: number | null; // the highest
  first_at: string;
  last_at: string;
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
  kinds: FindingKind[]; // the rarest first
  finding_list: FindingSummary[]; // kind after kind: the first of them
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
