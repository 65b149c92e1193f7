import { describe, expect, test } from 'vitest';
import type { CaseSummary, FindingSummary } from '../../src/api/contract';
import { problemOf } from '../../src/api/problem';
import type { Filter } from '../../src/queue/filter';
import { stack } from '../../src/status/stack';

// What reads the address when it is loaded is loaded with one.
Object.assign(globalThis, {
  window: { location: { pathname: '/queue', search: '' } },
  localStorage: { getItem: () => null },
});
const { belongs } = await import('../../src/queue/filter');
const { reverse } = await import('../../src/cases/actions');
const { scopesOf } = await import('../../src/cases/verdict_dialog');
const { withPage } = await import('../../src/cases/case_findings');
const { remember, caseOf, showChange, forgetAllBut } = await import('../../src/cases/known_cases');

const summary = (changes: Partial<CaseSummary> = {}): CaseSummary => ({
  id: 'c-1', version: 3, domains: ['mail'], title: 't', state: 'new', severity: 'high', urgency: 0.5, findings: 1, sender: 'a@b.example', recipients: [], recipient_count: 1,
  probability: 0.9, route: 'queue', owner: null, opened_at: '', updated_at: 'then', last_finding_at: '', due_at: null, overdue: false, snoozed_until: null,
  grouped_by: '', reasons: [], techniques: [], verdict: null, ...changes,
});
const filter = (changes: Partial<Filter> = {}): Filter => ({ state: 'open', owner: '', severity: '', domain: '', q: '', sort: 'urgency', ...changes });

describe('whether a case stays on the list', () => {
  test.each([
    [{}, {}, true],
    [{ state: 'in_progress' }, {}, true],
    [{ state: 'resolved' }, {}, false],
    [{ state: 'resolved' }, { state: 'all' }, true],
    [{ owner: 'ann' }, { owner: 'me' }, true],
    [{ owner: 'ben' }, { owner: 'me' }, false],
    [{ owner: 'ann' }, { owner: 'nobody' }, false],
    [{ severity: 'low' }, { severity: 'high' }, false],
    [{}, { domain: 'mail' }, true],
    [{ domains: ['network', 'alerts'] }, { domain: 'alerts' }, true],
    [{ domains: ['network', 'alerts'] }, { domain: 'mail' }, false],
    [{}, { q: 'only the server knows' }, true],
  ] as [Partial<CaseSummary>, Partial<Filter>, boolean][])('%j under %j: %s', (one, wanted, expected) =>
    expect(belongs(summary(one), filter(wanted), 'ann')).toBe(expected),
  );
});

describe('what a benign positive may keep quiet', () => {
  const kinds = (one: Partial<CaseSummary>, widely: boolean) => scopesOf(summary(one), widely).map(({ scope, allowed }) => `${scope?.kind ?? 'nothing'}${allowed ? '' : '?'}`);
  test.each([
    [{}, true, ['nothing', 'sender', 'sender_domain', 'campaign']],
    [{}, false, ['nothing', 'sender', 'sender_domain?', 'campaign?']],
    [{ sender: '' }, true, ['nothing', 'campaign']],
    [{ domains: ['endpoint'], sender: 'system' }, true, ['nothing', 'campaign']],
    [{ domains: ['cloud'], sender: 'arn:aws:sts::1:assumed-role/a/ann@soc.example' }, true, ['nothing', 'campaign']],
    [{ domains: ['mail', 'cloud'] }, false, ['nothing', 'campaign?']],
  ] as [Partial<CaseSummary>, boolean, string[]][])('%j, widely %s', (one, widely, expected) => expect(kinds(one, widely)).toEqual(expected));

  test('of no case that is not known', () => expect(scopesOf(undefined, true)).toEqual([]));
});

