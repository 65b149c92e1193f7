// What the keyboard and the buttons of the queue do: to the selection, else to the case under the cursor, which then moves on.
import { changeCases } from '../cases/actions';
import { openAssignMenu, openSnoozeMenu } from '../cases/case_menus';
import { caseOf } from '../cases/known_cases';
import { askVerdict } from '../cases/verdict_dialog';
import { decoded, go, path, withQuery } from '../shell/location';
import { clearSelection, cursor, cursorIndex, move, moveToSamePlace, subjects } from './cursor';
import { rows } from './queue';

export const openedCase = (): string | null => {
  const [, page, id] = path.peek().split('/');
  return page === 'queue' ? decoded(id) : null;
};

export const openCase = (id: string, how: 'push' | 'replace' = 'push'): void => go(withQuery(`/queue/${encodeURIComponent(id)}`), how);
export const closeCase = (): void => go(withQuery('/queue'));

// Beside the list, on a wide window, the open case follows the cursor.
export function step(by: number): void {
  const id = move(by);
  if (id && openedCase()) openCase(id, 'replace');
}

// After a change: the selection is done with, and the open case follows when its row has left.
function afterwards(): void {
  clearSelection();
  queueMicrotask(() => {
    const opened = openedCase();
    if (cursor.peek() === null || cursorIndex.peek() >= 0) return;
    const id = moveToSamePlace();
    if (opened && id) openCase(id, 'replace');
  });
}

function subject(): string[] {
  const ids = subjects();
  const opened = openedCase();
  return ids.length > 0 || !opened ? ids : [opened];
}

export function assignToMe(): void {
  void changeCases(subject(), { owner: 'me' });
  afterwards();
}

export function begin(): void {
  void changeCases(subject(), { state: 'in_progress', owner: 'me' });
  afterwards();
}

const anchorOf = (button: Element | null): Element | null => button ?? document.querySelector('.row-cursor .row-title a') ?? document.querySelector('.case-actions');

// Those whose names are on the loaded rows: a case goes to one of them more often than to anybody else.
function owners(): string[] {
  const names = new Set<string>();
  for (const id of rows.peek().slice(0, 300)) {
    const owner = caseOf(id)?.peek().owner;
    if (owner) names.add(owner);
  }
  return [...names].sort().slice(0, 7);
}

export const openSnooze = (button: Element | null = null): void => openSnoozeMenu(subject(), anchorOf(button), afterwards);
export const openAssign = (button: Element | null = null): void => openAssignMenu(subject(), anchorOf(button), owners(), afterwards);
export const openVerdict = (): void => askVerdict(subject(), afterwards);
