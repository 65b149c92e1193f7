import { expect, test } from 'vitest';
import { keyName } from '../../src/shell/shortcuts';

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) =>
  keyName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

test.each([
  [press('j'), 'j'],
  [press('J'), 'j'], // caps lock is no shift
  [press('X', { shiftKey: true }), 'Shift+X'],
  [press('?', { shiftKey: true }), '?'], // where ? is depends on the layout
  [press('/'), '/'],
  [press('Enter', { ctrlKey: true }), 'Ctrl+Enter'],
  [press('Enter', { metaKey: true }), 'Ctrl+Enter'],
  [press(' '), 'Space'],
  [press('ArrowDown', { shiftKey: true }), 'Shift+ArrowDown'],
  [press('é'), 'é'],
])('%s', (name, expected) => expect(name).toBe(expected));
