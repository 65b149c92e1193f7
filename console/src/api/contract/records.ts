// The audit log, and where a decision came from.

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
