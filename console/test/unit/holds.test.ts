import { expect, test } from 'vitest';
import { scopeWords } from '../../src/cases/hold_words';
import { dateTime } from '../../src/words/time';

const any = { case: null, mailbox: null, from: null, until: null };
const from = '2026-02-01T00:00:00Z';
const until = '2026-03-01T00:00:00Z';

test.each([
  [{ ...any, case: 'c-1' }, 'mail of this case'],
  [{ ...any, mailbox: 'ann@soc.example' }, 'mail from or to ann@soc.example'],
  [{ ...any, from }, `mail that came since ${dateTime(from)}`],
  [{ ...any, until }, `mail that came before ${dateTime(until)}`],
  [{ case: 'c-1', mailbox: 'ann@soc.example', from, until }, `mail from or to ann@soc.example of this case that came between ${dateTime(from)} and ${dateTime(until)}`],
])('what a hold keeps: %o', (scope, words) => expect(scopeWords(scope)).toBe(words));
