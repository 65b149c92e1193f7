import { boundOf } from '../../src/models/leak_probes';
import { mayCompare } from '../../src/words/vocabulary';
import { describe, expect, test } from 'vitest';
import type { CurvePoint, Evaluation, Figures } from '../../src/api/contract';
import { decimals, measuredOn, nearestPoint, outcomeOf, pointAt, shareOf, threshold, workloadOf } from '../../src/models/operating';

const curve: CurvePoint[] = [
  { threshold: 0.9, recall: 0.5, precision: 1, false_positive_rate: 0 },
  { threshold: 0.6, recall: 0.8, precision: 0.9, false_positive_rate: 0.01 },
  { threshold: 0.1, recall: 1, precision: 0.2, false_positive_rate: 0.4 },
];

describe('what a threshold means', () => {
  test('is counted where events are as many and as often malicious as expected', () => {
    const outcome = outcomeOf({ recall: 0.8, false_positive_rate: 0.01 }, { eventsADay: 1000, share: 0.02, minutes: 3 });
    expect(outcome.falseAlarmsADay).toBeCloseTo(9.8);
    expect(outcome.alertsADay).toBeCloseTo(16 + 9.8);
    expect(outcome.missedOfThousand).toBeCloseTo(200);
    expect(outcome.minutesADay).toBeCloseTo(3 * 25.8);
    expect(outcome.precision).toBeCloseTo(16 / 25.8);
  });
  test('without any alert has no precision', () => {
    expect(outcomeOf({ recall: 0, false_positive_rate: 0 }, { eventsADay: 1000, share: 0.02, minutes: 3 }).precision).toBeNaN();
  });
});

test.each([
  [0.95, 0],
  [0.9, 0],
  [0.7, 0],
  [0.6, 1],
  [0, 2],
])('the threshold %s is point %s of the curve', (threshold, at) => expect(pointAt(curve, threshold)).toBe(at));

test.each([
  [0, 1, 0],
  [0.79, 0.5, 1],
  [1, 0, 2],
])('next to %s, %s is point %s', (recall, precision, at) => expect(nearestPoint(curve, recall, precision, 0.6)).toBe(at));

test.each([
  [1, '1'],
  [0, '0'],
  [0.46, '0.46'],
  [0.0312, '0.031'],
  [0.9973, '0.997'],
  [0.999731, '0.999731'],
  [0.00042, '0.000420'],
])('the threshold %s is written %s', (threshold, text) => expect(decimals(threshold)).toBe(text));

test('the workload is what the run says, or the defaults of training', () => {
  expect(workloadOf({ parameters: { capacity: { events_per_day: 4000, prevalence: 0.02 }, costs: { review: 3 } } })).toEqual({ eventsADay: 4000, share: 0.02, minutes: 3 });
  expect(workloadOf({ parameters: { bundle: 'b-1' } })).toEqual({ eventsADay: 1000, share: 0.01, minutes: 2 });
});

test('runs are compared with runs of their domain only', () => {
  expect(mayCompare({ kind: 'train', domain: 'mail' }, { kind: 'evaluate', domain: 'mail' })).toBe(true);
  expect(mayCompare({ kind: 'train', domain: 'mail' }, { kind: 'train', domain: 'network' })).toBe(false);
});

test.each([[0, 0.5], [0.26, 0.63], [1, 1], [null, null]])('of a share of %s a leak probe warns above %s', (share, bound) =>
  bound === null ? expect(boundOf(share)).toBeNull() : expect(boundOf(share)).toBeCloseTo(bound, 12));

describe('the one curve of a run', () => {
  const model = { rows: 1000, malicious: 120 } as Figures;
  test('starts where the policy tells people, and nowhere without one', () => {
    expect(threshold({ bundle: 'b-1', routes: [{ route: 'escalate', from: 0.95 }, { route: 'queue', from: 0.2 }, { route: 'close', from: 0 }], abstain: null })).toBe(0.2);
    expect(threshold({ bundle: 'b-1', routes: [{ route: 'close', from: 0 }], abstain: null })).toBeNull();
    expect(threshold(null)).toBeNull();
  });
  test('says on which rows it was measured', () => {
    const splits = [{ name: 'before May', train_rows: 1, model }, { name: 'before June', train_rows: 1, model }];
    expect(measuredOn({ schema: '', splits } as Evaluation, model, 'events', 'malicious')).toBe(
      '1,000 events, 120 of them malicious: the rows of all 2 tests together (before May; before June), each scored by a model that was not trained on it',
    );
    expect(measuredOn({ schema: '', seen_in_training: 7 } as Evaluation, model, 'events', 'malicious')).toContain('trained on 7 of them');
  });
  // Of 10 of 10: Wilson, "Probable inference", 1927; by R's prop.test(10, 10, correct = FALSE).
  test('has intervals', () => {
    const all = shareOf(1, 10);
    expect(all.low).toBeCloseTo(0.7225, 3);
    expect(all.high).toBeCloseTo(1, 9);
    expect(shareOf(0.5, 100).low).toBeCloseTo(0.4038, 3);
    expect(shareOf(0.5, 0)).toEqual({ value: 0.5, low: 0, high: 1 });
  });
});
