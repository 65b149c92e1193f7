import { describe, expect, test } from 'vitest';
import { bytes, percent, plural, shortCount } from '../../src/words/number';

describe('percent', () => {
  test.each([
    [0, '0 %'],
    [0.0004, '< 1 %'],
    [0.5, '50 %'],
    [0.996, '> 99 %'],
    [1, '100 %'],
    [null, 'no score'],
    [Number.NaN, 'no score'],
  ])('%s is %s', (value, text) => expect(percent(value)).toBe(text));
});

test.each([
  [999, '999'],
  [1_358, '1.3k'],
  [2_000, '2k'],
  [99_999, '99k'],
  [1_250_000, '1.2M'],
])('%d is %s where there is little room', (value, text) => expect(shortCount(value)).toBe(text));

test('bytes carry a binary unit', () => {
  expect(bytes(1023)).toBe('1023 B');
  expect(bytes(1536)).toBe('1.5 KiB');
  expect(bytes(18_400_000_000)).toBe('17.1 GiB');
});

test('one is singular', () => {
  expect(plural(1, 'case')).toBe('1 case');
  expect(plural(1_200, 'case')).toBe('1,200 cases');
});
