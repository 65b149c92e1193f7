import { expect, test } from 'vitest';
import { medians, ticksOf, timeTicks } from '../../src/features/scale';
import { yamlOf } from '../../src/features/yaml';

test('an axis covers what is drawn by round steps', () => {
  for (const [least, most] of [[0, 1], [0, 0.013], [-3, 17], [5, 5], [0, 0], [1e6, 4.2e6]] as const) {
    const { low, high, ticks } = ticksOf(least, most);
    expect(low).toBeLessThanOrEqual(least);
    expect(high).toBeGreaterThanOrEqual(most);
    expect(high).toBeGreaterThan(low);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThan(9);
    expect(new Set(ticks.map(({ text }) => text)).size).toBe(ticks.length);
  }
  expect(ticksOf(0, 1).ticks.map(({ text }) => text)).toEqual(['0', '0.5', '1']);
});

test('one moment has an axis too', () => {
  const { low, high, ticks } = timeTicks(1_000, 1_000);
  expect(high).toBeGreaterThan(low);
  expect(ticks.length).toBeGreaterThan(0);
});

test('medians are those of equal times, in order', () => {
  const dots = [{ time: 90, value: 7 }, { time: 0, value: 1 }, { time: 10, value: 3 }, { time: 20, value: 2 }, { time: 100, value: 9 }];
  expect(medians(dots, 2)).toEqual([[25, 2], [75, 7]]);
  expect(medians([{ time: 5, value: 1 }], 24)).toHaveLength(1);
});

test('a declaration is that of its file, without what is not said', () => {
  const feature = {
    name: 'links_to_sender', group: 'links', unit: 'share', meaning: 'Links to the sender.', value: 'share(links: site == "x")', when: '', monotone: -1, pivot: 0.5, high: 'many', low: 'few',
    missing: '', in_model: true,
  } as const;
  expect(yamlOf(feature)).toBe(
    ['- name: links_to_sender', '  group: links', '  unit: share', '  meaning: "Links to the sender."', '  value: "share(links: site == \\"x\\")"', '  monotone: falling', '  high: "many"', '  low: "few"'].join('\n'),
  );
});
