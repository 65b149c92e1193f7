import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../src/style');

// Of rules that hold everywhere, not only in a window of some size.
function selectorsOf(css: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let text = '';
  for (const c of css.replace(/\/\*.*?\*\//gs, '')) {
    if (c === '{') {
      if (depth++ === 0) found.push(...text.split(',').map((selector) => selector.trim()));
      text = '';
    } else if (c === '}') {
      --depth;
      text = '';
    } else {
      text += c;
    }
  }
  return found.filter((selector) => selector !== '' && !selector.startsWith('@'));
}

// Pages bring their files with them: a class of two files looks as the page does that was opened last.
test('a class is styled by one file', () => {
  const files = new Map<string, Set<string>>();
  for (const file of readdirSync(folder)) {
    for (const selector of selectorsOf(readFileSync(join(folder, file), 'utf8'))) files.set(selector, (files.get(selector) ?? new Set()).add(file));
  }
  expect(files.size).toBeGreaterThan(300);
  expect([...files].filter(([selector, its]) => /^\.[\w-]+$/.test(selector) && its.size > 1)).toEqual([]);
});
