// Light, dark, or as the system says. Remembered in this browser.
import { signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
const themes: readonly Theme[] = ['system', 'light', 'dark'];
const key = 'winnow.theme';

const stored = (): Theme => {
  const text = localStorage.getItem(key);
  return themes.find((theme) => theme === text) ?? 'system';
};

export const theme = signal<Theme>(stored());

// Counts the changes of what is on screen: charts, which cannot use CSS variables, are drawn anew.
export const paint = signal(0);

export function applyTheme(): void {
  const root = document.documentElement;
  if (theme.peek() === 'system') root.removeAttribute('data-theme');
  else root.setAttribute('data-theme', theme.peek());
  paint.value++;
}

export function nextTheme(): void {
  theme.value = themes[(themes.indexOf(theme.peek()) + 1) % themes.length] ?? 'system';
  if (theme.peek() === 'system') localStorage.removeItem(key);
  else localStorage.setItem(key, theme.peek());
  applyTheme();
}

export function watchSystemTheme(): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => paint.value++);
}
