// The cases this browser has seen, one signal each, so that a change repaints the rows and views that show it and no more.
import { type Signal, signal } from '@preact/signals';
import type { CaseSummary } from '../api/contract';

const known = new Map<string, Signal<CaseSummary>>();
const changing = new Map<string, number>(); // ids with changes of ours on their way

export const caseOf = (id: string): Signal<CaseSummary> | undefined => known.get(id);

// What the server says. Older than what is known, or from before a change of ours that is on its way: ignored.
export function remember(heard: CaseSummary): void {
  const entry = known.get(heard.id);
  if (!entry) {
    known.set(heard.id, signal(heard));
    return;
  }
  const have = entry.peek();
  if (heard.version < have.version || (heard.version === have.version && changing.has(heard.id))) return;
  if (heard.version === have.version && heard.updated_at === have.updated_at && heard.overdue === have.overdue) return;
  entry.value = heard;
}

// Shows a change before the server has confirmed it; the returned function says that the answer is there and, unless it
// went well, takes the change back.
export function showChange(id: string, change: Partial<CaseSummary>): (went: 'well' | 'wrong') => void {
  const entry = known.get(id);
  if (!entry) return () => {};
  const before = entry.peek();
  changing.set(id, (changing.get(id) ?? 0) + 1);
  entry.value = { ...before, ...change };
  return (went) => {
    const left = (changing.get(id) ?? 1) - 1;
    left > 0 ? changing.set(id, left) : changing.delete(id);
    if (went === 'well' || entry.peek().version !== before.version) return;
    const taken = Object.fromEntries(Object.keys(change).map((name) => [name, before[name as keyof CaseSummary]]));
    entry.value = { ...entry.peek(), ...taken };
  };
}

// Keeps memory bounded when a list is read anew: all but `keep` are forgotten.
export function forgetAllBut(keep: ReadonlySet<string>): void {
  for (const id of known.keys()) if (!keep.has(id) && !changing.has(id)) known.delete(id);
}
