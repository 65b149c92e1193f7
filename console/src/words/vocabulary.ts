// One word per idea: what the values of the contract are called on screen.
import { plural } from './number';
import type { Domain, Role, Route, ScopeKind, Severity, State, Verdict } from '../api/contract';

export const stateName: Record<State, string> = { new: 'New', in_progress: 'In progress', snoozed: 'Snoozed', resolved: 'Resolved' };
export const severityName: Record<Severity, string> = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' };
export const verdictName: Record<Verdict, string> = {
  true_positive: 'True positive',
  benign_positive: 'Benign positive',
  false_positive: 'False positive',
};
export const verdictMeaning: Record<Verdict, string> = {
  true_positive: 'An attack, or part of one.',
  benign_positive: 'Rightly noticed, but allowed here: a phishing exercise, a penetration test, a known tool.',
  false_positive: 'Harmless. It should not have come up.',
};
export const routeName: Record<Route, string> = { close: 'Closed', queue: 'Queued', escalate: 'Escalated', playbook: 'Playbook' };
export const scopeName: Record<ScopeKind, string> = { sender: 'Sender', sender_domain: 'Sender domain', campaign: 'Campaign' };
export const domainName: Record<Domain, string> = { mail: 'Mail', network: 'Network', endpoint: 'Endpoint', cloud: 'Cloud', alerts: 'Alerts' };
// Whose run it is; intelligence is imported for every domain.
export const domainOfRun = ({ kind, domain }: { kind: string; domain: string }): string => (kind === 'intel_import' ? '' : (domainName[domain as Domain] ?? domain));
// What runs of two domains measured has nothing in common.
export const mayCompare = (one: { kind: string; domain: string }, other: { kind: string; domain: string }): boolean => domainOfRun(one) === domainOfRun(other);
export const domains = Object.keys(domainName) as Domain[];

// What a domain decides on, and what it looks for among them.
export interface DomainWords {
  one: string;
  many: string;
  sought: string;
  are: string; // what they are found to be
}
const wordsOfMail: DomainWords = { one: 'mail', many: 'mails', sought: 'phishing mails', are: 'phishing' };
const wordsOfEvents: DomainWords = { one: 'event', many: 'events', sought: 'malicious events', are: 'malicious' };
export const wordsOf = (domain: string): DomainWords => (domain === 'mail' ? wordsOfMail : wordsOfEvents);
// Of the entities of cases.
export const entityKindName: Record<string, string> = { host: 'host', user: 'user', cloud_principal: 'principal', ip: 'address', domain: 'domain', file_hash: 'file' };

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

export const roleName: Record<Role, string> = {
  analyst: 'Analyst', senior: 'Senior analyst', engineer: 'Engineer', admin: 'Admin', auditor: 'Auditor', sensor: 'Sensor',
};
export const runKindName: Record<string, string> = {
  train: 'Training', train_novelty: 'Novelty training', evaluate: 'Evaluation', intel_import: 'Intel import', model_import: 'Model import', data_set: 'Data set',
};
export const artifactName: Record<string, string> = {
  mapping: 'Mapping', feature_set: 'Feature set', model: 'Model', novelty_model: 'Novelty model', rule_pack: 'Rule pack', intel_snapshot: 'Intel snapshot', policy: 'Policy',
  data_set: 'Data set', label_set: 'Label set', golden_set: 'Golden set', playbook: 'Playbook', evaluation: 'Evaluation',
};

// "model, 5 mappings, policy": in the order in which they are.
export function artifactsHeld(list: readonly { kind: string }[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of list) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, many]) => artifactsName(kind, many)).join(', ');
}

function artifactsName(kind: string, many: number): string {
  const one = (artifactName[kind] ?? kind).toLowerCase();
  return many === 1 ? one : plural(many, one, one.endsWith('y') ? `${one.slice(0, -1)}ies` : `${one}s`);
}

// The beginning of an id or digest, as the command line prints it: enough to know it again.
export function shortId(id: string): string {
  const prefix = /^[a-z]-/.exec(id)?.[0] ?? '';
  return prefix + id.slice(prefix.length, prefix.length + 12);
}
