// Small labels for the closed lists of the vocabulary.
import type { Route, State, Verdict } from '../api/contract';
import { deadline, now } from '../words/time';
import { routeName, stateName, verdictName } from '../words/vocabulary';

export const StateChip = ({ state }: { state: State }) => <span class={`chip state-${state}`}>{stateName[state] ?? state}</span>;

export const RouteChip = ({ route }: { route: Route }) => <span class={`chip route-${route}`}>{routeName[route] ?? route}</span>;

export const VerdictChip = ({ verdict }: { verdict: Verdict }) => (
  <span class={`chip verdict-${verdict}`}>{verdictName[verdict] ?? verdict}</span>
);

export function Due({ at }: { at: string | null }) {
  const due = deadline(at, now.value);
  if (!due) return null;
  return (
    <span class={`due due-${due.level}`} title={`First answer due ${at}`}>
      {due.text}
    </span>
  );
}
