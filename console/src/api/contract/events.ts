// Searching the event log.
import type { Route } from './cases';
import type { Mail, OcsfEvent } from './findings';
import type { Domain } from './sources';

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
  skipped: number; // of them: known not to name the entity
  read: number;
  searched_until: string | null;
}

export interface EventDetail extends Omit<EventLine, 'removed'> {
  removed: { at: string; rule: string } | null;
  raw_bytes: number;
  mail: Mail | null;
  ocsf: OcsfEvent | null;
}
