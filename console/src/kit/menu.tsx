// A short list of choices above the page, for mouse and keyboard: arrows, digits, Enter, Escape.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Key } from './key';

export interface Choice {
  label: string;
  note?: string;
  run: () => void;
}

interface OpenMenu {
  title: string;
  choices: Choice[];
  below: DOMRect;
  extra: ComponentChildren;
}

const current = signal<OpenMenu | null>(null);

// Opens below `anchor`; without one in the middle of the window.
export function openMenu(title: string, choices: Choice[], anchor: Element | null, extra: ComponentChildren = null): void {
  const below = anchor?.getBoundingClientRect() ?? new DOMRect(innerWidth / 2 - 120, innerHeight / 3, 0, 0);
  current.value = { title, choices, below, extra };
}

export const closeMenu = (): void => {
  current.value = null;
};

export function Menu() {
  const menu = current.value;
  return menu ? <MenuList key={menu.title} {...menu} /> : null;
}

function MenuList({ title, choices, below, extra }: OpenMenu) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const list = element.current;
    if (!list) return;
    const before = document.activeElement;
    list.showPopover();
    const { width, height } = list.getBoundingClientRect();
    const fitsBelow = below.bottom + 4 + height < innerHeight - 8;
    list.style.left = `${Math.max(8, Math.min(below.left, innerWidth - width - 8))}px`;
    list.style.top = `${fitsBelow ? below.bottom + 4 : Math.max(8, below.top - height - 4)}px`;
    list.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const toggled = (event: Event) => {
      if ((event as ToggleEvent).newState === 'closed') closeMenu();
    };
    list.addEventListener('toggle', toggled);
    return () => {
      list.removeEventListener('toggle', toggled);
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const choose = (choice: Choice) => {
    closeMenu();
    choice.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement) return;
    const items = [...(element.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const step = event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' || event.key === 'k' ? -1 : 0;
    const digit = choices[Number(event.key) - 1];
    if (step) items[(at + step + items.length) % items.length]?.focus();
    else if (digit) choose(digit);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={element} popover="auto" class="menu" role="dialog" aria-label={title} onKeyDown={onKeyDown}>
      <p class="menu-title" aria-hidden="true">{title}</p>
      <div role="menu" aria-label={title}>
        {choices.map((choice, index) => (
          <button key={choice.label} type="button" role="menuitem" class="menu-item" onClick={() => choose(choice)}>
            <span>{choice.label}</span>
            {choice.note && <small>{choice.note}</small>}
            {index < 9 && <Key keys={String(index + 1)} />}
          </button>
        ))}
      </div>
      {extra}
    </div>
  );
}
