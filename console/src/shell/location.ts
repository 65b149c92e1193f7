// Where in the console the person is: the address bar as signals, so that a link can be shared and Back works.
import { computed, signal } from '@preact/signals';

export const path = signal(window.location.pathname);
const search = signal(window.location.search);
export const query = computed(() => new URLSearchParams(search.value));

function read(): void {
  path.value = window.location.pathname;
  search.value = window.location.search;
}

export function go(to: string, how: 'push' | 'replace' = 'push'): void {
  const target = new URL(to, window.location.origin);
  if (target.pathname + target.search === window.location.pathname + window.location.search) return;
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', target.pathname + target.search);
  read();
}

// Keeps the path, changes some of the query; null removes.
export function goQuery(changes: Record<string, string | null>, how: 'push' | 'replace' = 'replace'): void {
  const next = new URLSearchParams(search.peek());
  for (const [name, value] of Object.entries(changes)) value === null ? next.delete(name) : next.set(name, value);
  const text = next.toString();
  go(path.peek() + (text ? `?${text}` : ''), how);
}

// A part of the path as text; one that is not well encoded, which anybody can type, stays as it is.
export function decoded(part: string | undefined): string | null {
  try {
    return part ? decodeURIComponent(part) : null;
  } catch {
    return part ?? null;
  }
}

// The part of the path with that number, counted from 0: of "/models/r-1" part 1 is "r-1".
export const pathPart = (number: number): string => decoded(path.value.split('/')[number + 1]) ?? '';

// "/queue/c-1" in front of the current query.
export const withQuery = (to: string): string => to + search.value;

// Links within the console are followed without a reload; modified clicks, and links to the server, stay the browser's.
export function followLinks(): void {
  addEventListener('popstate', read);
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const anchor = (event.target as Element).closest?.('a[href^="/"]');
    if (!anchor || anchor.hasAttribute('download') || anchor.getAttribute('href')?.startsWith('/v1/')) return;
    event.preventDefault();
    go(anchor.getAttribute('href') ?? '/');
  });
}
