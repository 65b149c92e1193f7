// What stands beside an entry's action, in words where the action is one of holds or of retention; everything else as it was recorded.
import { bytes, count } from '../words/number';
import { exactTime } from '../words/time';

export interface DetailLine {
  name: string;
  value: string;
}

const asRecorded = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const number = (write: (value: number) => string) => (value: unknown) => (typeof value === 'number' ? write(value) : asRecorded(value));
const time = (value: unknown): string => (typeof value === 'string' ? exactTime(value) : asRecorded(value));

// "mailbox ann@soc.example, until 2026-03-01T00:00:00Z": what is given of a scope.
function scope(value: unknown): string {
  if (typeof value !== 'object' || value === null) return asRecorded(value);
  const given = Object.entries(value).filter(([, part]) => part !== null);
  return given.map(([name, part]) => `${name} ${asRecorded(part)}`).join(', ');
}

// By recorded name, in the order in which they are told.
type Words = ReadonlyMap<string, { called: string; write: (value: unknown) => string }>;
const nothing: Words = new Map();
const ofHolds: Words = new Map([['scope', { called: 'scope', write: scope }]]);
const ofRetention: Words = new Map([
  ['before', { called: 'older than', write: time }],
  ['rows', { called: 'how many', write: number(count) }],
  ['bytes', { called: 'size', write: number(bytes) }],
  ['first', { called: 'the oldest', write: time }],
  ['last', { called: 'the newest', write: time }],
  ['held', { called: 'kept: on hold', write: number(count) }],
  ['open', { called: 'kept: open', write: number(count) }],
  ['ids_sha256', { called: 'SHA-256 of ids', write: asRecorded }],
  ['applied', { called: 'began with', write: (value) => `entry ${asRecorded(value)}` }],
]);

export function linesOf(action: string, details: Record<string, unknown>): DetailLine[] {
  const words = action.startsWith('hold.') ? ofHolds : action.startsWith('retention.') ? ofRetention : nothing;
  const order = [...words.keys()];
  const place = (name: string) => (words.has(name) ? order.indexOf(name) : order.length);
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== '')
    .sort(([a], [b]) => place(a) - place(b))
    .map(([name, value]) => {
      const known = words.get(name);
      return known ? { name: known.called, value: known.write(value) } : { name, value: asRecorded(value) };
    });
}
