import { describe, expect, test } from 'vitest';
import { age, ago, dateTime, deadline, eventTime, exactTime, snoozeTimes, span, timeToday } from '../../src/words/time';

const at = Date.parse('2026-11-22T12:00:00Z');

describe('span', () => {
  test.each([
    [0, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_999, '59 min'],
    [47 * 3_600_000, '47 h'],
    [48 * 3_600_000, '2 d'],
    [-90_000, '1 min'],
  ])('%d ms is %s', (ms, text) => expect(span(ms)).toBe(text));
});

describe('age', () => {
  test('what was a moment ago, or is ahead of this clock, is now', () => {
    expect(age('2026-11-22T11:59:30Z', at)).toBe('now');
    expect(age('2026-11-22T12:05:00Z', at)).toBe('now');
  });
  test('a time that is none is empty, and never is never', () => {
    expect(age('soon', at)).toBe('');
    expect(ago(null, at)).toBe('never');
  });
});

describe('deadline', () => {
  test.each([
    ['2026-11-22T14:10:00Z', '2 h left', 'calm'],
    ['2026-11-22T12:29:00Z', '29 min left', 'soon'],
    ['2026-11-22T11:25:00Z', '35 min over', 'over'],
  ])('%s: %s', (due, text, level) => expect(deadline(due, at)).toEqual({ text, level }));
  test('without a due time there is none', () => expect(deadline(null, at)).toBeNull());
});

describe('snoozeTimes', () => {
  test('every choice is later than now, in rising order, each once', () => {
    for (let hours = 0; hours < 24 * 8; hours++) {
      const now = new Date(at + hours * 3_600_000);
      const times = snoozeTimes(now).map(({ until }) => until.getTime());
      expect(new Set(times).size).toBe(times.length);
      for (const time of times) expect(time).toBeGreaterThan(now.getTime());
    }
  });
  test('on a Saturday Monday morning is two days away', () => {
    const monday = snoozeTimes(new Date(2026, 10, 21, 15)).find(({ label }) => label === 'Monday morning');
    expect(monday?.until).toEqual(new Date(2026, 10, 23, 9));
  });
});

describe('times of day', () => {
  const evening = new Date(2026, 10, 22, 23, 53, 44);
  const time = evening.toISOString();
  test.each([dateTime, eventTime, exactTime])('are on 24 hours and have their seconds and date', (write) => {
    expect(write(time)).toContain('23:53:44');
    expect(write(time)).not.toMatch(/[AP]M/);
    expect(write(time)).toContain('2026');
  });
  test('that stand for themselves name their zone', () => {
    expect(eventTime(time)).not.toBe(dateTime(time));
    expect(eventTime(time)).toContain(evening.toLocaleTimeString(undefined, { timeZoneName: 'short' }).split(' ').at(-1));
  });
  test('have their date wherever it is not today', () => {
    expect(timeToday(time, evening.getTime() - 3_600_000)).toBe('23:53:44');
    expect(timeToday(time, evening.getTime() + 3_600_000)).toBe(dateTime(time));
    expect(timeToday('soon', at)).toBe('unknown');
  });
});
