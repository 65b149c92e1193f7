// What of a case is shown first, and how long names are told.
import { describe, expect, test } from 'vitest';
import type { Case, CaseSummary, HistoryEntry } from '../../src/api/contract';
import { firstToShow } from '../../src/cases/first_finding';
import { joinsUntold } from '../../src/cases/history_lines';
import { entitiesOf, worthOfSender } from '../../src/queue/row_about';
import { shortName, withoutArns } from '../../src/words/short_name';

describe('the finding that is shown first', () => {
  const finding = (id: string, route: string) => ({ id, route });
  const first = (route: string, ...list: { id: string; route: string }[]) => firstToShow({ route, finding_list: list } as unknown as Case);
  test.each([
    ['is the rarest of those as urgent as the case', 'escalate', [finding('d-1', 'queue'), finding('d-2', 'escalate'), finding('d-3', 'escalate')], 'd-2'],
    ['is the rarest where all are alike', 'queue', [finding('d-1', 'queue'), finding('d-2', 'queue')], 'd-1'],
    ['is the rarest where the urgent one is further down than the list goes', 'escalate', [finding('d-1', 'queue')], 'd-1'],
    ['is none of a case without findings', 'queue', [], null],
  ])('%s', (_, route, list, shown) => expect(first(route, ...list)).toBe(shown));
});

test('findings that joined and are not listed are counted', () => {
  const joined = Array.from({ length: 50 }, () => ({ what: 'joined' })) as HistoryEntry[];
  expect(joinsUntold([...joined, { what: 'note' } as HistoryEntry], 9_012)).toBe(8_961);
  expect(joinsUntold(joined, 51)).toBe(0);
  expect(joinsUntold([], 3)).toBe(0);
});

describe('names', () => {
  test.each([
    ['arn:aws:sts::111122223333:assumed-role/administrator/ana@halvenmoor.example', 'assumed-role/administrator/ana@halvenmoor.example'],
    ['arn:aws:iam::111122223333:root', 'root'],
    ['arn:aws:', 'arn:aws:'],
    ['a14f3925bb337061278bf59fd1c12059525f24ce87d5fbc15b0812269951e89b', 'a14f3925bb33…'],
    ['ws-0011.halvenmoor.example', 'ws-0011.halvenmoor.example'],
    ['deadbeef', 'deadbeef'],
  ])('%s is told as %s', (name, short) => expect(shortName(name)).toBe(short));
  test('what stands before a resource is left out of sentences', () =>
    expect(withoutArns('eu-west-1 in 1 of 1 events of arn:aws:sts::111122223333:assumed-role/x/ana')).toBe('eu-west-1 in 1 of 1 events of assumed-role/x/ana'));
});

test('who acted is named once, with what they are worth', () => {
  const one = {
    sender: 'jean',
    entities: [{ kind: 'host', key: 'ws-1', criticality: 'critical' }, { kind: 'user', key: 'jean', criticality: 'high' }, { kind: 'file_hash', key: 'ab', criticality: '' }],
  } as unknown as CaseSummary;
  expect(entitiesOf(one).map(({ key }) => key)).toEqual(['ws-1']);
  expect(worthOfSender(one)).toBe('high');
  expect(worthOfSender({ ...one, sender: 'x' })).toBe('');
});