describe('pages of findings', () => {
  const page = (...ids: string[]) => ids.map((id) => ({ id }) as FindingSummary);
  const ids = (list: readonly (FindingSummary | undefined)[]) => list.map((one) => one?.id ?? '-').join('');
  test('stand where they belong, whichever comes first', () => {
    const third = withPage(page('a', 'b'), 4, page('e', 'f'));
    expect(ids(third)).toBe('ab--ef');
    expect(ids(withPage(third, 2, page('c', 'd')))).toBe('abcdef');
    expect(ids(withPage(third, 6, []))).toBe('ab--ef');
  });
});

describe('undo', () => {
  test.each([
    [{ owner: 'me' }, summary({ owner: 'ben' }), { owner: 'ben' }],
    [{ snoozed_until: 'later' }, summary({ state: 'in_progress' }), { state: 'in_progress' }],
    [{ state: 'in_progress' }, summary({ state: 'snoozed', snoozed_until: 'later' }), { snoozed_until: 'later' }],
    [{ state: 'in_progress', owner: 'me' }, summary(), { owner: null, state: 'new' }],
    ['verdict', summary({ state: 'in_progress', owner: 'ben' }), { state: 'in_progress' }],
  ] as [Parameters<typeof reverse>[0], CaseSummary, object][])('%j leads back by the right change', (change, before, back) =>
    expect(reverse(change, before)).toEqual(back),
  );
});

describe('what is known of a case', () => {
  test('an older answer never replaces a newer one', () => {
    forgetAllBut(new Set());
    remember(summary({ version: 5, owner: 'ann' }));
    remember(summary({ version: 4, owner: 'ben' }));
    expect(caseOf('c-1')?.peek().owner).toBe('ann');
  });
  test('a change shows at once, outlasts an answer from before it, and goes back when refused', () => {
    forgetAllBut(new Set());
    remember(summary());
    const settle = showChange('c-1', { owner: 'ann' });
    expect(caseOf('c-1')?.peek().owner).toBe('ann');
    remember(summary({ updated_at: 'read before' }));
    expect(caseOf('c-1')?.peek().owner).toBe('ann');
    settle('wrong');
    expect(caseOf('c-1')?.peek().owner).toBeNull();
  });
  test('a refused change does not take back what someone else did meanwhile', () => {
    forgetAllBut(new Set());
    remember(summary());
    const settle = showChange('c-1', { owner: 'ann' });
    remember(summary({ version: 4, owner: 'ben' }));
    settle('wrong');
    expect(caseOf('c-1')?.peek().owner).toBe('ben');
  });
});

describe('problems', () => {
  test('say what the server said', () => {
    const problem = problemOf(404, 'application/problem+json', '{"status":404,"detail":"there is no case","hint":"look again"}');
    expect([problem.detail, problem.hint]).toEqual(['there is no case', 'look again']);
  });
  test.each([
    ['text/html', '<h1>Bad gateway</h1>'],
    ['application/problem+json', 'not json'],
  ])('of a proxy (%s) do not show its text', (type, body) => expect(problemOf(502, type, body).detail).toBe('the server answered with status 502'));
});

test('stacked routes add up, and a minute a route missed counts as nothing', () => {
  const made = stack(
    {
      decided: [],
      by_route: { close: [['2026-01-01T00:00:00Z', 5], ['2026-01-01T00:01:00Z', 7]], escalate: [['2026-01-01T00:01:00Z', 2]] },
    },
    Date.parse('2026-01-01T00:02:00Z'),
  );
  expect(made.values.get('escalate')).toEqual([0, 2]);
  expect(made.tops.get('close')).toEqual([5, 9]);
});

test('the minute that is not over is not shown: half of it would look like a fall', () => {
  const series = { decided: [], by_route: { close: [['2026-01-01T00:00:00Z', 5], ['2026-01-01T00:01:00Z', 3]] as [string, number][] } };
  expect(stack(series, Date.parse('2026-01-01T00:01:59Z')).values.get('close')).toEqual([5]);
  expect(stack(series, Date.parse('2026-01-01T00:02:00Z')).values.get('close')).toEqual([5, 3]);
});
