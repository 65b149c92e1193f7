// Which row the keyboard is on and which rows are selected. Both by id: rows may come and go around them.
import { batch, computed, signal } from '@preact/signals';
import { rows } from './queue';

export const cursor = signal<string | null>(null);
export const selected = signal<ReadonlySet<string>>(new Set());
let anchor: string | null = null;
let lastIndex = 0;

// Where the cursor's row is, or was before it left: the next row then has its place.
export const cursorIndex = computed(() => {
  const at = cursor.value === null ? -1 : rows.value.indexOf(cursor.value);
  if (at >= 0) lastIndex = at;
  return at;
});

export function moveTo(index: number): string | null {
  const id = rows.peek()[Math.max(0, Math.min(index, rows.peek().length - 1))] ?? null;
  cursor.value = id;
  return id;
}

export function move(step: number): string | null {
  const at = cursorIndex.peek();
  if (at >= 0) return moveTo(at + step);
  return moveTo(cursor.peek() === null ? 0 : lastIndex);
}

// After the cursor's row left the list.
export const moveToSamePlace = (): string | null => (cursorIndex.peek() >= 0 ? cursor.peek() : moveTo(lastIndex));

export function toggle(id: string): void {
  const next = new Set(selected.peek());
  next.has(id) ? next.delete(id) : next.add(id);
  selected.value = next;
  anchor = id;
}

// Everything between the last toggled row and this one.
export function selectRange(id: string): void {
  const from = rows.peek().indexOf(anchor ?? cursor.peek() ?? id);
  const to = rows.peek().indexOf(id);
  if (from < 0 || to < 0) return toggle(id);
  selected.value = new Set([...selected.peek(), ...rows.peek().slice(Math.min(from, to), Math.max(from, to) + 1)]);
}

export function selectLoaded(): void {
  selected.value = new Set(rows.peek());
}

export function clearSelection(): void {
  batch(() => {
    selected.value = new Set();
    anchor = null;
  });
}

// What an action is about: the selection, else the row under the cursor.
export function subjects(): string[] {
  if (selected.peek().size > 0) return [...selected.peek()];
  return cursor.peek() === null ? [] : [cursor.peek() as string];
}
