// Short messages about what was done, with a way back where there is one.
import { signal } from '@preact/signals';
import { asProblem } from '../api/problem';
import { Icon } from '../kit/icon';
import { Key } from '../kit/key';
import { useShortcuts } from './shortcuts';

interface Toast {
  number: number;
  kind: 'done' | 'failed';
  text: string;
  hint: string;
  undo: (() => void) | undefined;
}

const toasts = signal<readonly Toast[]>([]);
const shownMs = 6_000;
const failedShownMs = 12_000;
const most = 3;
let count = 0;

function dismiss(number: number): void {
  toasts.value = toasts.peek().filter((toast) => toast.number !== number);
}

function show(kind: Toast['kind'], text: string, hint: string, undo?: () => void): void {
  const number = ++count;
  toasts.value = [...toasts.peek().slice(1 - most), { number, kind, text, hint, undo }];
  setTimeout(() => dismiss(number), kind === 'done' ? shownMs : failedShownMs);
}

export const tellDone = (text: string, undo?: () => void): void => show('done', text, '', undo);

export function tellProblem(what: string, error: unknown): void {
  const problem = asProblem(error);
  show('failed', `${what}: ${problem.detail}`, problem.hint);
}

function undoLast(): void {
  const last = toasts.peek().findLast((toast) => toast.undo);
  if (!last) return;
  dismiss(last.number);
  last.undo?.();
}

export function Toasts() {
  useShortcuts('Everywhere', [{ keys: 'u', says: 'Undo what was just done', run: undoLast }]);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.number} class={`toast toast-${toast.kind}`}>
          <Icon name={toast.kind === 'done' ? 'check' : 'warning'} />
          <div class="toast-text">
            <span>{toast.text}</span>
            {toast.hint && <span class="toast-hint">{toast.hint}</span>}
          </div>
          {toast.undo && (
            <button class="button button-quiet" onClick={undoLast}>
              Undo <Key keys="u" />
            </button>
          )}
          <button class="button button-icon" aria-label="Dismiss" onClick={() => dismiss(toast.number)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
