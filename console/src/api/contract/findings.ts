// One finding: why, and the mail or event that it is about.
import type { Route } from './cases';

export interface Reason {
  feature: string;
  text: string;
  weight: number;
}

// How a decision came to its route: told by the bundle that decided, while it decides.
export interface RuleReading {
  name: string;
  says: string;
  route: Route;
  when: { text: string; found: string; holds: boolean }[];
}
export interface Explanation {
  says: string[];
  rule_applied: boolean;
  rules: RuleReading[]; // that applied, or lacked one condition
  model_saw: Reason[];
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
  technique_names?: string[]; // in the order of techniques
  case: string | null;
  explanation?: Explanation | null;
  features: Feature[];
  mail: Mail | null;
  ocsf?: OcsfEvent | null; // of what is no mail
  mail_removed?: { at: string; rule: string } | null; // its time was over
  bundle: { id: string; run: string; model: string };
}

// What the two addresses of an event exchanged, as the events around it say.
export interface Conversation {
  source: string; // empty: the event names no two
  target: string;
  events: number;
  connections: number; // of these that say how much was exchanged
  out: { bytes: number; packets: number };
  in: { bytes: number; packets: number };
  lasted_ms: number | null;
  first_at: string | null;
  last_at: string | null;
  states: { word: string; events: number }[];
  applications: { word: string; events: number }[];
  looked_at: number;
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
