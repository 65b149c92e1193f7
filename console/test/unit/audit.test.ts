import { expect, test } from 'vitest';
import { subjectOf } from '../../src/audit/entry_words';

test('a token is called by its name, everything else by what was recorded', () => {
  const subject = 't-7f3a90c1d2e4';
  expect(subjectOf({ action: 'token.created', subject, details: { name: 'gateway' } })).toBe(`gateway ${subject}`);
  for (const details of [{}, { name: '' }, { name: 7 }]) expect(subjectOf({ action: 'token.refused', subject, details })).toBe(subject);
  expect(subjectOf({ action: 'artifact.added', subject: 'ab', details: { name: 'mail' } })).toBe('ab');
});
