// Moments in the fields of browsers: of the zone that the tests run in, whichever it is.
import { expect, test, vi } from 'vitest';

vi.mock('../../src/shell/location', () => ({ goQuery: () => {}, query: { value: new URLSearchParams() } }));
const { fieldOf, momentOf } = await import('../../src/kit/time_field');

test.each([
  ['day', '2026-11-22', '2026-11-22'],
  ['minute', '2026-11-22T18:30', '2026-11-22T18:30'],
] as const)('a %s is what was entered', (unit, field, shown) => {
  const moment = momentOf(field);
  expect(new Date(moment ?? '').getTime()).toBe(new Date(field.length === 10 ? `${field}T00:00:00` : field).getTime());
  expect(fieldOf(moment, unit)).toBe(shown);
});

test.each([['', ''], [null, ''], ['yesterday', '']])('%s is no moment', (time, shown) => expect(fieldOf(time, 'minute')).toBe(shown));
test('an empty field is none', () => expect(momentOf('')).toBeNull());
