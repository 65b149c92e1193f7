// The history of a case as sentences: who did what. Findings that joined one after the other are one line, so that what
// people did is not lost among them.
import type { HistoryEntry } from '../api/contract';
import { plural } from '../words/number';

export interface HistoryLine {
  at: string; // of the newest
  what: HistoryEntry['what'];
  actor: string; // empty: Winnow itself
  did: string;
  details: string[];
}

const verbs: Record<HistoryEntry['what'], string> = {
  opened: 'opened the case', joined: 'added a finding', state: 'changed the state', owner: 'changed the owner', snoozed: 'snoozed the case', note: 'wrote',
  verdict: 'gave a verdict', reopened: 'reopened the case',
};
const byItself: Partial<Record<HistoryEntry['what'], string>> = { opened: 'Opened', joined: 'Another finding joined' };
const machine = 'winnow'; // who opens cases and adds to them

// "d-7f3a90c1d2e4: the same text" is about the text, and "by d-7f3a90c1d2e4" about nothing that people look for.
const withoutIds = (detail: string): string => detail.replace(/^d-[0-9a-f]{6,}: /, '').replace(/^by d-[0-9a-f]{6,}$/, '');

function did(what: HistoryEntry['what'], unnamed: boolean, findings: number): string {
  if (what === 'joined' && findings > 1) return unnamed ? `${plural(findings, 'more finding')} joined` : `added ${plural(findings, 'finding')}`;
  return (unnamed ? byItself[what] : undefined) ?? verbs[what] ?? what;
}

// Of the findings that joined, the server tells the newest only, so that they do not push out what people did.
export const joinsUntold = (entries: readonly HistoryEntry[], findings: number): number => {
  const told = entries.filter(({ what }) => what === 'joined').length;
  return told === 0 ? 0 : Math.max(0, findings - 1 - told); // the first one opened the case
};

export function linesOf(entries: readonly HistoryEntry[]): HistoryLine[] {
  const lines: HistoryLine[] = [];
  for (let at = 0; at < entries.length; ) {
    const first = entries[at] as HistoryEntry;
    let end = at + 1;
    while (first.what === 'joined' && entries[end]?.what === 'joined' && entries[end]?.actor === first.actor) end++;
    const details = entries.slice(at, end).map(({ detail }) => withoutIds(detail)).filter(Boolean);
    const unnamed = first.actor === machine && byItself[first.what] !== undefined;
    lines.push({ at: first.at, what: first.what, actor: unnamed ? '' : first.actor, did: did(first.what, unnamed, end - at), details: [...new Set(details)] });
    at = end;
  }
  return lines;
}
