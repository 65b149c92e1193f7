import { expect, test } from 'vitest';
import type { HistoryEntry } from '../../src/api/contract';
import { linesOf } from '../../src/cases/history_lines';

const at = '2026-11-22T17:04:16Z';
const entry = (what: HistoryEntry['what'], detail: string, actor = 'winnow'): HistoryEntry => ({ at, actor, what, detail });

test('findings that join one after the other are one line, without their ids', () => {
  const lines = linesOf([
    entry('joined', 'd-35ab0b971959: the same text'),
    entry('joined', 'd-619725b6f2be: links to pay.example'),
    entry('joined', 'd-719725b6f2be: the same text'),
    entry('note', 'd-7: asked the user', 'ann'),
    entry('joined', 'd-819725b6f2be: the same text'),
    entry('opened', 'by d-616cd6143329'),
  ]);
  expect(lines.map(({ actor, did, details }) => [actor, did, ...details])).toEqual([
    ['', '3 more findings joined', 'the same text', 'links to pay.example'],
    ['ann', 'wrote', 'd-7: asked the user'],
    ['', 'Another finding joined', 'the same text'],
    ['', 'Opened'],
  ]);
});

test('what somebody did keeps the name, whatever it is', () => {
  expect(linesOf([entry('state', 'Set to in progress')])[0]).toMatchObject({ actor: 'winnow', did: 'changed the state' });
  expect(linesOf([entry('joined', 'd-619725b6f2be: by hand', 'ann')])[0]).toMatchObject({ actor: 'ann', did: 'added a finding' });
});
