// What an analyst does with cases, one or many: shown at once, sent, taken back when the server refuses, and undone on request.
import type { BulkAnswer, Case, CaseChange, CaseSummary, VerdictGiven } from '../api/contract';
import * as api from '../api/endpoints';
import { asProblem, Problem } from '../api/problem';
import { me, mayChange } from '../session/session';
import { tellDone, tellProblem } from '../shell/toasts';
import { plural } from '../words/number';
import { dateTime } from '../words/time';
import { stateName, verdictName } from '../words/vocabulary';
import { caseOf, showChange } from './known_cases';
import { openCases } from './open_case';

type AfterChange = (ids: string[]) => void;
let afterChange: AfterChange = () => {};
// `tell` hears of every case whose state on screen was changed, or changed back, by the person here.
export function whenCasesChange(tell: AfterChange): void {
  afterChange = tell;
}

const mostAtOnce = 500; // the contract's limit of a bulk request

// Changes of one case leave in the order they were made, each with the version that the one before left behind.
const lastOf = new Map<string, Promise<unknown>>();
function inTurn<T>(ids: string[], task: () => Promise<T>): Promise<T> {
  const before = Promise.allSettled(ids.map((id) => lastOf.get(id)));
  const turn = before.then(task);
  for (const id of ids) lastOf.set(id, turn);
  const clean = () => ids.forEach((id) => lastOf.get(id) === turn && lastOf.delete(id));
  turn.then(clean, clean);
  return turn;
}

function shownAs(change: CaseChange): Partial<CaseSummary> {
  const shown: Partial<CaseSummary> = {};
  if (change.owner !== undefined) shown.owner = change.owner === 'me' ? (me.peek()?.name ?? null) : change.owner;
  if (change.state) shown.state = change.state;
  if (change.state === 'new' || change.state === 'in_progress') shown.verdict = null;
  if (change.snoozed_until !== undefined) {
    shown.snoozed_until = change.snoozed_until;
    if (change.snoozed_until) shown.state = 'snoozed';
  }
  return shown;
}

// The change that leads back to `before`.
export function reverse(change: CaseChange | 'verdict', before: CaseSummary): CaseChange {
  const back: CaseChange = {};
  if (change !== 'verdict' && change.owner !== undefined) back.owner = before.owner;
  if (change === 'verdict' || change.state !== undefined || change.snoozed_until !== undefined) {
    if (before.state === 'snoozed') back.snoozed_until = before.snoozed_until;
    else back.state = before.state;
  }
  return back;
}

export function describe(change: CaseChange): string {
  if (change.snoozed_until) return `snoozed until ${dateTime(change.snoozed_until)}`;
  if (change.owner === null) return 'given back: nobody owns it';
  if (change.owner === 'me') return 'assigned to you';
  if (change.owner !== undefined) return `assigned to ${change.owner}`;
  if (change.state) return change.state === 'resolved' ? 'resolved' : `set to ${stateName[change.state].toLowerCase()}`;
  return 'changed';
}

const what = (ids: string[]): string => (ids.length === 1 ? 'Case' : plural(ids.length, 'case'));

function refused(ids: string[]): boolean {
  if (mayChange.peek() && ids.length > 0) return false;
  if (ids.length > 0) tellProblem('Nothing changed', new Problem(403, `the role ${me.peek()?.role} reads cases but does not change them`, ''));
  return true;
}

async function send(ids: string[], change: CaseChange | null, verdict: VerdictGiven | null): Promise<BulkAnswer['results']> {
  const [only] = ids;
  if (ids.length === 1 && only) {
    const answer: Case = verdict
      ? await api.giveVerdict(only, verdict)
      : await api.changeCase(only, change ?? {}, caseOf(only)?.peek().version ?? 0);
    openCases.put(only, answer);
    return [{ id: only, status: 200, detail: '' }];
  }
  const results: BulkAnswer['results'] = [];
  for (let at = 0; at < ids.length; at += mostAtOnce) {
    results.push(...(await api.changeCases({ ids: ids.slice(at, at + mostAtOnce), change, verdict })).results);
  }
  return results;
}

// Shown at once, but for a verdict: its dialog waits for the answer, so that a refusal loses no reason. Returns why nothing
// was changed, told already unless it was a verdict.
async function act(ids: string[], change: CaseChange | null, verdict: VerdictGiven | null, says: string, undoable: boolean): Promise<Problem | null> {
  if (refused(ids)) return null;
  const before = new Map(ids.map((id) => [id, caseOf(id)?.peek()]));
  const shown = verdict ? { state: 'resolved' as const, verdict: verdict.verdict } : shownAs(change ?? {});
  const show = (some: string[]) => {
    const settle = new Map(some.map((id) => [id, showChange(id, shown)]));
    afterChange(some);
    return settle;
  };
  let settle: ReturnType<typeof show> = verdict ? new Map() : show(ids);
  const nothing = (why: Problem): Problem => {
    if (!verdict) tellProblem('Not changed', why);
    return why;
  };
  try {
    const results = await inTurn(ids, () => send(ids, change, verdict));
    const failed = results.filter((result) => result.status >= 300);
    const done = results.filter((result) => result.status < 300).map((result) => result.id);
    if (verdict) settle = show(done);
    for (const id of done) settle.get(id)?.('well');
    for (const { id } of failed) settle.get(id)?.('wrong');
    if (failed.length && !verdict) afterChange(failed.map((result) => result.id));
    for (const id of done) if (ids.length > 1 && openCases.has(id)) void openCases.reload(id);
    const undo = () => void goBack(done, verdict ? 'verdict' : (change ?? {}), before);
    if (done.length) tellDone(`${what(done)} ${says}`, undoable ? undo : undefined);
    const why = failed[0] && new Problem(failed[0].status, failed[0].detail, '');
    if (why && verdict && done.length === 0) return why;
    if (why) tellProblem(`${what(failed.map((result) => result.id))} left as before`, why);
    return null;
  } catch (error) {
    for (const done of settle.values()) done('wrong');
    if (!verdict) afterChange(ids);
    if (!(error instanceof Problem && error.isConflict)) return nothing(asProblem(error));
    for (const id of ids) await openCases.reload(id);
    afterChange(ids);
    return nothing(new Problem(error.status, 'someone else changed this case a moment ago', 'it now shows how it stands; decide again'));
  }
}

async function goBack(ids: string[], change: CaseChange | 'verdict', before: Map<string, CaseSummary | undefined>): Promise<void> {
  // What was different before goes back by different requests.
  const groups = new Map<string, { back: CaseChange; ids: string[] }>();
  for (const id of ids) {
    const old = before.get(id);
    if (!old) continue;
    const back = reverse(change, old);
    const key = JSON.stringify(back);
    const group = groups.get(key) ?? { back, ids: [] };
    group.ids.push(id);
    groups.set(key, group);
  }
  for (const { back, ids: some } of groups.values()) await act(some, back, null, 'is as it was', false);
}

export const changeCases = (ids: string[], change: CaseChange) => act(ids, change, null, describe(change), true);

export const giveVerdict = (ids: string[], verdict: VerdictGiven) =>
  act(ids, null, verdict, `resolved as ${verdictName[verdict.verdict].toLowerCase()}`, true);

export async function addNote(id: string, text: string): Promise<boolean> {
  if (refused([id])) return false;
  try {
    openCases.put(id, await inTurn([id], () => api.addNote(id, text)));
    return true;
  } catch (error) {
    tellProblem('The note was not kept', error);
    return false;
  }
}
