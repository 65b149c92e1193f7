import { expect, test } from 'vitest';
import { linesOf } from '../../src/audit/detail_words';
import { nouns, placeOf, subjectOf, summaryOf } from '../../src/audit/entry_words';
import { exactTime } from '../../src/words/time';

test('a token is called by its name, everything else by what was recorded', () => {
  const subject = 't-7f3a90c1d2e4';
  expect(subjectOf({ action: 'token.created', subject, details: { name: 'gateway' } })).toBe(`gateway ${subject}`);
  for (const details of [{}, { name: '' }, { name: 7 }]) expect(subjectOf({ action: 'token.refused', subject, details })).toBe(subject);
});

test.each(['hold.placed', 'hold.released', 'retention.applied', 'retention.stopped'])('%s has words, and can be chosen', (action) => {
  expect(summaryOf(action)).not.toBe(action);
  expect(nouns[action.split('.')[0] ?? '']).toBeDefined();
});

test('a rule says how many it removed', () => {
  const of = (subject: string, details: Record<string, unknown>) => subjectOf({ action: 'retention.applied', subject, details });
  expect(of('retention.mails: 90d', { events: 1204 })).toBe('retention.mails: 90d, 1,204 mails');
  expect(of('retention.cases: 365d', { rows: 1 })).toBe('retention.cases: 365d, 1 row');
  expect(of('retention.cases: 365d', { rows: 'many' })).toBe('retention.cases: 365d');
});

test('a released hold leads to the entry that placed it, a stopped removal to the one that began it', () => {
  expect(placeOf({ action: 'hold.released', subject: 'h-2f', details: {} })).toBe('/audit?entry=47');
  expect(placeOf({ action: 'hold.placed', subject: 'c-45eb74f19a5037c2d0917b1e', details: {} })).toBe('/queue/c-45eb74f19a5037c2d0917b1e?state=all');
  expect(placeOf({ action: 'hold.placed', subject: 'ann@soc.example', details: {} })).toBeNull();
  expect(placeOf({ action: 'retention.stopped', subject: 'retention.mails: 90d', details: { applied: 211 } })).toBe('/audit?entry=211');
  for (const details of [{}, { applied: '1&q=x' }, { applied: 0.5 }]) expect(placeOf({ action: 'retention.stopped', subject: 'retention.mails: 90d', details })).toBeNull();
});

test('details of holds and retention are in words, others as they were recorded', () => {
  const words = (action: string, details: Record<string, unknown>) => linesOf(action, details).map(({ name, value }) => `${name}: ${value}`);
  const before = '2026-02-12T23:58:00Z';
  expect(words('retention.applied', { before, bytes: 18_874_368, rows: 1204, ids_sha256: 'ab', first: null, held: 12, open: 0 })).toEqual([
    `older than: ${exactTime(before)}`, 'how many: 1,204', 'size: 18.0 MiB', 'kept: on hold: 12', 'kept: open: 0', 'SHA-256 of ids: ab',
  ]);
  expect(words('retention.stopped', { applied: 211, why: 'a hold was placed', rows: 3, ids_sha256: 'cd' })).toEqual([
    'how many: 3', 'SHA-256 of ids: cd', 'began with: entry 211', 'why: a hold was placed',
  ]);
  const scope = { case: null, mailbox: 'ann@soc.example', from: null, until: '2026-03-01T00:00:00Z' };
  expect(words('hold.placed', { scope, reason: 'matter' })).toEqual(['scope: mailbox ann@soc.example, until 2026-03-01T00:00:00Z', 'reason: matter']);
  expect(words('keys.rotated', { scope, events: 3, gone: null, empty: '' })).toEqual([`scope: ${JSON.stringify(scope)}`, 'events: 3']);
  expect(words('retention.applied', { toString: 1, before: 7, bytes: {}, rows: 'x' })).toEqual(['older than: 7', 'how many: x', 'size: {}', 'toString: 1']);
});

test('an artifact is told by its kind, name and the beginning of its digest', () => {
  const subject = 'ab'.repeat(32);
  expect(subjectOf({ action: 'artifact.added', subject, details: { kind: 'feature_set', name: 'network' } })).toBe('feature set network abababababab');
  expect(subjectOf({ action: 'artifact.added', subject, details: { kind: 'unheard_of' } })).toBe('unheard_of abababababab');
  expect(subjectOf({ action: 'artifact.added', subject, details: {} })).toBe(subject);
});

test('details of cases, bundles and deployments are in words, and what is no such thing as it was recorded', () => {
  const words = (action: string, details: Record<string, unknown>) => linesOf(action, details).map(({ name, value }) => `${name}: ${value}`);
  const expires = '2026-03-01T00:00:00Z';
  const scope = { kind: 'sender_domain', value: 'evil.example', escalations: true };
  expect(words('case.judged', { after: 12, verdict: { kind: 'benign_positive', reason: 'an exercise', scope, expires } })).toEqual([
    `verdict: Benign positive: an exercise; keeps quiet sender domain evil.example, escalations too until ${exactTime(expires)}`, 'after finding: 12',
  ]);
  expect(words('case.changed', { after: 3, state: 'in_progress', owner: 'ann' })).toEqual(['state: In progress', 'owner: ann', 'after finding: 3']);
  expect(words('case.judged', { verdict: ['x'] })).toEqual(['verdict: ["x"]']);
  expect(words('case.changed', { state: 'toString' })).toEqual(['state: toString']);
  const held = ['mapping', 'model', 'mapping', 'policy', 'mapping'].map((kind) => ({ kind, digest: 'ab' }));
  expect(words('bundle.added', { artifacts: held, domain: 'network' })).toEqual(['domain: Network', 'holds: 3 mappings, model, policy']);
  expect(words('bundle.added', { artifacts: [7] })).toEqual(['holds: [7]']);
  expect(words('deployment.promoted', { domain: 'mail', before: null, reason: 'better' })).toEqual(['domain: Mail', 'reason: better']);
});
