// What was known of one party, as sentences.
import type { Asset, Identities, IdentitySpan } from '../api/contract';
import { dateTime, timeToday } from '../words/time';

export interface IdentityLine {
  span: IdentitySpan;
  whose: string; // of which machine it is told; empty: of whom the answer is about
  before: string; // "was the address of"
  name: string;
}

// In the words of whom it is about: an address was somebody's, a machine had users, a user was somewhere.
function lineOf(span: IdentitySpan, kind: Identities['kind']): IdentityLine {
  const { relation } = span;
  if (relation === 'address of host')
    return kind === 'host' ? { span, whose: '', before: 'had the address', name: span.address ?? '' } : { span, whose: '', before: 'was the address of', name: span.host ?? '' };
  if (relation === 'user on host') return kind === 'host' ? { span, whose: '', before: 'was used by', name: span.user ?? '' } : { span, whose: '', before: 'was on', name: span.host ?? '' };
  return kind === 'address' ? { span, whose: '', before: 'was used by', name: span.user ?? '' } : { span, whose: '', before: 'came from', name: span.address ?? '' };
}

// What is told only through a machine names the other end of it.
function lineThrough(span: IdentitySpan, kind: Identities['kind']): IdentityLine {
  const whose = span.host ?? '';
  return kind === 'user' ? { span, whose, before: 'had the address', name: span.address ?? '' } : { span, whose, before: 'was used by', name: span.user ?? '' };
}

export const linesAbout = (answer: Identities): IdentityLine[] => [
  ...answer.direct.map((span) => lineOf(span, answer.kind)),
  ...answer.through.map((span) => lineThrough(span, answer.kind)),
];

export const sinceWords = (span: IdentitySpan, at: number): string => `since ${timeToday(span.from, at)}`;
export function untilWords(span: IdentitySpan, at: number): string {
  if (span.ending === 'told') return `, ended ${timeToday(span.until, at)}`;
  if (span.ending === 'superseded') return `, until the address went to another ${timeToday(span.until, at)}`;
  return '';
}

export const assetWords = (asset: Asset): string =>
  [asset.purpose, asset.owner && `owner ${asset.owner}`, asset.department, ...asset.tags, asset.until && `until ${dateTime(asset.until)}`].filter(Boolean).join(', ');
