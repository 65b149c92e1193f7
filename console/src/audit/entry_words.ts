// What the log's actions are called on screen, and where an entry's subject can be looked at.
import type { AuditEntry } from '../api/contract';
import { plural } from '../words/number';
import { artifactName, shortId } from '../words/vocabulary';

const actions: Record<string, string> = {
  'artifact.added': 'Added an artifact',
  'bundle.added': 'Built a bundle',
  'run.recorded': 'Recorded a run',
  'keys.rotated': 'Replaced the signing key',
  'deployment.promoted': 'Promoted a bundle',
  'deployment.rolled_back': 'Went back to a bundle',
  'deployment.took_effect': 'Began to decide by a bundle',
  'deployment.refused': 'Was refused a promotion',
  'case.changed': 'Changed a case',
  'case.judged': 'Gave a verdict',
  'case.noted': 'Wrote a note',
  'case.resolved': 'Resolved a case',
  'suppression.created': 'Made a suppression',
  'suppression.revoked': 'Revoked a suppression',
  'hold.placed': 'Placed a legal hold',
  'hold.released': 'Released a legal hold',
  'retention.applied': 'Applied a retention rule',
  'retention.stopped': 'Stopped removing, for a new hold',
  'session.opened': 'Signed in',
  'session.closed': 'Signed out',
  'session.ended': 'Signed somebody out',
  'token.created': 'Made a token',
  'token.revoked': 'Revoked a token',
  'token.refused': 'Failed to sign in',
};

export const nouns: Record<string, string> = {
  case: 'Cases', suppression: 'Suppressions', deployment: 'Deployments', bundle: 'Bundles', run: 'Runs', artifact: 'Artifacts', session: 'Sign-ins',
  token: 'Tokens', keys: 'Signing keys', hold: 'Legal holds', retention: 'Retention',
};

export const summaryOf = (action: string): string => actions[action] ?? action;

// Whom or what it is about, as people call it: a token by its name, not by its number alone; a rule with how many it removed.
export function subjectOf({ action, subject, details }: Pick<AuditEntry, 'action' | 'subject' | 'details'>): string {
  const { name, events, rows, kind } = details;
  if (action === 'artifact.added' && typeof kind === 'string') return [(artifactName[kind] ?? kind).toLowerCase(), typeof name === 'string' ? name : '', shortId(subject)].filter(Boolean).join(' ');
  if (action.startsWith('retention.')) {
    if (typeof events === 'number') return `${subject}, ${plural(events, subject.startsWith('retention.mails') ? 'mail' : 'event')}`;
    return typeof rows === 'number' ? `${subject}, ${plural(rows, 'row')}` : subject;
  }
  return action.startsWith('token.') && typeof name === 'string' && name !== '' ? `${name} ${subject}` : subject;
}

const isDigest = (text: unknown): text is string => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);

// Null where there is no page about it.
export function placeOf({ action, subject, details }: Pick<AuditEntry, 'action' | 'subject' | 'details'>): string | null {
  // A hold is called by the number of the entry that placed it; a removal that was stopped names the entry that began it.
  if (action === 'hold.released' && /^h-[0-9a-f]{1,12}$/.test(subject)) return `/audit?entry=${parseInt(subject.slice(2), 16)}`;
  if (action === 'retention.stopped' && Number.isSafeInteger(details['applied'])) return `/audit?entry=${details['applied']}`;
  if (/^c-[0-9a-f]+$/.test(subject)) return `/queue/${subject}?state=all`;
  if (/^r-[0-9a-f]+$/.test(subject)) return `/models/${subject}`;
  if (/^b-[0-9a-f]+$/.test(subject)) return `/lineage/${subject}`;
  if (isDigest(subject)) return `/lineage/${subject}`;
  if (isDigest(details['digest'])) return `/lineage/${details['digest']}`;
  return null;
}
