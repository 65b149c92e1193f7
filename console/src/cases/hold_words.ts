// What a legal hold keeps, in words, beside a case that it is about.
import type { HoldScope } from '../api/contract';
import { dateTime } from '../words/time';

function arrivalWords({ from, until }: HoldScope): string {
  if (from && until) return ` that came between ${dateTime(from)} and ${dateTime(until)}`;
  if (from) return ` that came since ${dateTime(from)}`;
  return until ? ` that came before ${dateTime(until)}` : '';
}

// Holds of other cases are not shown beside this one: a scope with a case means this one. Elsewhere it is named beside these words.
export const scopeWords = (scope: HoldScope, itsCase = 'this case'): string =>
  `mail${scope.mailbox ? ` from or to ${scope.mailbox}` : ''}${scope.case ? ` of ${itsCase}` : ''}${arrivalWords(scope)}`;
