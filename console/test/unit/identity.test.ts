import { describe, expect, test } from 'vitest';
import type { Asset, Finding, Identities, IdentitySpan } from '../../src/api/contract';
import { assetWords, linesAbout, sinceWords, untilWords } from '../../src/findings/identity_words';
import { dateTime, timeToday } from '../../src/words/time';
import { identitiesOf } from '../mock/identities';

const at = '2026-03-03T12:00:00Z';
const now = Date.parse(at);
const told = identitiesOf({ event_time: at } as Finding);
const answer = told.answers[0] as Identities;
const spanOf = (change: Partial<IdentitySpan>): IdentitySpan => ({ ...(answer.direct[0] as IdentitySpan), ...change });
const words = (kind: Identities['kind'], direct: IdentitySpan[], through: IdentitySpan[] = []) =>
  linesAbout({ ...answer, kind, direct, through }).map(({ whose, before, name }) => [whose, before, name].filter(Boolean).join(' '));

describe('lines about a party', () => {
  const address = spanOf({ relation: 'address of host', user: null, host: 'ws1', address: '10.0.0.5' });
  const used = spanOf({ relation: 'user on host', user: 'ann', host: 'ws1', address: null });
  const came = spanOf({ relation: 'user from address', user: 'ann', host: null, address: '10.0.0.5' });
  test('of an address say whose it was and who used it', () =>
    expect(words('address', [address, came], [used])).toEqual(['was the address of ws1', 'was used by ann', 'ws1 was used by ann']));
  test('of a host say its address and its users', () => expect(words('host', [address, used])).toEqual(['had the address 10.0.0.5', 'was used by ann']));
  test('of a user say where they were', () =>
    expect(words('user', [used, came], [address])).toEqual(['was on ws1', 'came from 10.0.0.5', 'ws1 had the address 10.0.0.5']));
});

describe('times', () => {
  test('of today are told without the date, others with it', () => {
    expect(sinceWords(spanOf({ from: '2026-03-03T11:00:00Z' }), now)).toBe(`since ${timeToday('2026-03-03T11:00:00Z', now)}`);
    expect(sinceWords(spanOf({ from: '2026-02-27T11:00:00Z' }), now)).toBe(`since ${dateTime('2026-02-27T11:00:00Z')}`);
  });
  test('an end is told only where something told it', () => {
    expect(untilWords(spanOf({ ending: 'assumed' }), now)).toBe('');
    expect(untilWords(spanOf({ ending: 'told' }), now)).toContain('ended');
    expect(untilWords(spanOf({ ending: 'superseded' }), now)).toContain('went to another');
  });
});

test('an asset is told by what it is for and whose it is', () => expect(assetWords(told.assets[0] as Asset)).toBe('payment workstation, owner IT, Finance, privileged'));
