// How far the entity states are that a promoted bundle waits for, in words.
import type { Filling } from '../api/contract';
import { count } from '../words/number';

export function fillingWords({ events, of, problem }: Pick<Filling, 'events' | 'of' | 'problem'>): string {
  if (of > 0) return `${count(events)} of ${count(of)} events`;
  return problem ? 'to be tried again' : 'not begun';
}
