// What stands beside an entry's action, in words where they are known; everything else as it was recorded.
import { bytes, count } from '../words/number';
import { exactTime } from '../words/time';
import { artifactName, artifactsHeld, domainName, scopeName, stateName, verdictName } from '../words/vocabulary';

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

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const named = (names: Readonly<Record<string, string>>) => (value: unknown) => (typeof value === 'string' && Object.hasOwn(names, value) ? names[value]! : asRecorded(value));

// "sender_domain evil.example, escalations too" is what a suppression keeps quiet.
function quiet(value: unknown): string {
  if (!isObject(value) || typeof value['kind'] !== 'string') return asRecorded(value);
  return `${named(scopeName)(value['kind']).toLowerCase()} ${asRecorded(value['value'])}${value['escalations'] === true ? ', escalations too' : ''}`;
}

function verdict(value: unknown): string {
  if (!isObject(value) || typeof value['kind'] !== 'string') return asRecorded(value);
  const parts = [named(verdictName)(value['kind'])];
  if (value['reason']) parts.push(`: ${asRecorded(value['reason'])}`);
  if (value['scope']) parts.push(`; keeps quiet ${quiet(value['scope'])}${value['expires'] ? ` until ${time(value['expires'])}` : ''}`);
  return parts.join('');
}

function artifacts(value: unknown): string {
  if (!Array.isArray(value) || !value.every((one) => isObject(one) && typeof one['kind'] === 'string')) return asRecorded(value);
  return artifactsHeld(value as { kind: string }[]);
}

// By recorded name, in the order in which they are told.
type Words = ReadonlyMap<string, { called: string; write: (value: unknown) => string }>;
const nothing: Words = new Map();
const after = { called: 'after finding', write: number(count) }; // so that reading the log again tells what it was about
const ofCases: Words = new Map([
  ['verdict', { called: 'verdict', write: verdict }],
  ['state', { called: 'state', write: named(stateName) }],
  ['owner', { called: 'owner', write: asRecorded }],
  ['snoozed_until', { called: 'snoozed until', write: time }],
  ['note', { called: 'note', write: asRecorded }],
  ['after', after],
]);
const ofSuppressions: Words = new Map([
  ['scope', { called: 'keeps quiet', write: quiet }],
  ['expires', { called: 'until', write: time }],
  ['reason', { called: 'reason', write: asRecorded }],
  ['after', after],
]);
const ofArtifacts: Words = new Map([
  ['kind', { called: 'kind', write: named(artifactName) }],
  ['name', { called: 'name', write: asRecorded }],
  ['domain', { called: 'domain', write: named(domainName) }],
  ['artifacts', { called: 'holds', write: artifacts }],
]);
const ofDeployments: Words = new Map([
  ['domain', { called: 'domain', write: named(domainName) }],
  ['before', { called: 'decided before', write: asRecorded }],
  ['reason', { called: 'reason', write: asRecorded }],
  ['check', { called: 'check that does not hold', write: asRecorded }],
  ['detail', { called: 'because', write: asRecorded }],
]);
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

const wordsByNoun: ReadonlyMap<string, Words> = new Map([
  ['hold', ofHolds], ['retention', ofRetention], ['case', ofCases], ['suppression', ofSuppressions], ['artifact', ofArtifacts], ['bundle', ofArtifacts], ['deployment', ofDeployments],
]);

export function linesOf(action: string, details: Record<string, unknown>): DetailLine[] {
  const words = wordsByNoun.get(action.split('.')[0] ?? '') ?? nothing;
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
