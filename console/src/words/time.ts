// Times as people say them, in the browser's time zone; the exact one is a tooltip away.
import { signal } from '@preact/signals';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

// Ticks, so that ages and deadlines on screen stay true.
export const now = signal(Date.now());
export function startClock(): void {
  setInterval(() => {
    if (!document.hidden) now.value = Date.now();
  }, 10 * second);
  document.addEventListener('visibilitychange', () => (now.value = Date.now()));
}

// "4 s", "12 min", "3 h", "5 d": one number, rounded down.
export function span(ms: number): string {
  const size = Math.abs(ms);
  if (size < minute) return `${Math.floor(size / second)} s`;
  if (size < hour) return `${Math.floor(size / minute)} min`;
  if (size < 2 * day) return `${Math.floor(size / hour)} h`;
  return `${Math.floor(size / day)} d`;
}

export function age(time: string, at: number): string {
  const ms = at - Date.parse(time);
  if (Number.isNaN(ms)) return '';
  return ms < 45 * second ? 'now' : span(ms);
}

export function ago(time: string | null, at: number): string {
  if (!time) return 'never';
  const text = age(time, at);
  return text === 'now' || text === '' ? text || 'at an unknown time' : `${text} ago`;
}

export interface Deadline {
  text: string; // "2 h left", "35 min over"
  level: 'calm' | 'soon' | 'over';
}

export function deadline(due: string | null, at: number): Deadline | null {
  if (!due) return null;
  const left = Date.parse(due) - at;
  if (Number.isNaN(left)) return null;
  if (left < 0) return { text: `${span(left)} over`, level: 'over' };
  return { text: `${span(left)} left`, level: left < 30 * minute ? 'soon' : 'calm' };
}

// On 24 hours and with seconds everywhere: times of events are compared with those of other logs.
const hours = { hourCycle: 'h23' } as const;
const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', ...hours });
const zoned = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long', ...hours });
const precise = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long', ...hours });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', ...hours });
const nearby = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit', ...hours });

const written = (by: Intl.DateTimeFormat) => (time: string | null): string => (time && !Number.isNaN(Date.parse(time)) ? by.format(new Date(time)) : 'unknown');
export const dateTime = written(format);
export const eventTime = written(zoned); // with the zone, where one time stands for itself
export const exactTime = written(precise);

// "08:02:11"; with its date where that is not the day of `at`.
export function timeToday(time: string, at: number): string {
  const isToday = new Date(time).toDateString() === new Date(at).toDateString();
  return isToday ? written(clock)(time) : dateTime(time);
}

// "Mon, 09:00": of the coming days.
export const weekdayTime = (time: Date): string => nearby.format(time);

// As a date and time field wants it: local, without a zone.
export const forField = (time: Date): string => new Date(time.getTime() - time.getTimezoneOffset() * minute).toISOString().slice(0, 16);

// What the snooze menu offers, as of `at`.
export function snoozeTimes(at: Date): { label: string; until: Date }[] {
  const morning = (days: number) => {
    const date = new Date(at);
    date.setDate(date.getDate() + days);
    date.setHours(9, 0, 0, 0);
    return date;
  };
  const toMonday = (8 - at.getDay()) % 7 || 7;
  return [
    { label: 'One hour', until: new Date(at.getTime() + hour) },
    { label: 'Four hours', until: new Date(at.getTime() + 4 * hour) },
    { label: 'Tomorrow morning', until: morning(1) },
    ...(toMonday > 1 && toMonday < 7 ? [{ label: 'Monday morning', until: morning(toMonday) }] : []),
    { label: 'In a week', until: morning(7) },
  ];
}

export const inDays = (days: number, at = Date.now()): string => new Date(at + days * day).toISOString();
