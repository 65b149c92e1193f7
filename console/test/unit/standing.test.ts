// Who decides, who follows, since when; how far the states are that one waits for.
import { describe, expect, test } from 'vitest';
import type { Promotion } from '../../src/api/contract';
import { type Deciding, decidesSince, promotionOf, standingOf } from '../../src/deployments/standing';
import { fillingWords } from '../../src/status/filling_words';

const champion = (bundle: string): Deciding['champion'] => ({ bundle, run: null, model: null, promoted_at: '2026-11-01T00:00:00Z' });
const next = (bundle: string): Deciding['next'] => ({ bundle, promoted_at: '2026-11-02T00:00:00Z', events: 0, of: 0, problem: null });

// `promoted`: what the deployments have as champion, the newest promotion.
describe('of the bundles', () => {
  test.each([
    ['the promoted one decides', 'b-2', { champion: champion('b-2'), next: null }, { 'b-1': null, 'b-2': 'decides' }],
    ['the promoted one follows while it waits', 'b-2', { champion: champion('b-1'), next: next('b-2') }, { 'b-1': 'decides', 'b-2': 'follows', 'b-0': null }],
    ['one that was replaced while it waited does neither', 'b-3', { champion: champion('b-1'), next: next('b-3') }, { 'b-1': 'decides', 'b-2': null, 'b-3': 'follows' }],
    ['the first one follows where nothing decides', 'b-1', { champion: null, next: next('b-1') }, { 'b-1': 'follows' }],
    ['one that the service has not heard of follows', 'b-2', { champion: champion('b-1'), next: null }, { 'b-1': 'decides', 'b-2': 'follows' }],
  ])('%s', (_, promoted, deciding, standings) => {
    for (const [id, standing] of Object.entries(standings)) expect(standingOf({ id, champion: id === promoted }, deciding), id).toBe(standing);
  });
});

test('what made a bundle decide is its newest promotion', () => {
  const history = ['b-3', 'b-1', 'b-2', 'b-1'].map((bundle, index) => ({ champion: bundle, audit_entry: 10 - index }) as Promotion);
  expect(promotionOf('b-1', history)?.audit_entry).toBe(9);
  expect(promotionOf('b-9', history)).toBeUndefined();
});

test('a bundle decides since it took effect, or since it was promoted where it did not wait', () => {
  expect(decidesSince({ at: '2026-11-01T00:00:00Z', took_effect: '2026-11-01T02:00:00Z' })).toBe('2026-11-01T02:00:00Z');
  expect(decidesSince({ at: '2026-11-01T00:00:00Z', took_effect: null })).toBe('2026-11-01T00:00:00Z');
});

test.each([
  [{ events: 0, of: 0, problem: null }, 'not begun'],
  [{ events: 0, of: 1_200, problem: null }, '0 of 1,200 events'],
  [{ events: 6_204_118, of: 9_902_344, problem: null }, '6,204,118 of 9,902,344 events'],
  [{ events: 0, of: 0, problem: 'no space left on device' }, 'to be tried again'],
  [{ events: 12, of: 1_200, problem: 'no space left on device' }, '12 of 1,200 events'],
])('states: %o', (filling, words) => expect(fillingWords(filling)).toBe(words));
