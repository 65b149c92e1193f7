// Puts hostile texts into every field that people outside write, and into those that other people inside do.
import type { Finding } from '../../src/api/contract';
import { hostile } from './hostile';

// Ids, times and closed lists are the server's own and stay.
const own = new Set([
  'id', 'case', 'version', 'state', 'severity', 'route', 'verdict', 'what', 'opened_at', 'updated_at', 'last_finding_at', 'due_at', 'snoozed_until', 'at', 'date',
  'event_time', 'decided_at', 'resolved_at', 'created_at', 'expires_at', 'last_hit_at', 'revoked_at', 'started_at', 'promoted_at', 'last_at', 'kind', 'series', 'holds', 'criticality',
]);

// Those of runs, deployments, the audit log and lineage.
export const ownOfLab: ReadonlySet<string> = new Set([
  'time', 'started', 'ended', 'created', 'champion', 'before', 'digest', 'run', 'next', 'status', 'month', 'start', 'from', 'to', 'unchanged_until', 'media_type',
]);

// Of the status: whose it is and what decides.
export const ownOfStatus: ReadonlySet<string> = new Set(['domain', 'bundle', 'run']);

export const ownOfConversation: ReadonlySet<string> = new Set(['first_at']);
export const ownOfTree: ReadonlySet<string> = new Set(['kin', 'started', 'event']);

// Those of sources, events and features: closed lists, digests, times, and names of our own content.
export const ownOfTelemetry: ReadonlySet<string> = new Set([
  'since', 'domain', 'domains', 'class', 'digest', 'event_time', 'received_at', 'first_seen', 'last_seen', 'last_tried', 'changed_at', 'next', 'searched_until', 'bundle', 'run', 'feature_set', 'label', 'time',
  'event', 'remembers_from', 'role',
]);

export const ownOfAccess: ReadonlySet<string> = new Set(['role', 'created', 'expires', 'revoked', 'opened', 'used', 'ends', 'rule', 'before', 'first', 'last', 'next_at', 'begun_at', 'ended_at']);
export const ownOfHolds: ReadonlySet<string> = new Set(['from', 'until', 'placed_at', 'released_at']);

export function hostileText<Value>(value: Value, seed: number, alsoOwn: ReadonlySet<string> = new Set()): Value {
  let at = seed;
  const visit = (part: unknown, name: string): unknown => {
    if (own.has(name) || alsoOwn.has(name)) return part;
    if (typeof part === 'string') return hostile[at++ % hostile.length];
    if (Array.isArray(part)) return part.map((item) => visit(item, ''));
    if (part !== null && typeof part === 'object') return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, visit(item, key)]));
    return part;
  };
  return visit(value, '') as Value;
}

// Besides, lists long enough to hold every hostile text once.
export function hostileFinding(finding: Finding): Finding {
  const every = hostile;
  const changed = hostileText(finding, 0);
  const told = {
    ...changed,
    reasons: every.map((text, index) => ({ feature: text, text, weight: index % 2 ? -index : index })),
    techniques: every.slice(0, 6),
    technique_names: every.slice(0, 6),
    features: every.map((text, index) => ({ name: `${index} ${text}`, value: index, unit: text, meaning: text })),
  };
  if (changed.ocsf) return { ...told, ocsf: { ...changed.ocsf, unmapped: Object.fromEntries(every.map((text, index) => [`${index} ${text}`, { [text]: text }])) } };
  if (!changed.mail) return changed;
  return {
    ...told,
    mail: {
      ...changed.mail,
      text: every.join('\n'),
      reply_to: every,
      headers: every.map((text) => ({ name: text, value: text })),
      links: every.map((text) => ({ text, target: text, domain: text })),
      attachments: every.map((text) => ({ name: text, type: text, size: 1, problems: [text] })),
      received: every.map((text) => ({ from: text, by: text, at: text })),
      authentication: every.slice(0, 8).map((text) => ({ method: text, result: text, detail: text })),
      problems: every,
    },
  };
}
