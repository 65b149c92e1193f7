// The keyboard: views offer shortcuts while they are shown, the newest offer wins, the help sheet lists what is offered.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

export interface Shortcut {
  keys: string; // "j", "Shift+X", "g q", "Ctrl+Enter", "Escape"
  says: string; // for the help sheet; empty: not listed
  run: (event: KeyboardEvent) => void;
}

export interface Offer {
  group: string;
  shortcuts: Shortcut[];
}

export const offers = signal<readonly { current: Offer }[]>([]);

export function useShortcuts(group: string, shortcuts: Shortcut[]): void {
  const offer = useRef<Offer>({ group, shortcuts });
  offer.current = { group, shortcuts };
  useEffect(() => {
    offers.value = [...offers.peek(), offer];
    return () => {
      offers.value = offers.peek().filter((other) => other !== offer);
    };
  }, []);
}

// "Shift+X" for a letter, as it is for Enter or an arrow; "?" and "/" are what the layout makes of them.
export function keyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const named = event.key.length > 1;
  const letter = /^\p{L}$/u.test(event.key);
  const shift = event.shiftKey && (named || letter) ? 'Shift+' : '';
  const control = event.ctrlKey || event.metaKey ? 'Ctrl+' : '';
  const alt = event.altKey ? 'Alt+' : '';
  const key = event.key === ' ' ? 'Space' : letter ? (event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase()) : event.key;
  return control + alt + shift + key;
}

const sequenceMs = 1_200;
let prefix = '';
let prefixTimer: ReturnType<typeof setTimeout> | undefined;

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement && target.type === 'checkbox') return false; // nothing is typed into it
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function find(keys: string): Shortcut | undefined {
  for (const offer of offers.peek().toReversed()) {
    const found = offer.current.shortcuts.find((shortcut) => shortcut.keys === keys);
    if (found) return found;
  }
  return undefined;
}

function handle(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const key = keyName(event);
  if (isTyping(event.target)) return; // fields handle their own keys
  if (document.querySelector('dialog[open], [popover]:popover-open')) return; // so do dialogs and menus
  // Enter and Space on a focused control are that control's.
  if ((key === 'Enter' || key === 'Space') && (event.target as Element).closest?.('button, a, summary, input')) return;
  // Where the reader is inside something that scrolls, these keys scroll it.
  if (/^(Arrow|Page|Home|End)/.test(event.key) && (event.target as Element).closest?.('[data-scrolls]')) return;

  const keys = prefix ? `${prefix} ${key}` : key;
  clearTimeout(prefixTimer);
  prefix = '';
  const shortcut = find(keys);
  if (shortcut) {
    event.preventDefault();
    shortcut.run(event);
    return;
  }
  const begins = offers.peek().some((offer) => offer.current.shortcuts.some((one) => one.keys.startsWith(`${key} `)));
  if (begins) {
    prefix = key;
    prefixTimer = setTimeout(() => (prefix = ''), sequenceMs);
  }
}

export function listenToKeyboard(): void {
  addEventListener('keydown', handle);
}
