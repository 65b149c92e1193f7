// What comes in: sources, their mappings, quarantine, and how the service keeps up.
import type { Route } from './cases';

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
  unreadable: { field: string; share: number }[]; // fields that say nonsense to the mapping, the worst first
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

// A bundle that was promoted, and decides once its entity states are filled from the event log.
export interface Filling {
  bundle: string;
  promoted_at: string;
  events: number; // of the log that are part of them
  of: number; // that the log holds; 0: filling has not begun
  problem: string | null; // why the last try failed; it is tried again every 10 seconds
}

export interface DomainStatus {
  domain: Domain;
  champion: { bundle: string; run: string | null; model: string | null; promoted_at: string } | null;
  next: Filling | null;
  decided: number; // since the start
  last_hour: number;
}

export interface SourceDetail extends Source {
  mappings: { name: string; domain: Domain | null; records: number }[];
  minutes: number[]; // records in each of the last 60, the present one last
  hours: number[]; // the same of 24
}

// A mapping of today that its domain's champion does not have so, or of which kept records wait.
export interface MappingDrift {
  domain: Domain;
  mapping: string;
  state: 'missing' | 'differs' | 'same';
  waiting: number; // kept records, decided once a champion can read them
  advice: string; // the commands
}

// A file of content/mappings that does not compile, or is the second of its name.
export interface RefusedMapping {
  mapping: string;
  file: string;
  held: boolean; // what it said before goes on to hold
  reason: string; // with line and nearest valid name
}

export interface Sources {
  since: string;
  sources: SourceDetail[];
  drift: MappingDrift[];
  refused_mappings: RefusedMapping[];
  lost: { syslog_dropped: number; syslog_lost_by_kernel: number; files_lost: number };
}

export interface FieldCount {
  path: string;
  records: number;
  attributes: string[]; // of OCSF, that it is for
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
      values: { ocsf: number; unmapped: number; ignored: number; unreadable: number };
      fields: { ocsf: FieldCount[]; unmapped: FieldCount[]; ignored: FieldCount[]; unreadable: FieldCount[] };
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
  drift: MappingDrift[];
  refused_mappings: RefusedMapping[];
  storage: { bytes: number; free_bytes: number };
  memory_bytes: number;
  series: { decided: [string, number][]; by_route: Partial<Record<Route, [string, number][]>> };
}
