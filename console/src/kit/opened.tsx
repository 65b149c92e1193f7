// A list, and beside it what one opened of it. The address names what is opened, so that a link can be shared.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { goQuery, query } from '../shell/location';
import { type Shortcut, useShortcuts } from '../shell/shortcuts';
import { Icon } from './icon';

// j and k step through what is listed, Escape closes what is opened; `noun` is the word for it, and its place in the address.
export function useSteps(page: string, noun: string, keys: () => string[], more: Shortcut[] = []): void {
  const step = (by: number) => {
    const all = keys();
    const at = all.indexOf(query.peek().get(noun) ?? '');
    const to = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))];
    if (to !== undefined) goQuery({ [noun]: to });
  };
  useShortcuts(page, [
    { keys: 'j', says: `Next ${noun}`, run: () => step(1) },
    { keys: 'k', says: `Previous ${noun}`, run: () => step(-1) },
    { keys: 'Escape', says: `Close the ${noun}`, run: () => goQuery({ [noun]: null }) },
    ...more,
  ]);
}

interface ListedProps {
  noun: string; // its columns are `NOUN-button` in style/
  id: string;
  current: boolean; // it is opened
  title?: string;
  children: ComponentChildren;
}

export function Listed({ noun, id, current, title, children }: ListedProps) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current) row.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <li ref={row} class={`listed ${current ? 'listed-current' : ''}`}>
      <button class={`listed-button ${noun}-button`} aria-expanded={current} title={title} onClick={() => goQuery({ [noun]: current ? null : id })}>
        {children}
      </button>
    </li>
  );
}

interface OpenedProps {
  noun: string;
  label: string;
  title: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}

export function Opened({ noun, label, title, actions, children }: OpenedProps) {
  return (
    <aside class={`opened ${noun}-opened`} aria-label={label}>
      <header class="section-head">
        <h2>{title}</h2>
        <span class="stretch" />
        {actions}
        <button class="button button-icon" aria-label="Close" onClick={() => goQuery({ [noun]: null })}><Icon name="close" /></button>
      </header>
      {children}
    </aside>
  );
}
